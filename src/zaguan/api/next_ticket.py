"""Who carries how much, and the next ticket."""

from typing import Any

from ninja import Router, Schema

from zaguan.api import looking_up
from zaguan.api.access import AgentRequest, needs, once
from zaguan.api.reading import shown
from zaguan.api.shapes import TicketOut
from zaguan.automation.next_ticket import take_next
from zaguan.automation.routing_people import Worker
from zaguan.automation.routing_words import loads_of
from zaguan.people.models import Team
from zaguan.tickets.because import told

router = Router(tags=["distribution"])


class LoadOut(Schema):
    """`taken` and `total` in places: a chat is one."""

    agent: int
    name: str
    is_present: bool
    availability: str
    taken: float
    total: float
    languages: list[str]


class NextOut(Schema):
    """The ticket that is the caller's now, and why; none when nothing waits for them, or they are full."""

    ticket: TicketOut | None
    reasons: list[str]
    is_full: bool


def load_out(worker: Worker) -> dict[str, Any]:
    """One agent's load."""
    agent = worker.agent
    return {
        "agent": agent.pk,
        "name": agent.name,
        "is_present": worker.is_present,
        "availability": agent.availability,
        "taken": worker.taken / 100,
        "total": worker.total / 100,
        "languages": worker.languages,
    }


@router.get(
    "/teams/{int:team_id}/load", response=list[LoadOut], summary="How much everybody of a team carries now"
)
@needs("desk.use")
def team_load(request: AgentRequest, team_id: int) -> list[dict[str, Any]]:
    return [
        load_out(w) for w in loads_of(looking_up.found(Team.objects.visible_to(request.auth), pk=team_id))
    ]


@router.post("/tickets/next", response=NextOut, summary="Take the best waiting ticket")
@needs("automation.next")
@once
def next_ticket(request: AgentRequest) -> dict[str, Any]:
    """It is the caller's at once; two who call at the same time get two."""
    found = take_next(request.auth)
    reasons = told(found.reasons, to_whom_it_concerns=True)
    ticket = shown(found.ticket.pk, request.auth) if found.ticket else None
    return {"ticket": ticket, "reasons": reasons, "is_full": found.is_full}
