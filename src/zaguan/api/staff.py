"""Agents, teams and roles."""

from typing import Any, Literal

from ninja import Router, Schema, Status

from zaguan.api import looking_up
from zaguan.api.access import AgentRequest, needs, once
from zaguan.api.editions import Edition
from zaguan.api.shapes import NameOut
from zaguan.people import staffing
from zaguan.people.models import Agent, Role, Team

router = Router(tags=["staff"])


class AgentOut(NameOut):
    email: str
    role: str
    teams: list[int]
    is_active: bool
    works_by_next: bool
    availability: str


class AgentIn(Schema):
    """Names or ids for role and teams; fields that are left out stay.

    `works_by_next`: no lists of what waits; they see only the tickets that they have, and get more by Next or a route.
    """

    name: str | None = None
    email: str | None = None
    role: int | str | None = None
    teams: list[int | str] | None = None
    language: Literal["es", "en", "pt-br"] | None = None
    password: str | None = None
    works_by_next: bool | None = None
    is_active: bool | None = None


class NewAgent(AgentIn):
    name: str
    email: str
    role: int | str


class TeamOut(NameOut):
    description: str
    signature: str


class TeamIn(Schema):
    name: str | None = None
    description: str | None = None
    signature: str | None = None
    archived: bool | None = None


class RoleOut(NameOut):
    is_admin: bool
    ticket_scope: str
    permissions: list[str]


class RoleIn(Schema):
    name: str | None = None
    is_admin: bool | None = None
    ticket_scope: Literal["own", "team", "all"] | None = None
    permissions: list[str] | None = None


def _given(body: Schema) -> dict[str, Any]:
    return {name: value for name, value in body.model_dump(exclude_unset=True).items() if value is not None}


def _agents(request: AgentRequest) -> Any:
    return Agent.objects.visible_to(request.auth).select_related("role").prefetch_related("teams")


def _agent_out(agent: Agent) -> dict[str, Any]:
    plain = {
        field: getattr(agent, field)
        for field in ("name", "email", "is_active", "works_by_next", "availability")
    }
    return plain | {"id": agent.pk, "role": agent.role.name, "teams": [t.pk for t in agent.teams.all()]}


def _agent_values(request: AgentRequest, body: AgentIn) -> dict[str, Any]:
    values = _given(body)
    if "role" in values:
        values["role"] = looking_up.one(Role.objects.visible_to(request.auth), values["role"], "role")
    if "teams" in values:
        values["teams"] = [looking_up.team(request.auth, wanted) for wanted in values["teams"]]
    if "email" in values:
        values["email"] = values["email"].strip().lower()
    return values


def _agent(request: AgentRequest, agent_id: int) -> Agent:
    found: Agent = looking_up.found(_agents(request), pk=agent_id)
    return found


def _team(request: AgentRequest, team_id: int) -> Team:
    found: Team = looking_up.found(Team.objects.visible_to(request.auth), pk=team_id)
    return found


def _role(request: AgentRequest, role_id: int) -> Role:
    found: Role = looking_up.found(Role.objects.visible_to(request.auth), pk=role_id)
    return found


# What agents do all day is no change of who they are.
_BY_THEMSELVES = (
    *("last_login", "availability", "availability_until", "returns_to", "seen_at", "preferences", "password"),
)
AGENT = Edition(_agent, parts=lambda row: sorted(row.team_ids()), besides=_BY_THEMSELVES)
TEAM, ROLE = Edition(_team), Edition(_role)


@router.get("/agents", response=list[AgentOut], summary="List agents")
@needs("desk.use")
def list_agents(request: AgentRequest) -> list[dict[str, Any]]:
    return [_agent_out(agent) for agent in _agents(request).filter(is_active=True)]


@router.post("/agents", response={201: AgentOut}, summary="Add an agent")
@needs("people.manage_agents")
@once
def create_agent(request: AgentRequest, body: NewAgent) -> Status[Any]:
    made = staffing.create_agent(by=request.auth, **_agent_values(request, body))
    return Status(201, _agent_out(looking_up.found(_agents(request), pk=made.pk)))


