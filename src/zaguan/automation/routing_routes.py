"""Which route a ticket goes by, and keeping the list of routes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from zaguan.automation.models import Route, SkillNeed
from zaguan.automation.routing_asks import needs, skills
from zaguan.events.recording import record
from zaguan.lib.errors import Refused
from zaguan.people.events import SettingChanged
from zaguan.people.models import Agent, Role, Skill
from zaguan.people.reference import Kept
from zaguan.tickets.filtering import parse
from zaguan.tickets.models import Ticket

FIELDS = (
    "name", "team", "query", "is_active", "strategy", "by_skill", "by_language", "is_sticky", "in_hours",
    "leaves_absent", "evens_out", "overflow_team", "overflow_minutes", "timeout_minutes",
)  # fmt: skip
_MOST_MINUTES = 60 * 24 * 60
_routes: Kept[Route] = Kept(lambda: Route.objects.filter(is_active=True))


def active_routes() -> list[Route]:
    """Those that count, in their order."""
    return list(_routes.all().values())


def forget() -> None:
    """Read routes, skills and what asks for them again next time."""
    for kept in (_routes, needs, skills):
        kept.forget()


def route_of(ticket: Ticket) -> Route | None:
    """The first route that the ticket fits; None when it goes by none."""
    for route in active_routes():
        fits_team = route.team_id is None or route.team_id == ticket.team_id
        if fits_team and (not route.query or _finds(route.query, ticket)):
            return route
    return None


def _finds(query: str, ticket: Ticket) -> bool:
    return Ticket.objects.filter(parse(query, _everybody()).q, pk=ticket.pk).exists()


def _everybody() -> Agent:
    """Who reads a route's filter: nobody in particular, who sees everything."""
    return Agent(pk=0, role=Role(is_admin=True))


@transaction.atomic
def save_route(route: Route | None, *, by: Any, **values: Any) -> Route:
    """Make a route, or change it. Raises Refused for a filter that is not understood, or tickets that would go in a circle."""
    saved = route or Route(position=Route.objects.count() + 1)
    changes = {}
    for name, value in values.items():
        if name not in FIELDS:
            raise Refused(_("A route has no “%(name)s”.") % {"name": name})
        old = getattr(saved, name)
        if old != value or route is None:
            changes[name] = [_plain(old), _plain(value)]
            setattr(saved, name, value)
    _check(saved)
    saved.save()
    forget()
    if changes:
        record(SettingChanged(what="route", id=saved.pk, name=saved.name, changes=changes), by=by)
    return saved


def _plain(value: Any) -> Any:
    return value if isinstance(value, bool | int | str) else str(value or "")


def _check(route: Route) -> None:
    route.name = (route.name or "").strip()[:80]
    if not route.name:
        raise Refused(_("A route needs a name."), field="name")
    if route.team is None and not route.query.strip():
        raise Refused(_("Say which tickets: those of a team, or those that a filter finds."), field="team")
    if problems := parse(route.query, _everybody()).problems:
        raise Refused(problems[0], field="query")
    if route.strategy not in Route.Strategy.values:
        raise Refused(_("Choose in which way tickets are given."), field="strategy")
    for name in ("overflow_minutes", "timeout_minutes"):
        if not 0 <= getattr(route, name) <= _MOST_MINUTES:
            raise Refused(_("Write minutes, at most sixty days of them."), field=name)
    if route.overflow_team is not None and not route.overflow_minutes:
        raise Refused(_("Say after how many minutes the other team gets it."), field="overflow_minutes")
    _refuse_circle(route)


def _refuse_circle(route: Route) -> None:
    """Tickets that overflow must not come back to where they came from."""
    ways: dict[int | None, int] = {}
    for each in Route.objects.exclude(pk=route.pk).exclude(overflow_team=None):
        if each.team_id is not None and each.overflow_team_id is not None:
            ways[each.team_id] = each.overflow_team_id
    seen, team = {route.team_id}, route.overflow_team_id
    while team is not None:
        if team in seen:
            raise Refused(_("These tickets would come back to where they came from."), field="overflow_team")
        seen.add(team)
        team = ways.get(team)


@transaction.atomic
def delete_route(route: Route, *, by: Any) -> None:
    """Tickets that it would have given stay where they are."""
    number, name = route.pk, route.name
    route.delete()
    forget()
    record(SettingChanged(what="route", id=number, name=name, changes={"deleted": [False, True]}), by=by)


@transaction.atomic
def reorder_routes(numbers: Sequence[int], *, by: Any) -> None:
    """The first one that fits a ticket counts; routes that are not named come last."""
    rows = {route.pk: route for route in Route.objects.select_for_update()}
    order = [n for n in dict.fromkeys(numbers) if n in rows] + [n for n in rows if n not in numbers]
    for position, number in enumerate(order, 1):
        Route.objects.filter(pk=number).update(position=position)
    forget()
    record(SettingChanged(what="route", changes={"order": [list(rows), order]}), by=by)


@transaction.atomic
def set_needs(skill: Skill, wanted: Iterable[tuple[str, int]], *, level: int, by: Any) -> None:
    """Tickets that ask for a skill: ("category", 3), ("tag", 7) … each once, at least so well."""
    old = [_named(need) for need in SkillNeed.objects.filter(skill=skill)]
    kinds = {"category", "service", "type", "tag"}
    chosen = list(dict.fromkeys(wanted))
    if {kind for kind, _number in chosen} - kinds or level not in (1, 2, 3):
        raise Refused(_("Choose categories, services, types or tags, and a level from 1 to 3."))
    SkillNeed.objects.filter(skill=skill).delete()
    rows = [SkillNeed(skill=skill, level=level, **{f"{kind}_id": number}) for kind, number in chosen]
    SkillNeed.objects.bulk_create(rows)
    forget()
    changes = {"needed_for": [", ".join(old), ", ".join(_named(row) for row in rows)], "level": ["", level]}
    record(SettingChanged(what="skill", id=skill.pk, name=skill.name, changes=changes), by=by)


def _named(need: SkillNeed) -> str:
    return str(need.category or need.service or need.type or need.tag)
