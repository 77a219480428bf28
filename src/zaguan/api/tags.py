"""Tags."""

from typing import Any

from ninja import Router, Schema

from zaguan.api import looking_up
from zaguan.api.access import AgentRequest, needs, once
from zaguan.api.editions import Edition
from zaguan.api.shapes import NameOut
from zaguan.tickets.catalogue import delete_tag, rename_tag
from zaguan.tickets.models import Tag

router = Router(tags=["lists"])


class TagIn(Schema):
    name: str


def _tag(request: AgentRequest, tag_id: int) -> Tag:
    found: Tag = looking_up.found(Tag.objects.visible_to(request.auth), pk=tag_id)
    return found


EDITION = Edition(_tag)


@router.get("/tags", response=list[NameOut], summary="List tags")
@needs("desk.use")
def list_tags(request: AgentRequest) -> Any:
    return Tag.objects.visible_to(request.auth)


@router.get("/tags/{int:tag_id}", response=NameOut, summary="Read a tag")
@needs("desk.use")
@EDITION
def read_tag(request: AgentRequest, tag_id: int) -> Any:
    return _tag(request, tag_id)


@router.patch("/tags/{int:tag_id}", response=NameOut, summary="Rename a tag")
@needs("tickets.manage_lists")
@once
@EDITION
def change_tag(request: AgentRequest, tag_id: int, body: TagIn) -> dict[str, Any]:
    """To the name of another tag: the two become one."""
    tag = looking_up.found(Tag.objects.visible_to(request.auth), pk=tag_id)
    renamed = rename_tag(tag, body.name, by=request.auth)
    return {"id": renamed.pk, "name": renamed.name}


@router.delete("/tags/{int:tag_id}", response={204: None}, summary="Delete a tag")
@needs("tickets.manage_lists")
@EDITION
def remove_tag(request: AgentRequest, tag_id: int) -> None:
    delete_tag(looking_up.found(Tag.objects.visible_to(request.auth), pk=tag_id), by=request.auth)