@router.get("/agents/{int:agent_id}", response=AgentOut, summary="Read an agent")
@needs("desk.use")
@AGENT
def read_agent(request: AgentRequest, agent_id: int) -> dict[str, Any]:
    return _agent_out(_agent(request, agent_id))


@router.patch("/agents/{int:agent_id}", response=AgentOut, summary="Change an agent")
@needs("people.manage_agents")
@once
@AGENT
def patch_agent(request: AgentRequest, agent_id: int, body: AgentIn) -> dict[str, Any]:
    agent, values = looking_up.found(_agents(request), pk=agent_id), _agent_values(request, body)
    password = values.pop("password", "")
    changed = staffing.change_agent(agent, by=request.auth, **values)
    if password:
        staffing.set_password(changed, password, by=request.auth)
    return _agent_out(looking_up.found(_agents(request), pk=agent_id))


@router.get("/teams", response=list[TeamOut], summary="List teams")
@needs("desk.use")
def list_teams(request: AgentRequest) -> Any:
    return Team.objects.visible_to(request.auth).filter(archived_at=None)


@router.post("/teams", response={201: TeamOut}, summary="Add a team")
@needs("people.manage_agents")
@once
def create_team(request: AgentRequest, body: TeamIn) -> Status[Any]:
    values = _given(body)
    values.pop("archived", None)
    return Status(201, _team_out(staffing.save_team(None, by=request.auth, **values)))


@router.get("/teams/{int:team_id}", response=TeamOut, summary="Read a team")
@needs("desk.use")
@TEAM
def read_team(request: AgentRequest, team_id: int) -> dict[str, Any]:
    return _team_out(_team(request, team_id))


@router.patch("/teams/{int:team_id}", response=TeamOut, summary="Change a team, retire it or bring it back")
@needs("people.manage_agents")
@once
@TEAM
def patch_team(request: AgentRequest, team_id: int, body: TeamIn) -> dict[str, Any]:
    team, values = looking_up.found(Team.objects.visible_to(request.auth), pk=team_id), _given(body)
    archived = values.pop("archived", None)
    if values:
        team = staffing.save_team(team, by=request.auth, **values)
    if archived is not None:
        staffing.set_team_archived(team, archived, by=request.auth)
    return _team_out(team)


def _team_out(team: Team) -> dict[str, Any]:
    return {"id": team.pk} | {field: getattr(team, field) for field in ("name", "description", "signature")}


def _role_out(role: Role) -> dict[str, Any]:
    return {"id": role.pk} | {
        f: getattr(role, f) for f in ("name", "is_admin", "ticket_scope", "permissions")
    }


@router.get("/roles", response=list[RoleOut], summary="List roles")
@needs("people.manage_agents")
def list_roles(request: AgentRequest) -> list[dict[str, Any]]:
    return [_role_out(role) for role in Role.objects.visible_to(request.auth)]


@router.post("/roles", response={201: RoleOut}, summary="Add a role")
@needs("people.manage_agents")
@once
def create_role(request: AgentRequest, body: RoleIn) -> Status[Any]:
    return Status(201, _role_out(staffing.save_role(None, by=request.auth, **_given(body))))


@router.get("/roles/{int:role_id}", response=RoleOut, summary="Read a role")
@needs("people.manage_agents")
@ROLE
def read_role(request: AgentRequest, role_id: int) -> dict[str, Any]:
    return _role_out(_role(request, role_id))


@router.patch("/roles/{int:role_id}", response=RoleOut, summary="Change a role")
@needs("people.manage_agents")
@once
@ROLE
def patch_role(request: AgentRequest, role_id: int, body: RoleIn) -> dict[str, Any]:
    role = looking_up.found(Role.objects.visible_to(request.auth), pk=role_id)
    return _role_out(staffing.save_role(role, by=request.auth, **_given(body)))


@router.delete("/roles/{int:role_id}", response={204: None}, summary="Delete a role that nobody has")
@needs("people.manage_agents")
@ROLE
def remove_role(request: AgentRequest, role_id: int) -> None:
    staffing.delete_role(looking_up.found(Role.objects.visible_to(request.auth), pk=role_id), by=request.auth)
