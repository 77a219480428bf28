"""What a route gave somebody and nobody has touched since: it may still go to somebody else."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Exists, F, OuterRef

from zaguan.automation.models import Route
from zaguan.conversations.models import Draft, Message, Seen
from zaguan.events.models import EventRecord
from zaguan.tickets.events import TicketAssigned
from zaguan.tickets.models import Ticket, Timer

# A ticket that has just come may be opened at any moment.
SETTLED = timedelta(minutes=5)
MOST = 30
# Given for one of these reasons, it stays.
_STAYS = {"even", "sticky", "follows"}


@dataclass(frozen=True)
class Given:
    """A ticket, and when it was given."""

    ticket: Ticket
    at: datetime


def untouched(agent_id: int, team_id: int, route: Route, number: int | None = None) -> list[Given]:
    """This agent's tickets that may go, the one that they would come to last at the head."""
    about = {"ticket": OuterRef("pk")}
    rows = Ticket.objects.filter(assignee_id=agent_id, team_id=team_id, rank=0).select_related(
        "requester", "type"
    )
    rows = rows.filter(
        ~Exists(Seen.objects.filter(**about)),
        ~Exists(Draft.objects.filter(**about)),
        ~Exists(Timer.objects.filter(**about)),
        ~Exists(Message.objects.filter(direction="out", **about)),
    )
    if number is not None:
        rows = rows.filter(pk=number)
    order = (F("due_at").desc(nulls_first=True), F("urgency_rank").asc(), F("id").desc())
    return list(_given(list(rows.order_by(*order)[:MOST]), route))


def _given(tickets: list[Ticket], route: Route) -> Iterator[Given]:
    """Those that the route gave, and that no agent did anything about since."""
    for ticket in tickets:
        events = EventRecord.objects.filter(ticket_id=ticket.pk)
        event = events.filter(kind=TicketAssigned.kind).order_by("-pk").first()
        if event is None or (event.actor_kind, event.actor_id) != ("route", route.pk):
            continue
        reasons = (event.data.get("because") or {}).get("reasons", ())
        acted = events.filter(pk__gt=event.pk, actor_kind="agent").exists()
        if not acted and not _STAYS & {word for word, _values in reasons}:
            yield Given(ticket, event.at)
