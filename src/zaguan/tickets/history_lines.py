"""How each event reads in a ticket's history: a sentence, and what it changed from what to what."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from zaguan.events.models import EventRecord
from zaguan.tickets import reference
from zaguan.tickets.because import given_sentence, moved_sentence
from zaguan.tickets.link_words import linked_sentence, unlinked_sentence


@dataclass(frozen=True)
class Difference:
    """One field of one event: what stood there and what stands there now, as a person reads it."""

    field: str
    label: str
    old: str
    new: str


@dataclass(frozen=True)
class Line:
    """`sentence` says the whole; `differences` are for the table of changes."""

    sentence: str
    differences: tuple[Difference, ...] = ()


class Names:
    """Who is who in some events; contacts are given, the rest is kept in memory."""

    def __init__(
        self, contacts: dict[int, str], hidden: frozenset[int] = frozenset(), reader: int | None = None
    ) -> None:
        """`hidden` are tickets that the reader may not know of; the `reader` is an agent."""
        self._contacts = contacts
        self._hidden = hidden
        self.reader = reader

    def of_actor(self, kind: str, number: int | None) -> str:
        """The name of whoever did it."""
        if kind == "agent":
            return self.agent(number) or _("A former agent")
        if kind == "contact":
            return self.contact(number) or _("The customer")
        if kind == "rule":
            return _rule_name[0](number) or _("A rule")
        return _("Zaguán")

    def agent(self, number: int | None) -> str:
        """An agent's name, "" for nobody."""
        found = reference.agents.get(number)
        return found.name if found else ""

    def team(self, number: int | None) -> str:
        """A team's name, "" for none."""
        found = reference.teams.get(number)
        return found.name if found else ""

    def status(self, number: int | None) -> str:
        """A status in the reader's language."""
        found = reference.statuses.get(number)
        return found.label if found else ""

    def contact(self, number: int | None) -> str:
        """A contact's name, "" for an unknown one."""
        return self._contacts.get(number or 0, "")

    def ticket(self, number: int) -> str:
        """A ticket's number, unless the reader may not know of it."""
        return _("another ticket") if number in self._hidden else f"#{number}"


# Rules stand above tickets: they say what they are called.
_rule_name: list[Callable[[int | None], str]] = [lambda number: ""]


def names_rules(name: Callable[[int | None], str]) -> None:
    """Let whoever keeps the rules say what one is called."""
    _rule_name[:] = [name]


Teller = Callable[[EventRecord, str, Names], Line | None]
_tellers: dict[str, Teller] = {}


def tells(kind: str) -> Callable[[Teller], Teller]:
    """Register how an event of this kind reads; the function gets the row, who did it, and the names."""

    def attach(teller: Teller) -> Teller:
        _tellers[kind] = teller
        return teller

    return attach


def line_of(row: EventRecord, names: Names) -> Line | None:
    """How a row reads; None for one that says nothing to people."""
    teller = _tellers.get(row.kind)
    return teller(row, names.of_actor(row.actor_kind, row.actor_id), names) if teller else None


def told_kinds() -> list[str]:
    """The kinds that can be told."""
    return list(_tellers)


@tells("tickets.TicketOpened")
def _opened(row: EventRecord, who: str, names: Names) -> Line:
    return Line(
        _("%(who)s opened the ticket: “%(subject)s”.") % {"who": who, "subject": row.data.get("subject", "")}
    )


@tells("tickets.StatusChanged")
def _status(row: EventRecord, who: str, names: Names) -> Line:
    old, new = (names.status(number) for number in row.data["statuses"])
    reason = row.data.get("reason", "")
    values = {"who": who, "old": old, "new": new, "reason": reason}
    sentence = _("%(who)s changed the status from %(old)s to %(new)s.") % values
    if reason:
        sentence = _("%(who)s changed the status from %(old)s to %(new)s: %(reason)s") % values
    return Line(sentence, (Difference("status", _("Status"), old, new),))


