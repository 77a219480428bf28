"""Whom a target concerns, and when they are at work."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from zaguan.people.models import Agent
from zaguan.sla.business_time import next_opening
from zaguan.sla.calendars import calendar_of_team, hours_of
from zaguan.sla.events import TargetMissed, TargetNear
from zaguan.tickets.models import Ticket


def concerned(event: TargetNear | TargetMissed) -> set[int]:
    """The agents: who has the ticket, and who has the conversations that wait for it; without anybody, the team."""
    numbers = [event.ticket_id or 0, *event.waiting]
    return _owners(numbers)


def _owners(numbers: Sequence[int]) -> set[int]:
    tickets = Ticket.objects.filter(pk__in=numbers)
    found = set(tickets.filter(assignee__isnull=False).values_list("assignee", flat=True))
    teams = tickets.filter(assignee=None, team__isnull=False).values("team")
    members = Agent.objects.filter(teams__in=teams, is_active=True).values_list("pk", flat=True)
    return {*found, *members}


def rest_of_team(team_id: int | None, at: datetime) -> datetime | None:
    """When a team works again that does not work at `at`; None while it does, and where it never will."""
    opening = next_opening(hours_of(calendar_of_team(team_id)), at)
    return opening if opening is not None and opening > at else None
