"""How types and attributes read in a ticket's history."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from zaguan.events.models import EventRecord
from zaguan.lib.attributes.showing import in_words
from zaguan.tickets import attribute_files, reference
from zaguan.tickets.history_lines import Difference, Line, Names, tells

# A longer text is told by its beginning.
LONGEST = 120


@tells("tickets.TypeChanged")
def _type(row: EventRecord, who: str, names: Names) -> Line:
    before, after = (_name_of(number) for number in row.data["types"])
    values = {"who": who, "old": before, "new": after}
    if row.data["types"][1] is None:
        sentence = _("%(who)s turned the ticket back into a conversation.") % values
    elif row.data["types"][0] is None:
        sentence = _("%(who)s turned the conversation into a ticket: %(new)s.") % values
    else:
        sentence = _("%(who)s changed the type from %(old)s to %(new)s.") % values
    differences = (Difference("type", _("Type"), before, after), *_differences(row))
    return Line(sentence, differences)


@tells("tickets.AttributesChanged")
def _attributes(row: EventRecord, who: str, names: Names) -> Line:
    differences = _differences(row)
    what = ", ".join(f"{d.label}: {d.old or '–'} → {d.new or '–'}" for d in differences)
    return Line(_("%(who)s changed the ticket. %(what)s") % {"who": who, "what": what}, differences)


def _name_of(type_id: int | None) -> str:
    found = reference.types.get(type_id)
    return found.label if found else _("Conversation")


def _differences(row: EventRecord) -> tuple[Difference, ...]:
    known = row.data.get("names", {})
    return tuple(
        Difference("attributes", _label(mark, known), _words(mark, old), _words(mark, new))
        for mark, (old, new) in row.data.get("changes", {}).items()
    )


def _label(mark: str, known: dict[str, str]) -> str:
    found = reference.attributes.get(int(mark))
    return found.label if found else known.get(mark, mark)


def _words(mark: str, value: Any) -> str:
    found = reference.attributes.get(int(mark))
    if found is None:
        return "" if value is None else str(value)[:LONGEST]
    text = in_words(found, value, attribute_files.names([found], {mark: value}))
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"
