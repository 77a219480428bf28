"""Who sees a macro, a view or a canned message: only me, a team, or everybody."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from zaguan.lib.numbers import whole
from zaguan.people.models import Agent, Team

EVERYBODY = "all"


def choices(viewer: Agent, permission: str) -> list[tuple[str, Any]]:
    """Only me, and with the permission everybody and the teams."""
    found: list[tuple[str, Any]] = [("", _("Only me"))]
    if viewer.can(permission):
        teams = Team.objects.visible_to(viewer).filter(archived_at=None)
        found += [(EVERYBODY, _("Everybody")), *((str(team.pk), team.name) for team in teams)]
    return found


def chosen(viewer: Agent, value: str) -> dict[str, Any]:
    """The choice as the verbs take it."""
    team = Team.objects.visible_to(viewer).filter(pk=whole(value) or 0).first()
    return {"team": team, "everybody": value == EVERYBODY}


def current(row: Any) -> str:
    """What stands there now."""
    if row.owner_id is not None:
        return ""
    return str(row.team_id) if row.team_id else EVERYBODY
