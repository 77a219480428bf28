"""A view as columns of cards (A16.4): by status, assignee, team or urgency."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET
from markupsafe import Markup

from zaguan.desk.access import AgentRequest, needs
from zaguan.desk.frame import view_label
from zaguan.desk.rendering import block, page, wants_part
from zaguan.desk.rows import drawn_rows
from zaguan.people.models import Agent
from zaguan.tickets import reference
from zaguan.tickets.models import Phase
from zaguan.tickets.piles import piles
from zaguan.tickets.selections import UnknownView

CARDS, MOST_COLUMNS = 25, 12


@dataclass(frozen=True, slots=True)
class Pile:
    """One column: its name, what a ticket gets that is put there ("" for none), and the filter that finds its tickets."""

    label: str
    value: str
    filter: str
    phase: str = ""


@dataclass(frozen=True, slots=True)
class Filled:
    pile: Pile
    rows: Markup
    count: int
    has_more: bool


@require_GET
@needs("desk.use")
def board(request: AgentRequest, key: str) -> HttpResponse:
    """Twenty-five cards a column; `?part=columns` are the columns alone."""
    by, query = request.GET.get("by", "status"), request.GET.get("q", "")
    by = by if by in _PILES else "status"
    try:
        filled = _filled(request, key, query, by)
    except UnknownView:
        raise Http404(_("There is no such view.")) from None
    context: dict[str, Any] = {"current_view": key, "by": by, "query": query, "columns": filled}
    context |= {"may_move": request.user.can(_NEEDS[by]), "field": _FIELDS[by]}
    if wants_part(request, "columns"):
        return block(request, "desk/inbox/board.jinja", "columns", **context)
    context |= {"title": view_label(request, key), "groups": _groups()}
    return page(request, "desk/inbox/board.jinja", section="inbox", **context)


def _filled(request: AgentRequest, key: str, query: str, by: str) -> list[Filled]:
    columns = list(_PILES[by](request))[:MOST_COLUMNS]
    ids = [int(pile.value) if pile.value else None for pile in columns]
    pages = piles(request.user, view=key, query=query, by=by, ids=ids, size=CARDS)
    return [
        Filled(pile, drawn_rows(found.rows, request.user, view=key), len(found.rows), bool(found.next_cursor))
        for pile, found in zip(columns, pages, strict=True)
    ]


def _groups() -> list[tuple[str, str]]:
    return [
        ("status", _("Status")), ("assignee", _("Assignee")), ("team", _("Team")), ("urgency", _("Urgency")),
    ]  # fmt: skip


# How a card is moved: the part of the ticket's address that takes the new value, under this name.
_FIELDS = {
    "status": ("status", "status"), "assignee": ("assignee", "assignee"), "team": ("team", "team"),
    "urgency": ("fields", "urgency"),
}  # fmt: skip
_NEEDS = {
    "status": "tickets.set_status", "assignee": "tickets.assign", "team": "tickets.assign", "urgency": "tickets.edit",
}  # fmt: skip


def _quoted(field: str, name: str) -> str:
    return f'{field}:"{name.replace(chr(34), " ")}"'


def _statuses(request: AgentRequest) -> Iterable[Pile]:
    for status in reference.statuses.all().values():
        if status.archived_at is None and status.phase not in (Phase.CLOSED, Phase.SNOOZED):
            yield Pile(status.label, str(status.pk), f"status:#{status.pk}", status.phase)


def _agents(request: AgentRequest) -> Iterable[Pile]:
    """Nobody, oneself, then the colleagues of one's teams."""
    me = request.user
    yield Pile(_("Nobody"), "", "assignee:none")
    yield Pile(me.name, str(me.pk), "assignee:me")
    others = Agent.objects.visible_to(me).filter(is_active=True).exclude(pk=me.pk).order_by("name")
    if me.team_ids():
        others = others.filter(teams__in=me.team_ids()).distinct()
    for agent in others[:MOST_COLUMNS]:
        yield Pile(agent.name, str(agent.pk), _quoted("assignee", agent.email))


def _teams(request: AgentRequest) -> Iterable[Pile]:
    for team in reference.teams.all().values():
        if team.archived_at is None:
            yield Pile(team.name, str(team.pk), _quoted("team", team.name))


def _urgencies(request: AgentRequest) -> Iterable[Pile]:
    rows = [each for each in reference.urgencies.all().values() if each.archived_at is None]
    for urgency in sorted(rows, key=lambda each: -each.rank):
        yield Pile(urgency.label, str(urgency.pk), _quoted("urgency", urgency.name))


_PILES = {"status": _statuses, "assignee": _agents, "team": _teams, "urgency": _urgencies}
