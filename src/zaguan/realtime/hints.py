"""From event rows to hints: "ticket 12 changed", and who may hear that. Hints never carry content."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from zaguan.conversations.events import InboxTroubled, MailFailed, NoteAdded, SideMessageReceived
from zaguan.events.following import News
from zaguan.notifications.events import AgentsNotified
from zaguan.people.events import (
    AddressBounced,
    AddressCleared,
    AgentChanged,
    AvailabilityChanged,
    ContactChanged,
    ContactCreated,
    OrganisationChanged,
    SettingChanged,
)
from zaguan.realtime.viewers import Viewer
from zaguan.tickets.events import StatusChanged, TeamChanged, TicketAssigned
from zaguan.tickets.models import HIDDEN_RANK, Ticket
from zaguan.tickets.moving_events import ScheduleChanged
from zaguan.tickets.work_events import Reminded

Place = tuple[int | None, int | None]
CONTACT_KINDS = {event.kind for event in (ContactCreated, ContactChanged, AddressBounced, AddressCleared)}
# Somebody carries more or less than before.
LOADS = {TicketAssigned.kind, StatusChanged.kind}
# Kind → who may hear of it, and what has changed by it.
PLAIN = {
    SettingChanged.kind: ("desk.use", "settings"),
    InboxTroubled.kind: ("desk.use", "inboxes"),
    ScheduleChanged.kind: ("tickets.schedule", "schedules"),
    MailFailed.kind: ("conversations.failed_mail", "failed-mail"),
}


@dataclass(frozen=True, slots=True)
class Hint:
    """What changed, and a rule that says what one viewer hears of it: the text, or nothing."""

    key: str
    text: Callable[[Viewer], str]


def hints_of(rows: Iterable[News], present: Iterable[int] = ()) -> list[Hint]:
    """The hints of a batch of events, and of tickets where somebody came, left or types. One query."""
    about: dict[int, list[News]] = {}
    others: dict[str, Hint] = {}
    for row in rows:
        if row.ticket_id is not None:
            about.setdefault(row.ticket_id, []).append(row)
        for hint in _others(row):
            others[hint.key] = hint
    watched = set(present)
    query = Ticket.objects.filter(pk__in={*about, *watched}).values_list(
        "pk", "team_id", "assignee_id", "rank"
    )
    found = list(query) if about or watched else []
    places: dict[int, Place] = {pk: (team, agent) for pk, team, agent, rank in found if rank < HIDDEN_RANK}
    hidden: dict[int, Place] = {pk: (team, agent) for pk, team, agent, rank in found if rank >= HIDDEN_RANK}
    tickets = [_ticket(pk, about[pk], places[pk]) for pk in about if pk in places]
    tickets += [_gone(pk, about[pk], hidden[pk]) for pk in about if pk in hidden]
    personal = [hint for pk in about if pk in places for hint in _personal(about[pk], places[pk])]
    return [
        *tickets,
        *personal,
        *(_load(loads, places[pk]) for pk in about if pk in places and (loads := _loads(about[pk]))),
        *others.values(),
        *(_presence(pk, places[pk]) for pk in watched & set(places)),
    ]


def _text(what: str, id_: int, verb: str = "changed") -> str:
    return json.dumps({verb: what, "id": id_}, separators=(",", ":"))


def _ticket(pk: int, rows: list[News], place: Place) -> Hint:
    """Those who see it hear that it changed; those who saw it before the change hear that it is gone."""
    what, last, before = f"ticket-{pk}", max(row.id for row in rows), earlier_places(rows, place)
    changed, gone = _text(what, last), _text(what, last, "gone")

    def text(viewer: Viewer) -> str:
        if viewer.hears(*place):
            return changed
        return gone if any(viewer.hears(*old) for old in before) else ""

    return Hint(what, text)


def _gone(pk: int, rows: list[News], place: Place) -> Hint:
    """Merged or deleted: whoever saw it hears that it is gone, and nobody hears more."""
    what, last = f"ticket-{pk}", max(row.id for row in rows)
    places, text = earlier_places(rows, place) | {place}, _text(what, last, "gone")
    return Hint(what, lambda viewer: text if any(viewer.hears(*each) for each in places) else "")


def earlier_places(rows: list[News], place: Place) -> set[Place]:
    """Where the ticket was, by the old values in its events."""
    teams, agents = {place[0]}, {place[1]}
    for row in rows:
        if row.kind == TeamChanged.kind:
            teams |= set(row.data["teams"])
        elif row.kind == TicketAssigned.kind:
            agents |= set(row.data["assignees"])
    return {(team, agent) for team in teams for agent in agents} - {place}


def _loads(rows: list[News]) -> list[News]:
    return [row for row in rows if row.kind in LOADS]


def _load(rows: list[News], place: Place) -> Hint:
    """That somebody carries more or less, for those who see what they carry."""
    where = earlier_places(rows, place) | {place}
    text = _text("loads", max(row.id for row in rows))
    return Hint("loads", lambda viewer: text if any(viewer.hears(*each) for each in where) else "")


def _personal(rows: list[News], place: Place) -> list[Hint]:
    """Mentions and assignments, for those whom they concern."""
    found = []
    for row in rows:
        if row.kind in (NoteAdded.kind, SideMessageReceived.kind) and row.data.get("mentioned"):
            found.append(
                _for(f"mentions:{row.id}", _text("mentions", row.id), set(row.data["mentioned"]), place)
            )
        elif row.kind == TicketAssigned.kind:
            concerned = {agent for agent in row.data["assignees"] if agent}
            found.append(_for(f"mine:{row.id}", _text("mine", row.id), concerned, None))
        elif row.kind == Reminded.kind:
            found.append(_reminder(row))
    return found


def _reminder(row: News) -> Hint:
    text = _text(f"reminder-{row.id}", row.id)
    return _for(f"reminder:{row.id}", text, {row.data["agent_id"]}, None)


def _for(key: str, text: str, agents: set[int], place: Place | None) -> Hint:
    def say(viewer: Viewer) -> str:
        visible = place is None or viewer.hears(*place)
        return text if viewer.agent_id in agents and visible else ""

    return Hint(key, say)


def _presence(pk: int, place: Place) -> Hint:
    text = _text(f"presence-{pk}", 0)
    return Hint(f"presence-{pk}", lambda viewer: text if viewer.hears(*place) else "")


def _others(row: News) -> list[Hint]:
    """What is not about tickets."""
    data: dict[str, Any] = row.data
    if row.kind == Reminded.kind and row.ticket_id is None:
        return [_reminder(row)]
    if row.kind == AgentsNotified.kind:
        return [_for(f"bell:{row.id}", _text("bell", row.id), set(data["agents"]), None)]
    if row.kind in CONTACT_KINDS:
        return [_with("people.view", f"contact-{data['contact_id']}", row.id)]
    if row.kind == OrganisationChanged.kind:
        return [_with("people.view", f"organisation-{data['organisation_id']}", row.id)]
    if row.kind == AgentChanged.kind:
        return [_with("desk.use", f"agent-{data['agent_id']}", row.id)]
    if row.kind == AvailabilityChanged.kind:
        return [_with("desk.use", f"agent-{data['agent_id']}", row.id), _with("desk.use", "loads", row.id)]
    permission, what = PLAIN.get(row.kind, ("", ""))
    return [_with(permission, what, row.id)] if what else []


def _with(permission: str, what: str, id_: int) -> Hint:
    text = _text(what, id_)
    return Hint(what, lambda viewer: text if viewer.may(permission) else "")
