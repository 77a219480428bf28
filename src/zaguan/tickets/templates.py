"""Templates of a new ticket: what its form begins with, personal, of a team or for everybody."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from zaguan.events.recording import record
from zaguan.lib.errors import Refused
from zaguan.people.events import SettingChanged
from zaguan.people.models import Agent, Role, Team
from zaguan.tickets.models import Template

MOST = 100


@transaction.atomic
def save_template(
    agent: Agent,
    name: str,
    values: dict[str, Any],
    *,
    by: Any,
    team: Team | None = None,
    everybody: bool = False,
) -> Template:
    """Keep values under a name; one with this name in the same place is replaced. Raises Refused without a name."""
    shared = everybody or team is not None
    if shared:
        _check_sharing(agent, team)
    clean = _checked(name)
    owner = None if shared else agent
    beside = Template.objects.filter(owner=owner, team=team)
    found = beside.filter(name__iexact=clean).first()
    if found is None and beside.count() >= MOST:
        raise Refused(_("There are already %(count)s templates. Delete one first.") % {"count": MOST})
    row = found or Template(
        owner=owner, team=team, position=(beside.aggregate(top=Max("position"))["top"] or 0) + 1
    )
    row.name, row.values = clean, values
    row.save()
    record(SettingChanged(what="template", id=row.pk, name=row.name), by=by)
    return row


@transaction.atomic
def change_template(
    agent: Agent, template: Template, *, by: Any, name: str = "", values: Any = None
) -> Template:
    """Another name, or other values. Raises Refused for somebody else's, or a shared one without the permission."""
    row = _lock(agent, template)
    changes = {"name": [row.name, name]} if name and name != row.name else {}
    row.name = _checked(name) if name else row.name
    row.values = values if values is not None else row.values
    row.save()
    record(SettingChanged(what="template", id=row.pk, name=row.name, changes=changes), by=by)
    return row


@transaction.atomic
def delete_template(agent: Agent, template: Template, *, by: Any) -> None:
    """Forget a template; tickets that began with it stay as they are."""
    row = _lock(agent, template)
    number, name = row.pk, row.name
    row.delete()
    record(SettingChanged(what="template", id=number, name=name, changes={"deleted": [False, True]}), by=by)


def may_change(agent: Agent, template: Template) -> bool:
    """Whether it is the agent's own, or a shared one that they look after."""
    return template.owner_id == agent.pk or (
        template.owner_id is None and agent.can("tickets.share_templates")
    )


def _lock(agent: Agent, template: Template) -> Template:
    row = Template.objects.select_for_update(of=("self",)).get(pk=template.pk)
    if row.owner_id is None:
        _check_sharing(agent, row.team)
    elif row.owner_id != agent.pk:
        raise Refused(_("This template belongs to somebody else."))
    return row


def _check_sharing(agent: Agent, team: Team | None) -> None:
    if not agent.can("tickets.share_templates"):
        raise Refused(_("You may not share templates. Ask an administrator."), field="template_shared")
    sees_all = agent.scope == Role.Scope.ALL
    if team is not None and not sees_all and team.pk not in agent.team_ids():
        raise Refused(_("You are not in the team %(team)s.") % {"team": team.name}, field="template_shared")


def _checked(name: str) -> str:
    clean = " ".join(name.split())
    if not clean or len(clean) > 80:
        raise Refused(_("A template has a name of 1 to 80 letters."), field="template_name")
    return clean
