"""Next: the best waiting ticket for the agent who asks, theirs at once; two who ask at the same time get two."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from zaguan.automation.routing_asks import skills
from zaguan.automation.routing_giving import gave, hold
from zaguan.automation.routing_people import Worker, described
from zaguan.automation.routing_waiting import Waiting, waiting_for
from zaguan.people.availability import alive
from zaguan.people.models import Agent
from zaguan.tickets import reference
from zaguan.tickets.assigning import assign
from zaguan.tickets.because import Reason, reason
from zaguan.tickets.models import Ticket

# What is due sooner comes before everything else.
PRESSING = timedelta(minutes=30)
_LATE = datetime.max.replace(tzinfo=timezone.get_default_timezone())
# Two looks that pass over what others are just taking; the third waits for them.
LOOKS = (True, True, False)


@dataclass(frozen=True)
class Next:
    """The ticket that is theirs now, and why; or none: nothing waits for them, or they are full."""

    ticket: Ticket | None = None
    reasons: list[Reason] = field(default_factory=list)
    is_full: bool = False


@dataclass(frozen=True)
class Offer(Waiting):
    """A waiting ticket as it looks to one agent."""

    is_known: bool

    def place(self, now: datetime) -> tuple[object, ...]:
        """What comes first: pressing deadlines, known customers, urgency, what not everybody can, then waiting."""
        ticket = self.ticket
        due = ticket.due_at or _LATE
        pressing = due if due <= now + PRESSING else _LATE
        special = bool(self.asked.skills) or bool(self.asked.language)
        waits = ticket.waiting_since or ticket.created_at
        return (pressing, not self.is_known, -ticket.urgency_rank, not special, due, waits, ticket.pk)


def take_next(agent: Agent) -> Next:
    """Claim the best ticket for this agent."""
    alive(agent)
    for skip in LOOKS:
        now = timezone.now()
        worker = described([agent], now)[0]
        offers = ranked(agent, now)
        for offer in offers:
            if worker.has_room(offer.asked.weight) and (found := _claim(offer, worker, skip_locked=skip)):
                return found
        if offers and not any(worker.has_room(offer.asked.weight) for offer in offers):
            return Next(is_full=True)
        if not offers:
            break
    return Next()


def ranked(agent: Agent, now: datetime) -> list[Offer]:
    """What waits for this agent, the best first."""
    waiting = waiting_for(agent, by_hand=True)
    known = _known_customers(agent, {each.ticket.requester_id for each in waiting})
    offers = [Offer(w.ticket, w.asked, w.route, w.ticket.requester_id in known) for w in waiting]
    return sorted(offers, key=lambda offer: offer.place(now))


def _known_customers(agent: Agent, requesters: set[int | None]) -> set[int | None]:
    """Those whom this agent served last."""
    rows = Ticket.objects.filter(requester_id__in=[each for each in requesters if each])
    last: dict[int | None, int | None] = {}
    for requester, assignee in (
        rows.exclude(assignee=None).order_by("-active_at").values_list("requester_id", "assignee_id")[:500]
    ):
        last.setdefault(requester, assignee)
    return {requester for requester, assignee in last.items() if assignee == agent.pk}


@transaction.atomic
def _claim(offer: Offer, worker: Worker, *, skip_locked: bool) -> Next | None:
    rows = Ticket.objects.select_for_update(skip_locked=skip_locked, of=("self",))
    if rows.filter(pk=offer.ticket.pk, assignee=None, rank=0).first() is None:
        return None
    load = hold(worker.agent)
    now = described([worker.agent], timezone.now())[0]
    if not now.has_room(offer.asked.weight):
        return None
    reasons = reasons_for(offer, now)
    ticket = assign(offer.ticket.pk, worker.agent, by=worker.agent, because={"reasons": reasons})
    gave(load)
    return Next(ticket, reasons)


def reasons_for(offer: Offer, worker: Worker) -> list[Reason]:
    """Why this one, for the agent to read."""
    ticket, found = offer.ticket, []
    if offer.is_known:
        found.append(reason("sticky"))
    if offer.asked.language and offer.asked.language in worker.languages:
        found.append(reason("language", code=offer.asked.language))
    for skill in offer.asked.skills:
        row = skills.all().get(skill)
        if row is not None and skill in worker.skills:
            found.append(reason("skill", name=row.name))
    if ticket.due_at is not None:
        found.append(reason("due", at=ticket.due_at.isoformat()))
    urgency = reference.urgencies.get(ticket.urgency_id)
    if urgency is not None and ticket.urgency_rank:
        found.append(reason("urgent", name=urgency.label))
    found.append(reason("waiting", since=(ticket.waiting_since or ticket.created_at).isoformat()))
    return found
