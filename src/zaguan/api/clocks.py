"""Whose turn it was: the stretches of a ticket with their sums, and sums over days."""

from datetime import date, datetime
from typing import Any, Literal

from django.utils import timezone
from ninja import Router, Schema

from zaguan.api import looking_up
from zaguan.api.access import AgentRequest, needs
from zaguan.sla.intervals import Sums
from zaguan.sla.ledger import Span
from zaguan.sla.side_report import Asked, Line, month_until, report
from zaguan.sla.sides import Side
from zaguan.sla.standing import Clocks, clocks_of

router = Router(tags=["clocks"])
SideName = Literal["agent", "customer", "third", "nobody"]


class SideSum(Schema):
    """Seconds; `business` is the part within opening hours."""

    side: SideName
    elapsed: int
    business: int


class SpanOut(Schema):
    """`ended_at` is null while it lasts."""

    side: SideName
    status: int | None
    assignee: int | None
    team: int | None
    started_at: datetime
    ended_at: datetime | None
    elapsed: int
    business: int


class ShareOut(Schema):
    """The time of one agent or team; null is nobody."""

    id: int | None
    sums: list[SideSum]


class ClocksOut(Schema):
    """The elapsed sums add up to `age`. `turn` is null once the ticket is closed."""

    at: datetime
    zone: str
    turn: SideName | None
    turn_since: datetime | None
    age: int
    unassigned: int
    sums: list[SideSum]
    agents: list[ShareOut]
    teams: list[ShareOut]
    spans: list[SpanOut]


class SideLineOut(Schema):
    """One agent, team or status over the days that were asked for."""

    id: int | None
    label: str
    tickets: int
    sums: list[SideSum]


@router.get("/tickets/{int:number}/clocks", response=ClocksOut, summary="Read whose turn it was")
@needs("desk.use")
def read_clocks(request: AgentRequest, number: int) -> dict[str, Any]:
    clocks = clocks_of(looking_up.ticket_for(request.auth, number))
    turn = clocks.turn
    return {
        "at": clocks.now,
        "zone": clocks.hours.zone,
        "turn": turn.side.value if turn else None,
        "turn_since": turn.since if turn else None,
        "age": clocks.sums.age,
        "unassigned": clocks.sums.unassigned,
        "sums": _sums(clocks.sums),
        "agents": _shares(clocks.by(lambda span: span.assignee_id)),
        "teams": _shares(clocks.by(lambda span: span.team_id)),
        "spans": [_span(clocks, span) for span in clocks.spans],
    }


def _sums(of: Sums | Line) -> list[dict[str, Any]]:
    return [{"side": side.value, "elapsed": of.elapsed[side], "business": of.business[side]} for side in Side]


def _shares(groups: dict[int | None, Sums]) -> list[dict[str, Any]]:
    return [{"id": pk, "sums": _sums(of)} for pk, of in groups.items()]


def _span(clocks: Clocks, span: Span) -> dict[str, Any]:
    elapsed, business = clocks.lengths(span)
    return {
        "side": span.side.value,
        "status": span.status_id,
        "assignee": span.assignee_id,
        "team": span.team_id,
        "started_at": span.start,
        "ended_at": span.end,
        "elapsed": elapsed,
        "business": business,
    }


@router.get("/clocks/sums", response=list[SideLineOut], summary="Sum whose time it was over days")
@needs("desk.use")
def sum_clocks(
    request: AgentRequest,
    first: date | None = None,
    last: date | None = None,
    by: Literal["agent", "team", "status"] = "agent",
    agent: str = "",
    team: int | None = None,
    side: Literal["", "agent", "customer", "third", "nobody"] = "",
) -> list[dict[str, Any]]:
    """This month until today, unless other days are given. Without the right to see everybody's time, one's own."""
    since, until = month_until(timezone.localdate())
    who = looking_up.agent(request.auth, agent) if agent else None
    asked = Asked(
        first=first or since, last=last or until, by=by, agent=who.pk if who else None, team=team, side=side
    )
    lines, _whole = report(request.auth, asked)
    return [
        {"id": line.key, "label": line.label, "tickets": len(line.tickets), "sums": _sums(line)}
        for line in lines
    ]
