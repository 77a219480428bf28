"""Who works on it: an agent, a team."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from zaguan.events.recording import record
from zaguan.lib.errors import Refused
from zaguan.people.models import Agent, Role, Team
from zaguan.tickets.changing import lock, refuse_closed, store
from zaguan.tickets.events import TeamChanged, TicketAssigned
from zaguan.tickets.models import Ticket


@transaction.atomic
def assign(
    ticket: Ticket | int,
    agent: Agent | None,
    *,
    by: Any,
    version: int | None = None,
    because: dict[str, Any] | None = None,
) -> Ticket:
    """Give a ticket to an agent, or to nobody. A ticket without a team takes the agent's only team.

    `because` are the reasons of a route (`tickets.because`), for the history.

    Raises Refused for an agent who may not sign in or, unless they see all tickets, is not in the team.
    """
    fresh = lock(ticket, version=version)
    refuse_closed(fresh)
    if fresh.assignee_id == (agent.pk if agent else None):
        return fresh
    if agent is not None:
        _adopt_team(fresh, agent, by=by)
        check_member(fresh.team_id, agent)
    old = fresh.assignee_id
    fresh.assignee = agent
    store(fresh, "assignee")
    both = [old, agent.pk if agent else None]
    record(TicketAssigned(ticket_id=fresh.pk, assignees=both, because=because or {}), by=by)
    return fresh


def _adopt_team(ticket: Ticket, agent: Agent, *, by: Any) -> None:
    if ticket.team_id is None and len(agent.team_ids()) == 1:
        _move(ticket, Team.objects.get(pk=next(iter(agent.team_ids()))), by=by)


def check_member(team_id: int | None, agent: Agent) -> None:
    """Raises Refused for an agent who has left, or who is not in the team and does not see all tickets."""
    if not agent.is_active:
        raise Refused(_("%(agent)s no longer works here.") % {"agent": agent.name}, field="assignee")
    sees_all = agent.scope == Role.Scope.ALL
    if team_id is not None and not sees_all and team_id not in agent.team_ids():
        raise Refused(
            _("%(agent)s is not in the team of this ticket. Change the team first.") % {"agent": agent.name},
            field="assignee",
        )


@transaction.atomic
def set_team(
    ticket: Ticket | int,
    team: Team,
    *,
    by: Any,
    version: int | None = None,
    because: dict[str, Any] | None = None,
) -> Ticket:
    """Hand a ticket to a team. An assignee who is not in it and cannot see it lets go of the ticket."""
    fresh = lock(ticket, version=version)
    refuse_closed(fresh)
    if team.archived_at is not None:
        raise Refused(_("The team %(team)s is archived.") % {"team": team.name}, field="team")
    if fresh.team_id == team.pk:
        return fresh
    _move(fresh, team, by=by, because=because)
    _release(fresh, team, by=by)
    return fresh


@transaction.atomic
def leave_team(ticket: Ticket | int, *, by: Any) -> Ticket:
    """Put a ticket back to where no team has it, as it was before somebody gave it to one by mistake."""
    fresh = lock(ticket)
    refuse_closed(fresh)
    if fresh.team_id is not None:
        _move(fresh, None, by=by)
    return fresh


def _move(ticket: Ticket, team: Team | None, *, by: Any, because: dict[str, Any] | None = None) -> None:
    old = ticket.team_id
    ticket.team = team
    store(ticket, "team")
    both = [old, team.pk if team else None]
    record(TeamChanged(ticket_id=ticket.pk, teams=both, because=because or {}), by=by)


def _release(ticket: Ticket, team: Team, *, by: Any) -> None:
    assignee = ticket.assignee
    if assignee is None or assignee.scope == Role.Scope.ALL:
        return
    if team.pk not in assignee.team_ids():
        ticket.assignee = None
        store(ticket, "assignee")
        record(TicketAssigned(ticket_id=ticket.pk, assignees=[assignee.pk, None]), by=by)
