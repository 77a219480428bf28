"""Who is there, what each can and carries: availability, abilities, capacity."""

from datetime import datetime
from typing import Any, Literal

from ninja import Router, Schema

from zaguan.api import looking_up
from zaguan.api.access import AgentRequest, needs, once
from zaguan.automation.routing_words import abilities_of
from zaguan.people.availability import set_availability
from zaguan.people.capacity import capacity, save_capacity, total_of
from zaguan.people.models import Agent, Capacity
from zaguan.people.skills import languages_of, set_abilities

router = Router(tags=["distribution"])
Places = float


class AvailabilityIn(Schema):
    """`until`: online again by itself from then on."""

    availability: Literal["online", "busy", "away"]
    until: datetime | None = None


class AvailabilityOut(Schema):
    """`automatic`: silence made them away; the next sign of life brings them back."""

    availability: str
    until: datetime | None
    automatic: bool


class CapacityIn(Schema):
    """In places: a chat is one. `weights` by channel; `other` is what any other channel weighs."""

    weights: dict[str, Places] | None = None
    other: Places | None = None
    total: Places | None = None
    away_after_minutes: int | None = None


class CapacityOut(Schema):
    weights: dict[str, Places]
    other: Places
    total: Places
    away_after_minutes: int


class AbilitiesIn(Schema):
    """Skill (id) → level 1 to 3. `capacity` in places, null for what the desk says."""

    skills: dict[int, int] | None = None
    languages: list[str] | None = None
    capacity: Places | None = None


class AbilitiesOut(Schema):
    agent: int
    skills: dict[int, int]
    languages: list[str]
    capacity: Places | None
    total: Places


def hundredths(value: float | None) -> int | None:
    """Places as they are stored."""
    return None if value is None else round(value * 100)


@router.put("/me/availability", response=AvailabilityOut, summary="Be online, busy or away")
@needs("desk.use")
@once
def put_availability(request: AgentRequest, body: AvailabilityIn) -> dict[str, Any]:
    agent = set_availability(request.auth, body.availability, until=body.until, by=request.auth)
    automatic = bool(agent.returns_to)
    return {"availability": agent.availability, "until": agent.availability_until, "automatic": automatic}


def _capacity_out(row: Capacity) -> dict[str, Any]:
    weights = {channel: weight / 100 for channel, weight in row.weights.items()}
    plain = {"other": row.other / 100, "total": row.total / 100}
    return plain | {"weights": weights, "away_after_minutes": row.away_after_minutes}


@router.get("/capacity", response=CapacityOut, summary="What channels weigh and how much an agent carries")
@needs("desk.use")
def read_capacity(request: AgentRequest) -> dict[str, Any]:
    return _capacity_out(capacity())


@router.patch("/capacity", response=CapacityOut, summary="Change what channels weigh and agents carry")
@needs("automation.manage_routing")
@once
def patch_capacity(request: AgentRequest, body: CapacityIn) -> dict[str, Any]:
    weights = None if body.weights is None else {k: round(v * 100) for k, v in body.weights.items()}
    values = {"other": hundredths(body.other), "total": hundredths(body.total)}
    given = {"away_after_minutes": body.away_after_minutes, "weights": weights}
    return _capacity_out(save_capacity(by=request.auth, **values, **given))  # type: ignore[arg-type]


def _abilities_out(agent: Agent) -> dict[str, Any]:
    return {
        "agent": agent.pk,
        "skills": {skill.pk: level for skill, level in abilities_of([agent])[agent.pk]},
        "languages": languages_of(agent),
        "capacity": None if agent.capacity is None else agent.capacity / 100,
        "total": total_of(agent) / 100,
    }


def _agent(request: AgentRequest, agent_id: int) -> Agent:
    return looking_up.found(Agent.objects.visible_to(request.auth), pk=agent_id)


@router.get(
    "/agents/{int:agent_id}/abilities", response=AbilitiesOut, summary="What an agent can and carries"
)
@needs("desk.use")
def read_abilities(request: AgentRequest, agent_id: int) -> dict[str, Any]:
    return _abilities_out(_agent(request, agent_id))


@router.patch("/agents/{int:agent_id}/abilities", response=AbilitiesOut, summary="Change what an agent can")
@needs("automation.manage_routing")
@once
def patch_abilities(request: AgentRequest, agent_id: int, body: AbilitiesIn) -> dict[str, Any]:
    given = body.model_dump(exclude_unset=True)
    if "capacity" in given:
        given["capacity"] = hundredths(given["capacity"])
    return _abilities_out(set_abilities(_agent(request, agent_id), by=request.auth, **given))