@tells("tickets.TicketAssigned")
def _assigned(row: EventRecord, who: str, names: Names) -> Line:
    before, after = row.data["assignees"]
    old, new = names.agent(before), names.agent(after)
    difference = Difference("assignee", _("Assignee"), old, new)
    if because := row.data.get("because"):
        to_you = after is not None and after == names.reader
        return Line(given_sentence(because, who, old, new, to_whom_it_concerns=to_you), (difference,))
    if after is None:
        return Line(_("%(who)s took the ticket away from %(old)s.") % {"who": who, "old": old}, (difference,))
    if row.actor_kind == "agent" and row.actor_id == after:
        return Line(_("%(who)s took the ticket.") % {"who": who}, (difference,))
    return Line(_("%(who)s assigned the ticket to %(new)s.") % {"who": who, "new": new}, (difference,))


@tells("tickets.TeamChanged")
def _team(row: EventRecord, who: str, names: Names) -> Line:
    old, new = (names.team(number) for number in row.data["teams"])
    sentence = _("%(who)s moved the ticket to the team %(new)s.") % {"who": who, "new": new}
    if because := row.data.get("because"):
        sentence = moved_sentence(because, new)
    if not new:
        sentence = _("%(who)s took the ticket out of the team %(old)s.") % {"who": who, "old": old}
    return Line(sentence, (Difference("team", _("Team"), old, new),))


@tells("tickets.FieldsChanged")
def _fields(row: EventRecord, who: str, names: Names) -> Line | None:
    differences = tuple(
        Difference(field, label_of(field), _value(old), _value(new))
        for field, (old, new) in row.data.get("changes", {}).items()
    )
    if not differences:
        return None
    what = ", ".join(f"{d.label}: {d.old or '–'} → {d.new or '–'}" for d in differences)
    return Line(_("%(who)s changed the ticket. %(what)s") % {"who": who, "what": what}, differences)


@tells("tickets.TagsChanged")
def _tags(row: EventRecord, who: str, names: Names) -> Line:
    added, removed = ", ".join(row.data.get("added", [])), ", ".join(row.data.get("removed", []))
    values = {"who": who, "added": added, "removed": removed}
    if added and removed:
        sentence = _("%(who)s added the tags %(added)s and removed %(removed)s.") % values
    elif added:
        sentence = _("%(who)s added the tags %(added)s.") % values
    else:
        sentence = _("%(who)s removed the tags %(removed)s.") % values
    return Line(sentence, (Difference("tags", _("Tags"), removed, added),))


@tells("tickets.CopiesChanged")
def _copies(row: EventRecord, who: str, names: Names) -> Line:
    added, removed = ", ".join(row.data.get("added", [])), ", ".join(row.data.get("removed", []))
    values = {"who": who, "added": added, "removed": removed}
    if added and removed:
        sentence = _("%(who)s put %(added)s in copy and took %(removed)s out.") % values
    elif added:
        sentence = _("%(who)s put %(added)s in copy.") % values
    else:
        sentence = _("%(who)s took %(removed)s out of the copies.") % values
    return Line(sentence, (Difference("copies", _("In copy"), removed, added),))


@tells("tickets.TicketLinked")
def _linked(row: EventRecord, who: str, names: Names) -> Line:
    sentence = linked_sentence(row.data["kind_of_link"], row.data["outwards"])
    return Line(sentence % {"who": who, "other": names.ticket(row.data["other_id"])})


@tells("tickets.TicketUnlinked")
def _unlinked(row: EventRecord, who: str, names: Names) -> Line:
    sentence = unlinked_sentence(row.data["kind_of_link"], row.data["outwards"])
    return Line(sentence % {"who": who, "other": names.ticket(row.data["other_id"])})


def label_of(field: str) -> str:
    """A plain field as the reader knows it."""
    labels = {
        "subject": _("Subject"),
        "category": _("Category"),
        "urgency": _("Urgency"),
        "service": _("Service"),
        "is_important": _("Important"),
        "summary": _("Summary"),
        "requester": _("Requester"),
        "status": _("Status"),
        "assignee": _("Assignee"),
        "is_shared": _("Shared with the customer"),
        "team": _("Team"),
        "tags": _("Tags"),
        "copies": _("In copy"),
        "type": _("Type"),
        "attributes": _("Ticket data"),
        "approvals": _("Approvals"),
    }
    return labels.get(field, field.replace("_", " ").capitalize())


def _value(value: Any) -> str:
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    return "" if value is None else str(value)
