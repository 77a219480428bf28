"""What must be filled in before a ticket enters a status, as an administrator has chosen for it (`Status.ways`)."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from operator import attrgetter
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from zaguan.lib.attributes.asking import asked_now, unfinished
from zaguan.lib.attributes.errors import PREFIX
from zaguan.lib.errors import Refused
from zaguan.tickets import reference
from zaguan.tickets.attributes import definitions_of, values_of
from zaguan.tickets.models import Attribute, Phase, Status, Ticket, TimeEntry
from zaguan.tickets.transitions import comes_by_itself

# "attribute:12" stands for the attribute with this id.
ATTRIBUTE = "attribute:"
# What can be asked for besides attributes, in the order of the dialog.
LABELS = {
    "type": gettext_lazy("Type"),
    "category": gettext_lazy("Category"),
    "urgency": gettext_lazy("Urgency"),
    "service": gettext_lazy("Service"),
    "team": gettext_lazy("Team"),
    "assignee": gettext_lazy("Assignee"),
    "tags": gettext_lazy("Tags"),
    "summary": gettext_lazy("Summary"),
    "time": gettext_lazy("Time worked"),
    "reason": gettext_lazy("Reason for the status"),
}
_THERE: dict[str, Callable[[Ticket], Any]] = {
    **{name: attrgetter(f"{name}_id") for name in ("type", "category", "urgency", "service", "team", "assignee")},
    "tags": lambda t: t.tags.exists(),
    "summary": lambda t: t.summary.strip(),
    "time": lambda t: TimeEntry.objects.filter(ticket_id=t.pk).exists(),
}  # fmt: skip


@dataclass(frozen=True)
class Missing:
    """Something that is not filled in: its key here, its name, and the field of forms and the API that takes it."""

    key: str
    label: str
    field: str


def needs_of(status: Status, type_id: int | None) -> list[str]:
    """What this status asks for of every ticket, and besides of tickets of this type."""
    rows = status.ways.get("needs", ())
    wanted = [key for row in rows if row["type"] in (None, type_id) for key in row["fields"]]
    return list(dict.fromkeys(wanted))


def missing_for(ticket: Ticket, status: Status, *, reason: str = "") -> list[Missing]:
    """All that has to be filled in before the ticket can enter: also what its type needs to be resolved, and why."""
    wanted = needs_of(status, ticket.type_id)
    if ticket.team_id is None and status.phase not in (Phase.NEW, Phase.CLOSED):
        wanted.append("team")
    found = _missing(ticket, wanted, reason)
    if status.asks_reason and "reason" not in wanted and not reason.strip():
        found.append(_plain("reason"))
    if ticket.type_id and status.phase in (Phase.RESOLVED, Phase.CLOSED):
        there = {each.key for each in found}
        rest = unfinished(definitions_of(ticket.type_id), values_of(ticket))
        found += [_attribute(d) for d in rest if f"{ATTRIBUTE}{d.pk}" not in there]
    return found


def refuse_missing(ticket: Ticket, status: Status, *, reason: str, by: Any) -> None:
    """Raise Refused with all that is missing, naming the first field; what comes by itself is never held up."""
    if not status.ways or ticket.status_id == status.pk or comes_by_itself(by):
        return
    found = _missing(ticket, needs_of(status, ticket.type_id), reason)
    if found:
        raise Refused(sentence(status, found), field=found[0].field)


def sentence(status: Status, missing: Iterable[Missing]) -> str:
    """What is missing, in words."""
    names = ", ".join(each.label for each in missing)
    return _("For “%(status)s” this is missing: %(fields)s.") % {"status": status.label, "fields": names}


def label_of(key: str) -> str:
    """The name of something that can be asked for; "" for an attribute that is no longer there."""
    if not key.startswith(ATTRIBUTE):
        return str(LABELS.get(key, ""))
    found = reference.attributes.all().get(int(key.removeprefix(ATTRIBUTE)))
    return found.label if found else ""


def _missing(ticket: Ticket, wanted: list[str], reason: str) -> list[Missing]:
    plain = [
        _plain(key)
        for key in LABELS
        if key in wanted and not (reason.strip() if key == "reason" else _THERE[key](ticket))
    ]
    return plain + [_attribute(definition) for definition in _empty(ticket, wanted)]


def _empty(ticket: Ticket, wanted: list[str]) -> list[Attribute]:
    """The attributes among those wanted that are asked with the ticket's values, and hold nothing."""
    ids = {key.removeprefix(ATTRIBUTE) for key in wanted if key.startswith(ATTRIBUTE)}
    definitions = [d for d in definitions_of(ticket.type_id) if ids]
    if not any(str(d.pk) in ids for d in definitions):
        return []
    values = values_of(ticket)
    return [d for d in asked_now(definitions, values) if str(d.pk) in ids and values.get(str(d.pk)) is None]


def _plain(key: str) -> Missing:
    return Missing(key, str(LABELS[key]), "time_minutes" if key == "time" else key)


def _attribute(definition: Attribute) -> Missing:
    return Missing(f"{ATTRIBUTE}{definition.pk}", definition.label, PREFIX + definition.key)
