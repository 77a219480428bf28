"""Files in attributes. They are kept by an app above, which says here which there are and to whom they belong."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Protocol

from django.utils.translation import gettext as _

from zaguan.lib.attributes.asking import Values
from zaguan.lib.attributes.definition import Definition, Format
from zaguan.lib.attributes.errors import NotAccepted
from zaguan.tickets.models import Ticket


class Cabinet(Protocol):
    """Where the files are."""

    def names(self, ids: list[str]) -> Mapping[str, str]:
        """Their names by id; what is not there is left out."""

    def may_take(self, ids: list[str], by: Any, ticket: Ticket | None) -> set[str]:
        """Those that `by` has uploaded and that lie nowhere else yet, and those of this ticket."""

    def attach(self, ids: list[str], ticket: Ticket, by: Any) -> None:
        """From now on they belong to this ticket, and are seen by whoever sees it."""


_cabinet: list[Cabinet] = []


def register(cabinet: Cabinet) -> None:
    """Let an app above keep the files."""
    _cabinet[:] = [cabinet]


def _ids(definitions: Iterable[Definition], values: Values) -> list[str]:
    held = (values.get(str(d.pk)) for d in definitions if d.format == Format.FILE)
    return [one for files in held for one in files or ()]


def names(definitions: Iterable[Definition], values: Values) -> Mapping[str, str]:
    """The names of all files that the values speak of."""
    ids = _ids(definitions, values)
    return _cabinet[0].names(ids) if ids and _cabinet else {}


def refuse_foreign(
    definitions: Iterable[Definition], after: Values, before: Values, *, by: Any, ticket: Ticket | None = None
) -> None:
    """Raise NotAccepted for a file that is new here and that `by` has not uploaded."""
    errors = {}
    for definition in definitions:
        new = [f for f in _ids([definition], after) if f not in _ids([definition], before)]
        if new and not (_cabinet and set(new) <= _cabinet[0].may_take(new, by, ticket)):
            errors[definition.key] = _("This file is not there. Upload it again.")
    if errors:
        raise NotAccepted(errors)


def attach(definitions: Iterable[Definition], values: Values, ticket: Ticket, *, by: Any) -> None:
    """Give the files to the ticket."""
    ids = _ids(definitions, values)
    if ids and _cabinet:
        _cabinet[0].attach(ids, ticket, by)
        # Hanging a file is a change of its own.
        ticket.refresh_from_db(fields=["version"])
