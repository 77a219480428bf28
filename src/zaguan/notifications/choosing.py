"""Who hears of which event, and as what; whether they may see the ticket is asked when it is told (sending.py)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import timedelta

from django.utils import timezone

from zaguan.events.base import Actor
from zaguan.events.models import EventRecord
from zaguan.lib.prepared import Prepared, PreparedRows
from zaguan.notifications.kinds import KINDS
from zaguan.notifications.preferring import chosen
from zaguan.people.models import Agent
from zaguan.tickets.models import Follower, Ticket

NEWS = timedelta(hours=12)
# By name: they belong to apps above this one.
_BULK = ("automation.RunStarted", "conversations.MassUpdateStarted")
# Agent's id → kind.
Hearers = dict[int, str]
# Asked for each message of a customer: their SQL is made once.
_happened = Prepared(lambda event: EventRecord.objects.filter(pk=event).values_list("at"))
_ticket = PreparedRows(lambda number: Ticket.objects.filter(pk=number))
_followers = Prepared(lambda number: Follower.objects.filter(ticket=number).values_list("agent_id"))
_members = Prepared(lambda team: Agent.objects.filter(teams=team, is_active=True).values_list("pk"))


@dataclass(frozen=True, slots=True)
class Act:
    """Who did it; `behind` are the agents who need not be told of their own act or of what a rule made of it."""

    actor: Actor
    behind: frozenset[int] = field(default=frozenset())
    # One of many changes at once: nobody wants a device to ring for each.
    in_bulk: bool = False


def act_of(event_id: int | None) -> Act:
    """The act that an event tells of."""
    columns = ("actor_kind", "actor_id", "cause_id")
    row = EventRecord.objects.filter(pk=event_id or 0).values_list(*columns).first()
    if row is None:
        return Act(Actor("system"))
    kind, number, before = row
    columns = ("kind", "actor_kind", "actor_id")
    causing = EventRecord.objects.filter(pk=before or 0).values_list(*columns).first()
    what, *first = causing or ("", "", None)
    behind = {who for of, who in ((kind, number), tuple(first)) if of == "agent" and who is not None}
    return Act(Actor(kind, number), frozenset(behind), in_bulk=what in _BULK)


def is_news(event_id: int | None) -> bool:
    """Whether it happened just now: what an import or a long pause of the worker brings up is history."""
    rows = _happened(event_id or 0)
    return bool(rows) and rows[0][0] > timezone.now() - NEWS


def ticket_of(number: int | None) -> Ticket | None:
    """The ticket as it is now, if it still is."""
    rows: list[Ticket] = _ticket(number) if number is not None else []
    return rows[0] if rows else None


def concerned(ticket: Ticket, what: str) -> Hearers:
    """Who has the ticket, and who follows it: "customer" gives customer_mine and customer_followed."""
    found: Hearers = dict.fromkeys((agent for (agent,) in _followers(ticket.pk)), f"{what}_followed")
    if ticket.assignee_id is not None:
        found[ticket.assignee_id] = f"{what}_mine"
    return found


def customer_wrote(ticket: Ticket) -> Hearers:
    """The assignee and the followers; as long as nobody has it, the team."""
    found = concerned(ticket, "customer")
    if ticket.assignee_id is None and anybody_wants("customer_team"):
        found = dict.fromkeys(team_of(ticket), "customer_team") | found
    return found


def colleague_wrote(ticket: Ticket, mentioned: Iterable[int] = ()) -> Hearers:
    """Whoever is mentioned hears that; the others, that something was said."""
    return concerned(ticket, "note") | dict.fromkeys(mentioned, "mention")


def outside_answered(ticket: Ticket, asked_by: int | None, mentioned: Iterable[int]) -> Hearers:
    """Who asked, and who has the ticket."""
    first = {asked_by, ticket.assignee_id, *mentioned}
    return {number: "outside" for number in first if number is not None}


def could_not_deliver(ticket: Ticket, author: int | None) -> Hearers:
    """Who wrote it, and who has the ticket; of what a rule sent, the team when nobody has it."""
    found = {number for number in (author, ticket.assignee_id) if number is not None}
    return dict.fromkeys(found or team_of(ticket), "failed")


def responsible(ticket: Ticket, kind: str) -> Hearers:
    """Who has the ticket, else everybody in its team."""
    return dict.fromkeys([ticket.assignee_id] if ticket.assignee_id else team_of(ticket), kind)


def team_of(ticket: Ticket) -> list[int]:
    """The active members of the ticket's team."""
    return [agent for (agent,) in _members(ticket.team_id)] if ticket.team_id is not None else []


def anybody_wants(kind: str) -> bool:
    """Whether it is worth looking for who could hear of it."""
    return bool(KINDS[kind].usual) or any(key[1] == kind and is_on for key, is_on in chosen().items())
