"""Whose token it is: who they are, what waits for them, where they were mentioned."""

from datetime import datetime
from typing import Any, Literal

from ninja import Router, Schema

from zaguan.api import looking_up
from zaguan.api.access import AgentRequest, needs, once
from zaguan.api.paging import Paged, newest_first
from zaguan.conversations.models import Mention
from zaguan.conversations.seeing import mark_seen, mark_unseen
from zaguan.notifications.reading import read_about
from zaguan.people.availability import set_availability
from zaguan.people.models import Agent
from zaguan.people.staffing import change_agent
from zaguan.tickets.counting import counts
from zaguan.tickets.models import known_where

router = Router(tags=["account"])


class MeOut(Schema):
    id: int
    name: str
    email: str
    role: str
    teams: list[int]
    permissions: list[str]
    language: str
    time_zone: str
    signature: str
    works_by_next: bool
    availability: str


class MeChange(Schema):
    """Fields that are left out stay."""

    name: str | None = None
    language: Literal["es", "en", "pt-br"] | None = None
    signature: str | None = None
    availability: Literal["online", "busy", "away"] | None = None


class MentionOut(Schema):
    ticket: int
    message: int
    created_at: datetime
    read_at: datetime | None


def _me(agent: Agent) -> dict[str, Any]:
    plain = ("name", "email", "language", "time_zone", "signature", "works_by_next", "availability")
    return {field: getattr(agent, field) for field in plain} | {
        "id": agent.pk,
        "role": agent.role.name,
        "teams": sorted(agent.team_ids()),
        "permissions": ["*"] if agent.role.is_admin else agent.role.permissions,
    }


@router.get("/me", response=MeOut, summary="Whose token this is")
@needs("desk.use")
def me(request: AgentRequest) -> dict[str, Any]:
    return _me(request.auth)


@router.patch("/me", response=MeOut, summary="Change one's own profile")
@needs("desk.use")
@once
def change_me(request: AgentRequest, body: MeChange) -> dict[str, Any]:
    given = {name: value for name, value in body.model_dump(exclude_unset=True).items() if value is not None}
    if (availability := given.pop("availability", "")) != "":
        set_availability(request.auth, availability, by=request.auth)
    return _me(change_agent(request.auth, by=request.auth, **given))


@router.get(
    "/counts",
    response=dict[str, int],
    summary="How many tickets wait in each view (at most 1000 are counted)",
)
@needs("desk.use")
def list_counts(request: AgentRequest) -> dict[str, int]:
    return counts(request.auth)


@router.get("/mentions", response=Paged[MentionOut], summary="List where one was mentioned")
@needs("desk.use")
def list_mentions(request: AgentRequest, cursor: str = "", size: int = 50) -> dict[str, Any]:
    """Newest first; only in tickets that one may still see."""
    rows = Mention.objects.visible_to(request.auth).filter(message__withdrawn_at=None)
    rows = rows.filter(known_where(request.auth, "ticket__"))
    page, after = newest_first(rows, cursor, size)
    items = [
        {"ticket": m.ticket_id, "message": m.message_id, "created_at": m.created_at, "read_at": m.read_at}
        for m in page
    ]
    return {"items": items, "next_cursor": after}


@router.put("/tickets/{int:number}/seen", response={204: None}, summary="Mark a ticket as read")
@needs("desk.use")
def see_ticket(request: AgentRequest, number: int, last: int | None = None) -> None:
    """Mentions in it and what one was told of it count as read too. `last`: the newest message that was shown; what came later stays unread."""
    ticket = looking_up.ticket_for(request.auth, number)
    mark_seen(request.auth, ticket, last=last)
    read_about(request.auth, ticket.pk)


@router.delete("/tickets/{int:number}/seen", response={204: None}, summary="Mark a ticket as unread")
@needs("desk.use")
def forget_ticket(request: AgentRequest, number: int) -> None:
    mark_unseen(request.auth, looking_up.ticket_for(request.auth, number))
