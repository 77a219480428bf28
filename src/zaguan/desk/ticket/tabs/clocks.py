"""The tab of clocks: every stretch of whose turn it was, and the sums by side, agent and team (A5.4–A5.6, A17.3)."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from zaguan.desk.access import AgentRequest
from zaguan.desk.ticket.clocks import DOTS, ahead, business_words, whose_turn, words
from zaguan.desk.ticket.moments import exact
from zaguan.desk.ticket.sheet import Sheet
from zaguan.desk.ticket.tab_register import Tab, register
from zaguan.sla.intervals import Sums
from zaguan.sla.ledger import Span
from zaguan.sla.sides import Side
from zaguan.sla.standing import Clocks, clocks_of
from zaguan.tickets import reference

# A ticket that turned more often shows the newest; the API has all.
MOST = 300


def _context(request: AgentRequest, sheet: Sheet) -> dict[str, Any]:
    clocks = clocks_of(sheet.ticket)
    total, labels = clocks.sums, reference.status_labels()
    return {
        "turn": (whose_turn(clocks.turn.side), exact(clocks.turn.since)) if clocks.turn else None,
        "age": words(total.age),
        "sides": [_side(clocks, side) for side in clocks.shown_sides],
        "unassigned": words(total.unassigned) if total.unassigned else "",
        "ahead": ahead(clocks),
        "agents": [(_agent(pk), _cells(of)) for pk, of in clocks.by(lambda span: span.assignee_id).items()],
        "teams": [(_team(pk), _cells(of)) for pk, of in clocks.by(lambda span: span.team_id).items()],
        "stretches": [_stretch(clocks, span, labels) for span in reversed(clocks.spans[-MOST:])],
        "left_out": max(0, len(clocks.spans) - MOST),
        "zone": clocks.hours.zone,
    }


def _side(clocks: Clocks, side: Side) -> dict[str, Any]:
    elapsed, business = clocks.sums.elapsed[side], clocks.sums.business[side]
    return {
        "dot": DOTS[side],
        "label": side.label,
        "elapsed": (elapsed, words(elapsed)),
        "business": (business, business_words(business)),
        "runs": clocks.turn is not None and clocks.turn.side == side,
    }


def _cells(of: Sums) -> list[tuple[str, str, str]]:
    """Label, elapsed and business time of each side that had some."""
    return [
        (str(side.label), words(of.elapsed[side]), business_words(of.business[side]))
        for side in Side
        if of.elapsed[side]
    ]


def _agent(pk: int | None) -> str:
    found = reference.agents.get(pk)
    return found.name if found else _("Nobody assigned")


def _team(pk: int | None) -> str:
    found = reference.teams.get(pk)
    return found.name if found else _("No team")


def _stretch(clocks: Clocks, span: Span, labels: dict[int, str]) -> dict[str, Any]:
    elapsed, business = clocks.lengths(span)
    return {
        "dot": DOTS[span.side],
        "label": span.side.label,
        "status": labels.get(span.status_id or 0, ""),
        "assignee": _agent(span.assignee_id),
        "team": _team(span.team_id),
        "start": exact(span.start),
        "end": exact(span.end),
        "runs": span.end is None,
        "elapsed": (elapsed, words(elapsed)),
        "business": (business, business_words(business)),
    }


register(
    Tab(
        key="clocks", label=gettext_lazy("Clocks"), icon="hourglass", template="desk/ticket/tabs/clocks.jinja",
        context=_context, count=lambda sheet: sheet.ticket.intervals.count(), position=72,
    )
)  # fmt: skip
