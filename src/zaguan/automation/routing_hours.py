"""When a route works: the hours of its ticket's team."""

from __future__ import annotations

from datetime import datetime, timedelta

from zaguan.automation.models import Route
from zaguan.sla.business_time import NeverOpens, add, is_open, next_opening
from zaguan.sla.calendars import calendar_of_team, hours_of


def works(route: Route, team_id: int | None, at: datetime) -> bool:
    """Whether the route gives anything to anybody at this moment."""
    return not route.in_hours or is_open(hours_of(calendar_of_team(team_id)), at)


def opening(team_id: int | None, at: datetime) -> datetime | None:
    """When the team's hours begin again; None for never."""
    return next_opening(hours_of(calendar_of_team(team_id)), at)


def after(route: Route, team_id: int | None, at: datetime, minutes: int) -> datetime | None:
    """So many minutes later: working ones, where the route keeps hours. None for never."""
    if not route.in_hours:
        return at + timedelta(minutes=minutes)
    try:
        return add(hours_of(calendar_of_team(team_id)), at, minutes * 60)
    except NeverOpens:
        return None
