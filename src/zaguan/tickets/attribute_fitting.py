"""What of given values a type still takes, when nobody is there to be asked about the rest."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from zaguan.lib.attributes.asking import asked_now, is_needed
from zaguan.lib.attributes.errors import NotAccepted
from zaguan.lib.errors import Refused
from zaguan.tickets import reference
from zaguan.tickets.attributes import audience_of, clean, definitions_of, values_for
from zaguan.tickets.categories import refuse_opening
from zaguan.tickets.models import TicketType


@dataclass
class Fit:
    """The values that fit, a sentence for each that does not, with what was given, and what is missing, by name."""

    values: dict[str, Any]
    refused: dict[str, str] = field(default_factory=dict)
    missing: list[str] = field(default_factory=list)


def fitting(kind: TicketType, given: Mapping[str, Any], subject: str, *, by: Any) -> Fit:
    """Never raises: what a type no longer takes is told, and the rest stays."""
    fit, held = Fit(dict(given)), dict[str, Any]()
    while True:
        try:
            held = clean(kind, fit.values, audience_of(by), subject=subject, by=by, complete=False)
            break
        except NotAccepted as refusal:
            wrong = [key for key in refusal.errors if key in fit.values]
            for key in wrong:
                fit.refused[key] = f"{_named(kind, key)}: {fit.values.pop(key)} – {refusal.errors[key]}"
            if not wrong:
                fit.values = {}
    asked = asked_now(definitions_of(kind.pk), held)
    missing = [d for d in asked if is_needed(d, audience_of(by)) and held.get(str(d.pk)) is None]
    fit.missing = [d.label for d in missing]
    return fit


def _named(kind: TicketType, key: str) -> str:
    found = next((d for d in definitions_of(kind.pk) if d.key == key), None)
    return found.label if found else key


def check_planned(values: Mapping[str, Any], subject: str, *, by: Any) -> None:
    """Raise as opening a ticket with this type and these attributes (ids and values as a plan keeps them) would now."""
    kind = reference.types.get(values.get("type"))
    if values.get("type") and kind is None:
        raise Refused(_("This choice is no longer there. Choose another."), field="type")
    given = values.get("attributes") or {}
    refuse_opening(kind, is_internal=bool(values.get("is_internal")), is_asked_for=False)
    if kind is not None or given:
        values_for(kind, given, subject, by=by)
