"""Rules for definitions themselves: keys, choices of lists, conditions, order."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from zaguan.lib.attributes.definition import Definition, Format, Option
from zaguan.lib.attributes.values import MOST_CHOICES, NotFitting, stored_form
from zaguan.lib.errors import Refused
from zaguan.lib.folding import fold

MOST_ATTRIBUTES = 500
# Others can hang a question on these.
DECIDING = (Format.LIST, Format.BOOLEAN)
_KEY = re.compile(r"[a-z][a-z0-9-]{0,39}")
CHANGEABLE = frozenset(
    ("name", "names", "hint", "hints", "many", "options", "is_public", "needed_from_agent",
     "needed_from_customer", "needed_to_resolve", "depends_on", "depends_values")
)  # fmt: skip


def slug(name: str) -> str:
    """A name as a key: "Número de serie" is numero-de-serie."""
    made = re.sub(r"[^a-z0-9]+", "-", fold(name)).strip("-")[:36].strip("-")
    return made if made[:1].isalpha() else f"a-{made}".strip("-")


def free_key(name: str, taken: Iterable[str]) -> str:
    """The key for a new name among those that are taken."""
    wanted, used, number = slug(name), set(taken), 1
    key = wanted
    while key in used:
        number += 1
        key = f"{wanted}-{number}"
    return key


def chosen_key(key: str, taken: Iterable[str]) -> str:
    """A key that was asked for; raises Refused when it is malformed or taken."""
    if not _KEY.fullmatch(key):
        raise Refused(
            _("A key has small letters, digits and hyphens, and begins with a letter."), field="key"
        )
    if key in set(taken):
        raise Refused(_("“%(key)s” is taken.") % {"key": key}, field="key")
    return key


def fill(definition: Definition, siblings: Sequence[Definition], values: Mapping[str, Any]) -> dict[str, Any]:
    """Put the new words and rules onto a definition; answers with name → [old, new]. Raises Refused."""
    unknown = set(values) - CHANGEABLE
    if unknown:
        raise ValueError(f"not parts of a definition: {unknown}")
    given = dict(values)
    if "options" in given:
        given["options"] = merged(definition.options, given["options"])
    changes = {
        k: [_plain(getattr(definition, k)), _plain(v)]
        for k, v in given.items()
        if getattr(definition, k) != v
    }
    if definition.pk and "many" in changes and definition.many:
        raise Refused(_("It holds several already: that can no longer change."), field="many")
    for name, value in given.items():
        setattr(definition, name, value)
    check(definition, siblings)
    return changes


def _plain(value: Any) -> Any:
    return value.key if isinstance(value, Definition) else value


def check(definition: Definition, siblings: Sequence[Definition]) -> None:
    """Raise Refused for a definition that makes no sense."""
    if not definition.name.strip():
        raise Refused(_("Give it a name."), field="name")
    if definition.format == Format.LIST and not any(not o["retired"] for o in definition.options):
        raise Refused(_("A list needs at least one choice."), field="options")
    if definition.needed_from_customer and not definition.is_public:
        raise Refused(
            _("What the customer must fill in has to be visible to the customer."),
            field="needed_from_customer",
        )
    if definition.depends_on is not None:
        _check_condition(definition, siblings)
    elif definition.depends_values:
        definition.depends_values = []


def _check_condition(definition: Definition, siblings: Sequence[Definition]) -> None:
    above = definition.depends_on
    assert above is not None
    before = [s.pk for s in siblings]
    if definition.pk in before:
        before = before[: before.index(definition.pk)]
    if above.pk not in before or above.format not in DECIDING or above.archived_at is not None:
        raise Refused(
            _("Choose a list or a yes-or-no attribute that stands above this one."), field="depends_on"
        )
    try:
        definition.depends_values = [_of_choice(above, one) for one in definition.depends_values]
    except NotFitting as error:
        raise Refused(str(error), field="depends_values") from None


def _of_choice(above: Definition, given: Any) -> Any:
    stored = stored_form(above, given, kept=given)
    return stored[0] if isinstance(stored, list) else stored


def merged(old: Sequence[Option], given: Sequence[Mapping[str, Any]]) -> list[Option]:
    """The choices in their new order and words. One that is left out is retired, since tickets may hold it."""
    if len(given) > MOST_CHOICES:
        raise Refused(_("A list may have up to %(most)d choices.") % {"most": MOST_CHOICES}, field="options")
    known = {option["key"]: option for option in old}
    by_name = {option["name"]: option["key"] for option in old}
    made: dict[str, Option] = {}
    for one in given:
        name = str(one.get("name", "")).strip()[:80]
        key = str(one.get("key") or "") or by_name.get(name, "")
        if not name:
            raise Refused(_("Each choice needs a name."), field="options")
        if key not in known or key in made:
            key = free_key(name, {*known, *made})
        before = known[key]["names"] if key in known else {}
        names = {code: str(text)[:80] for code, text in dict(one.get("names") or before).items() if text}
        made[key] = {"key": key, "name": name, "names": names, "retired": bool(one.get("retired", False))}
    for key, option in known.items():
        if key not in made:
            made[key] = {**option, "retired": True}
    return list(made.values())


def ordered(rows: Sequence[Definition], ids: Sequence[int]) -> list[Definition]:
    """The rows in the wanted order, those left out last; raises Refused when a condition would come before its cause."""
    by_id = {row.pk: row for row in rows}
    wanted = [by_id[i] for i in dict.fromkeys(ids) if i in by_id]
    wanted += [row for row in rows if row.pk not in ids]
    place = {row.pk: n for n, row in enumerate(wanted)}
    for row in wanted:
        above: Definition | None = row.depends_on
        if above is not None and above.pk in place and place[above.pk] > place[row.pk]:
            raise Refused(
                _("“%(name)s” is asked because of “%(other)s”, so it stands below it.")
                % {"name": row.label, "other": above.label}
            )
    return wanted


def retire(definition: Definition, siblings: Sequence[Definition], archived: bool) -> None:
    """Ask it no longer, or again; raises Refused while others are asked because of it."""
    depending = [s for s in siblings if s.depends_on_id == definition.pk and s.archived_at is None]  # type: ignore[attr-defined]
    if archived and depending:
        raise Refused(
            _("“%(name)s” is asked because of this one. Change that first.") % {"name": depending[0].label}
        )
    definition.archived_at = timezone.now() if archived else None
