"""Saved views: a name for a filter and an order; one's own, a team's, or everybody's."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from zaguan.events.recording import record
from zaguan.lib.errors import Refused
from zaguan.people.events import SettingChanged
from zaguan.people.models import Agent, Role, Team
from zaguan.people.reference import forget_all
from zaguan.tickets import reference
from zaguan.tickets.filtering import parse
from zaguan.tickets.models import View
from zaguan.tickets.ordering import ORDERS
from zaguan.tickets.permissions import SAVE_VIEWS

# More would not fit beside the list, and each is counted.
MOST = 40


def views_of(agent: Agent) -> list[View]:
    """The views that the agent sees, in their order, from the kept table: every page lists them."""
    seen = [view for view in reference.views.all().values() if view.is_visible_to(agent)]
    return sorted(seen, key=lambda v: (v.position, v.pk))


@transaction.atomic
def save_view(
    agent: Agent,
    name: str,
    query: str,
    *,
    order: str = "active",
    team: Team | None = None,
    everybody: bool = False,
    by: Any,
) -> View:
    """Keep a filter under a name: for the agent, a team, or everybody. Raises Refused for one that cannot be read."""
    shared = everybody or team is not None
    if shared:
        _check_sharing(agent, team)
    owner = None if shared else agent
    values = _checked(agent, name, query, order)
    beside = View.objects.filter(owner=owner, team=team)
    if beside.count() >= MOST:
        raise Refused(_("There are already %(count)s views. Delete one first.") % {"count": MOST})
    position = (beside.aggregate(last=Max("position"))["last"] or 0) + 1
    view = View.objects.create(owner=owner, team=team, position=position, **values)
    forget_all()
    record(SettingChanged(what="view", id=view.pk, name=view.name), by=by)
    return view


@transaction.atomic
def change_view(agent: Agent, view: View, *, by: Any, **values: str) -> View:
    """Change name, query or order. Raises Refused for somebody else's, or a shared one without the permission."""
    fresh = _lock(agent, view)
    wanted = {"name": fresh.name, "query": fresh.query, "order": fresh.order} | values
    checked = _checked(agent, **wanted)
    changes = {key: [getattr(fresh, key), new] for key, new in checked.items() if getattr(fresh, key) != new}
    if changes:
        for key, new in checked.items():
            setattr(fresh, key, new)
        fresh.save(update_fields=list(checked))
        forget_all()
        record(SettingChanged(what="view", id=fresh.pk, name=fresh.name, changes=changes), by=by)
    return fresh


def rename_view(agent: Agent, view: View, name: str, *, by: Any) -> View:
    """Give a view another name."""
    return change_view(agent, view, by=by, name=name)


@transaction.atomic
def delete_view(agent: Agent, view: View, *, by: Any) -> None:
    """Forget a view; the tickets stay."""
    fresh = _lock(agent, view)
    number = fresh.pk
    fresh.delete()
    forget_all()
    record(SettingChanged(what="view", id=number, name=view.name, changes={"deleted": [False, True]}), by=by)


@transaction.atomic
def reorder_views(agent: Agent, numbers: Sequence[int], *, by: Any) -> None:
    """Put the views that the agent may change into this order; others keep their place."""
    place = {number: position for position, number in enumerate(numbers, 1)}
    rows = View.objects.visible_to(agent).filter(pk__in=numbers).select_for_update(of=("self",))
    own = [view for view in rows if view.owner_id == agent.pk or agent.can(SAVE_VIEWS)]
    for view in own:
        view.position = place[view.pk]
    View.objects.bulk_update(own, ["position"])
    if own:
        forget_all()
        record(SettingChanged(what="view", changes={"order": [[], [view.pk for view in own]]}), by=by)


def _lock(agent: Agent, view: View) -> View:
    fresh = View.objects.select_for_update(of=("self",)).get(pk=view.pk)
    if fresh.owner_id is None:
        _check_sharing(agent, fresh.team)
    elif fresh.owner_id != agent.pk:
        raise Refused(_("This view belongs to somebody else."))
    return fresh


def _check_sharing(agent: Agent, team: Team | None) -> None:
    if not agent.can(SAVE_VIEWS):
        raise Refused(_("You may not share views. Ask an administrator."))
    sees_all = agent.scope == Role.Scope.ALL
    if team is not None and not sees_all and team.pk not in agent.team_ids():
        raise Refused(_("You are not in the team %(team)s.") % {"team": team.name}, field="team")


def _checked(agent: Agent, name: str, query: str, order: str) -> dict[str, str]:
    clean = " ".join(name.split())
    if not clean or len(clean) > 80:
        raise Refused(_("A view has a name of 1 to 80 letters."), field="name")
    if len(query) > 500:
        raise Refused(_("This filter is too long to be saved."), field="query")
    problems = parse(query, agent, with_words=False).problems
    if problems:
        raise Refused(problems[0], field="query")
    if order not in ORDERS:
        raise Refused(_("There is no such order."), field="order")
    return {"name": clean, "query": query.strip(), "order": order}
