"""Tags, and the desk's own rules."""

from typing import Any

from ninja import Router, Schema

from zaguan.api import looking_up
from zaguan.api.access import AgentRequest, needs, once
from zaguan.api.shapes import NameOut
from zaguan.tickets.catalogue import change_rules, delete_tag, rename_tag
from zaguan.tickets.models import Tag
from zaguan.tickets.statuses import rules

router = Router(tags=["lists"])


class TagIn(Schema):
    name: str


class Rules(Schema):
    """Hours until a resolved ticket closes by itself (0 is never), and whether a parent waits for its children."""

    close_after_hours: int
    parent_waits: bool


class Retention(Schema):
    """Days until what was deleted is erased (0: never by itself), and within which a merge can be taken back."""

    trash_days: int
    undo_merge_days: int


class RetentionIn(Schema):
    trash_days: int | None = None
    undo_merge_days: int | None = None


class RulesIn(Schema):
    close_after_hours: int | None = None
    parent_waits: bool | None = None


@router.get("/tags", response=list[NameOut], summary="List tags")
@needs("desk.use")
def list_tags(request: AgentRequest) -> Any:
    return Tag.objects.visible_to(request.auth)


@router.patch("/tags/{int:tag_id}", response=NameOut, summary="Rename a tag")
@needs("tickets.manage_lists")
@once
def change_tag(request: AgentRequest, tag_id: int, body: TagIn) -> dict[str, Any]:
    """To the name of another tag: the two become one."""
    tag = looking_up.found(Tag.objects.visible_to(request.auth), pk=tag_id)
    renamed = rename_tag(tag, body.name, by=request.auth)
    return {"id": renamed.pk, "name": renamed.name}


@router.delete("/tags/{int:tag_id}", response={204: None}, summary="Delete a tag")
@needs("tickets.manage_lists")
def remove_tag(request: AgentRequest, tag_id: int) -> None:
    delete_tag(looking_up.found(Tag.objects.visible_to(request.auth), pk=tag_id), by=request.auth)


@router.get("/rules", response=Rules, summary="Read what happens by itself")
@needs("desk.use")
def read_rules(request: AgentRequest) -> Any:
    return rules()


@router.patch("/rules", response=Rules, summary="Change what happens by itself")
@needs("tickets.manage_lists")
@once
def write_rules(request: AgentRequest, body: RulesIn) -> dict[str, Any]:
    changed = change_rules(by=request.auth, **body.model_dump(exclude_none=True))
    return {name: getattr(changed, name) for name in Rules.model_fields}


@router.get("/retention", response=Retention, summary="Read how long things can be brought back")
@needs("tickets.purge")
def read_retention(request: AgentRequest) -> Any:
    return rules()


@router.patch("/retention", response=Retention, summary="Change how long things can be brought back")
@needs("tickets.purge")
@once
def write_retention(request: AgentRequest, body: RetentionIn) -> dict[str, Any]:
    """What is left out stays."""
    changed = change_rules(by=request.auth, **body.model_dump(exclude_none=True))
    return {name: getattr(changed, name) for name in Retention.model_fields}
