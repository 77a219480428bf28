"""Agents, teams and roles: who works here and what they may do."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from zaguan.events.recording import record
from zaguan.lib.errors import Refused
from zaguan.people.events import AgentChanged, SettingChanged
from zaguan.people.models import Agent, Role, Team
from zaguan.people.permissions import all_permissions
from zaguan.people.reference import forget_all
from zaguan.people.working_by_next import check_ways_of_working


@transaction.atomic
def create_agent(
    *,
    email: str,
    name: str,
    role: Role,
    by: Any,
    teams: Iterable[Team] = (),
    password: str | None = None,
    **fields: Any,
) -> Agent:
    """A new agent. Raises Refused for an address that is taken or malformed, or a weak password."""
    email = email.strip().lower()
    if not name.strip():
        raise Refused(_("An agent needs a name."), field="name")
    _refuse_raising(by, role)
    if "@" not in email.strip("@"):
        raise Refused(_("“%(value)s” is not an e-mail address.") % {"value": email}, field="email")
    if Agent.objects.filter(email=email).exists():
        raise Refused(_("There is an agent with this address already."), field="email")
    if password is not None:
        check_password(password, None)
    check_ways_of_working(role, works_by_next=bool(fields.get("works_by_next")))
    agent = Agent.objects.create_agent(email, password, name=name.strip()[:120], role=role, **fields)
    agent.teams.set(teams)
    forget_all()
    record(
        AgentChanged(agent_id=agent.pk, changes={"name": ["", agent.name], "role": ["", role.name]}), by=by
    )
    return agent


def _refuse_raising(by: Any, *roles: Role | None) -> None:
    """Whoever manages agents without administering makes no administrator, and touches none: else they were one."""
    if isinstance(by, Agent) and not by.role.is_admin and any(role and role.is_admin for role in roles):
        raise Refused(_("Only an administrator can do this to an administrator."), field="role")


def check_password(password: str, agent: Agent | None) -> None:
    """Raises Refused with what is wrong with a new password."""
    try:
        validate_password(password, agent)
    except ValidationError as error:
        raise Refused(" ".join(error.messages), field="password") from None


@transaction.atomic
def change_agent(agent: Agent, *, by: Any, teams: Iterable[Team] | None = None, **values: Any) -> Agent:
    """Change an agent. Raises Refused when no administrator who may sign in would be left."""
    fresh = Agent.objects.select_for_update(of=("self",)).select_related("role").get(pk=agent.pk)
    _refuse_raising(by, fresh.role, values.get("role"))
    changes = {}
    for name, value in values.items():
        old = getattr(fresh, name)
        if old != value:
            setattr(fresh, name, value)
            changes[name] = [str(old), str(value)]
    if {"role", "works_by_next"} & set(changes):
        check_ways_of_working(fresh.role, works_by_next=fresh.works_by_next)
    if changes:
        fresh.save(update_fields=[*changes])
    if teams is not None:
        changes |= _change_teams(fresh, list(teams))
    _keep_an_admin()
    if changes:
        forget_all()
        record(AgentChanged(agent_id=fresh.pk, changes=changes), by=by)
    return fresh


def _change_teams(agent: Agent, teams: list[Team]) -> dict[str, Any]:
    old = sorted(agent.teams.values_list("name", flat=True))
    new = sorted(team.name for team in teams)
    agent.teams.set(teams)
    return {} if old == new else {"teams": [", ".join(old), ", ".join(new)]}


def _keep_an_admin() -> None:
    if not Agent.objects.filter(is_active=True, role__is_admin=True).exists():
        raise Refused(_("Somebody must be able to administer: keep one active administrator."))


@transaction.atomic
def set_password(agent: Agent, password: str, *, by: Any) -> None:
    """A new password; every other session of the agent ends."""
    _refuse_raising(by, agent.role)
    check_password(password, agent)
    agent.set_password(password)
    agent.save(update_fields=["password"])
    record(AgentChanged(agent_id=agent.pk, changes={"password": ["", ""]}), by=by)


@transaction.atomic
def save_team(team: Team | None, *, by: Any, **values: Any) -> Team:
    """Create or change a team: name, description, signature."""
    name = str(values.get("name", team.name if team else "")).strip()
    if not name:
        raise Refused(_("A team needs a name."), field="name")
    changes = {k: [getattr(team, k, "") if team else "", v] for k, v in values.items()}
    saved = team or Team()
    for key, value in values.items():
        setattr(saved, key, value)
    _save_named(saved, _("There is a team of this name already."))
    record(SettingChanged(what="team", id=saved.pk, name=saved.name, changes=changes), by=by)
    return saved


def _save_named(row: Team | Role, sentence: str) -> None:
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError:
        raise Refused(sentence, field="name") from None
    forget_all()


@transaction.atomic
def set_team_archived(team: Team, archived: bool, *, by: Any) -> None:
    """Retire a team, keeping its history, or bring it back. Raises Refused while inboxes deliver to it."""
    if archived and team.inboxes.filter(is_active=True).exists():
        raise Refused(_("An inbox still delivers to this team. Give the inbox another team first."))
    team.archived_at = timezone.now() if archived else None
    team.save(update_fields=["archived_at"])
    forget_all()
    record(
        SettingChanged(
            what="team", id=team.pk, name=team.name, changes={"archived": [not archived, archived]}
        ),
        by=by,
    )


@transaction.atomic
def save_role(role: Role | None, *, by: Any, **values: Any) -> Role:
    """Create or change a role; unknown permissions are refused."""
    if not str(values.get("name", role.name if role else "")).strip():
        raise Refused(_("A role needs a name."), field="name")
    if isinstance(by, Agent) and not by.role.is_admin:
        _refuse_granting(by, role, values)
    unknown = set(values.get("permissions", [])) - set(all_permissions())
    if unknown:
        raise Refused(
            _("There is no permission %(name)s.") % {"name": sorted(unknown)[0]}, field="permissions"
        )
    changes = {k: [getattr(role, k, "") if role else "", v] for k, v in values.items()}
    saved = role or Role()
    for key, value in values.items():
        setattr(saved, key, value)
    _save_named(saved, _("There is a role of this name already."))
    if role is not None:
        _keep_an_admin()
    record(SettingChanged(what="role", id=saved.pk, name=saved.name, changes=changes), by=by)
    return saved


def _refuse_granting(by: Agent, role: Role | None, values: dict[str, Any]) -> None:
    """Nobody hands out, in a role, what they may not do themselves."""
    _refuse_raising(by, role)
    present = set(role.permissions) if role else set()
    new = set(values.get("permissions", [])) - present - set(by.role.permissions)
    sees_all = Role.Scope.ALL in (by.role.ticket_scope, role.ticket_scope if role else "")
    wider = values.get("ticket_scope") == Role.Scope.ALL and not sees_all
    if values.get("is_admin") or new or wider:
        raise Refused(_("A role cannot be given more than your own may do."), field="permissions")


@transaction.atomic
def delete_role(role: Role, *, by: Any) -> None:
    """Remove a role that nobody has."""
    if role.agents.exists():
        raise Refused(_("Some agents have this role. Give them another one first."))
    name, pk = role.name, role.pk
    role.delete()
    record(SettingChanged(what="role", id=pk, name=name, changes={"deleted": [False, True]}), by=by)
