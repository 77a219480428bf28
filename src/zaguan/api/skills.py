"""Skills, and the tickets that ask for them."""

from typing import Any, Literal

from ninja import Router, Schema, Status
from pydantic import Field

from zaguan.api import looking_up
from zaguan.api.access import AgentRequest, needs, once
from zaguan.api.editions import Edition
from zaguan.automation.models import SkillNeed
from zaguan.automation.routing_routes import set_needs
from zaguan.automation.routing_words import needs_of
from zaguan.people.models import Skill
from zaguan.people.skills import save_skill, set_skill_archived

router = Router(tags=["distribution"])
KINDS = ("category", "service", "type", "tag")


class NeedIn(Schema):
    kind: Literal["category", "service", "type", "tag"]
    id: int


class SkillIn(Schema):
    """Fields that are left out stay. `needed_for`: tickets that ask for it, at least on `level` (1 to 3)."""

    name: str | None = Field(None, max_length=80)
    description: str | None = Field(None, max_length=200)
    archived: bool | None = None
    needed_for: list[NeedIn] | None = None
    level: int = 1


class NewSkill(SkillIn):
    name: str


class SkillOut(Schema):
    id: int
    name: str
    description: str
    archived: bool
    level: int
    needed_for: list[NeedIn]


def _skill_out(skill: Skill) -> dict[str, Any]:
    needs_it = needs_of(skill)
    return {
        "id": skill.pk,
        "name": skill.name,
        "description": skill.description,
        "archived": skill.archived_at is not None,
        "level": needs_it[0].level if needs_it else 1,
        "needed_for": [_need_out(need) for need in needs_it],
    }


def _need_out(need: SkillNeed) -> dict[str, Any]:
    kind = next(kind for kind in KINDS if getattr(need, f"{kind}_id"))
    return {"kind": kind, "id": getattr(need, f"{kind}_id")}


def _save(request: AgentRequest, skill: Skill | None, body: SkillIn) -> Skill:
    name = body.name if body.name is not None else (skill.name if skill else "")
    description = body.description if body.description is not None else (skill.description if skill else "")
    saved = save_skill(skill, name=name, description=description, by=request.auth)
    if body.needed_for is not None:
        set_needs(saved, [(n.kind, n.id) for n in body.needed_for], level=body.level, by=request.auth)
    if body.archived is not None:
        set_skill_archived(saved, body.archived, by=request.auth)
    return saved


def _skill(request: AgentRequest, skill_id: int) -> Skill:
    return looking_up.found(Skill.objects.visible_to(request.auth), pk=skill_id)


EDITION = Edition(_skill, parts=needs_of)


@router.get("/skills", response=list[SkillOut], summary="List skills")
@needs("desk.use")
def list_skills(request: AgentRequest) -> list[dict[str, Any]]:
    return [_skill_out(skill) for skill in Skill.objects.visible_to(request.auth)]


@router.post("/skills", response={201: SkillOut}, summary="Add a skill")
@needs("automation.manage_routing")
@once
def create_skill(request: AgentRequest, body: NewSkill) -> Status[Any]:
    return Status(201, _skill_out(_save(request, None, body)))


@router.get("/skills/{int:skill_id}", response=SkillOut, summary="Read a skill")
@needs("desk.use")
@EDITION
def read_skill(request: AgentRequest, skill_id: int) -> dict[str, Any]:
    return _skill_out(_skill(request, skill_id))


@router.patch("/skills/{int:skill_id}", response=SkillOut, summary="Change a skill")
@needs("automation.manage_routing")
@once
@EDITION
def patch_skill(request: AgentRequest, skill_id: int, body: SkillIn) -> dict[str, Any]:
    return _skill_out(_save(request, _skill(request, skill_id), body))
