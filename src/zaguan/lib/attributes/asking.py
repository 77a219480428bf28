"""One schema for all doors: which attributes are asked, which are needed, and whether what is given fits."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Literal, TypeVar

from django.utils.translation import gettext as _

from zaguan.lib.attributes.definition import Definition, Format
from zaguan.lib.attributes.errors import NotAccepted
from zaguan.lib.attributes.values import NotFitting, stored_form

D = TypeVar("D", bound=Definition)
Audience = Literal["agent", "customer"]
# By the id of the definition, as text: what a sheet holds.
Values = dict[str, Any]


def is_asked(definition: Definition, values: Mapping[str, Any]) -> bool:
    """Whether its condition holds; one without a condition is always asked."""
    if definition.depends_on_id is None:  # type: ignore[attr-defined]
        return True
    there = values.get(str(definition.depends_on_id))  # type: ignore[attr-defined]
    if there is None:
        return False
    if not definition.depends_values:
        return True
    return any(one in definition.depends_values for one in (there if isinstance(there, list) else [there]))


def asked_now(definitions: Iterable[D], values: Mapping[str, Any]) -> list[D]:
    """Those that are asked with these values: not retired, and the condition of each one above holds too."""
    open_: dict[int, D] = {}
    for definition in definitions:
        above = definition.depends_on_id  # type: ignore[attr-defined]
        if (
            definition.archived_at is None
            and (above is None or above in open_)
            and is_asked(definition, values)
        ):
            open_[definition.pk] = definition
    return list(open_.values())


def is_needed(definition: Definition, audience: Audience) -> bool:
    """Whether whoever creates must fill it in."""
    return definition.needed_from_agent if audience == "agent" else definition.needed_from_customer


def taken(
    definitions: Sequence[D],
    given: Mapping[str, Any],
    *,
    audience: Audience,
    before: Mapping[str, Any] | None = None,
    complete: bool = False,
) -> Values:
    """The values after `given` (by key) came to those `before` (by id); None takes a value away.

    `complete`: everything that is needed must be there, not only what was given. Raises NotAccepted.
    """
    by_key = {d.key: d for d in definitions if d.archived_at is None}
    values, errors = dict(before or {}), dict[str, str]()
    for key, value in given.items():
        definition = by_key.get(key)
        if definition is None or (audience == "customer" and not definition.is_public):
            errors[str(key)] = _("There is no attribute “%(key)s” here.") % {"key": str(key)[:80]}
            continue
        try:
            _put(values, definition, value)
        except NotFitting as error:
            errors[key] = str(error)
    asked = {d.key: d for d in asked_now(definitions, values)}
    for key in given:
        definition = by_key.get(key)
        if (
            definition
            and key not in errors
            and key not in asked
            and values.get(str(definition.pk)) is not None
        ):
            errors[key] = _("“%(name)s” is not asked with these values.") % {"name": definition.label}
    for key, definition in asked.items():
        missing = values.get(str(definition.pk)) is None and is_needed(definition, audience)
        if missing and (complete or key in given) and key not in errors:
            errors[key] = needed(definition)
    if errors:
        raise NotAccepted(errors)
    return values


def _put(values: Values, definition: Definition, given: Any) -> None:
    mark = str(definition.pk)
    stored = stored_form(definition, given, kept=values.get(mark))
    if stored is None:
        values.pop(mark, None)
    else:
        values[mark] = stored


def needed(definition: Definition) -> str:
    """The sentence for a value that is missing."""
    return _("Fill in “%(name)s”.") % {"name": definition.label}


def unfinished(definitions: Iterable[D], values: Mapping[str, Any]) -> list[D]:
    """Those that are needed to resolve, are asked, and are empty."""
    return [
        d for d in asked_now(definitions, values) if d.needed_to_resolve and values.get(str(d.pk)) is None
    ]


def seen_by(definitions: Iterable[D], audience: Audience) -> list[D]:
    """All of them for agents, the public ones for customers; a heading goes with what stands below it."""
    if audience == "agent":
        return list(definitions)
    shown: list[D] = []
    heading: D | None = None
    for definition in definitions:
        if definition.format == Format.SECTION:
            heading = definition
        elif definition.is_public:
            shown += [heading] if heading else []
            shown.append(definition)
            heading = None
    return shown
