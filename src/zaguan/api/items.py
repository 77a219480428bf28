"""What hangs on a ticket for agents only, and the library that all share."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from ninja import Router, Schema, Status

from zaguan.api import looking_up
from zaguan.api.access import AgentRequest, needs, once
from zaguan.api.editions import Edition
from zaguan.conversations.hanging import hang_file, hang_library_item, hang_link, take_down, what_of
from zaguan.conversations.library import save_item, set_item_archived
from zaguan.conversations.models import Attachment, LibraryItem, TicketItem
from zaguan.lib.errors import Refused
from zaguan.people.models import Agent

router = Router(tags=["messages"])


class ItemIn(Schema):
    """One of the three: an uploaded file's id, a web address with a name, or an item of the library."""

    attachment: str = ""
    address: str = ""
    name: str = ""
    library_item: str = ""


class ItemOut(Schema):
    """`what`: file, link or library; `attachment` is the id to fetch the file with."""

    id: int
    what: str
    name: str
    address: str
    attachment: str | None
    created_at: datetime


class LibraryIn(Schema):
    """A file that was uploaded, or a web address."""

    name: str = ""
    folder: str = ""
    description: str = ""
    address: str = ""
    attachment: str = ""


class LibraryChange(Schema):
    name: str | None = None
    folder: str | None = None
    description: str | None = None
    address: str | None = None
    attachment: str | None = None
    archived: bool | None = None


class LibraryOut(Schema):
    id: str
    name: str
    folder: str
    description: str
    address: str
    attachment: str | None
    archived: bool


def _out(item: TicketItem) -> dict[str, Any]:
    shared = item.library_item
    file = item.attachment or (shared.attachment if shared else None)
    return {
        "id": item.pk,
        "what": what_of(item),
        "name": item.name,
        "address": item.address or (shared.address if shared else ""),
        "attachment": file.public_id if file else None,
        "created_at": item.created_at,
    }


def _items(viewer: Agent, number: int) -> Any:
    rows = TicketItem.objects.visible_to(viewer).filter(ticket_id=number)
    return rows.select_related("attachment", "library_item__attachment")


def _upload(viewer: Agent, public_id: str) -> Attachment:
    waiting = Attachment.objects.visible_to(viewer).filter(message=None, uploaded_by=viewer)
    found = waiting.filter(public_id=public_id).first()
    if found is None:
        raise Refused(_("One of the attachments does not exist."), field="attachment")
    return found


@router.get("/tickets/{int:number}/items", response=list[ItemOut], summary="List what hangs on a ticket")
@needs("desk.use")
def list_items(request: AgentRequest, number: int) -> list[dict[str, Any]]:
    """Files, links and items of the library, for agents only; what was sent is in the messages."""
    ticket = looking_up.ticket_for(request.auth, number)
    return [_out(item) for item in _items(request.auth, ticket.pk)]


@router.post("/tickets/{int:number}/items", response={201: ItemOut}, summary="Hang something on a ticket")
@needs("conversations.note")
@once
def create_item(request: AgentRequest, number: int, body: ItemIn) -> Status[Any]:
    ticket = looking_up.ticket_for(request.auth, number)
    if body.attachment:
        made = hang_file(ticket, _upload(request.auth, body.attachment), by=request.auth)
    elif body.library_item:
        shared = LibraryItem.objects.visible_to(request.auth)
        made = hang_library_item(
            ticket, looking_up.found(shared, public_id=body.library_item), by=request.auth
        )
    else:
        made = hang_link(ticket, body.address, body.name, by=request.auth)
    return Status(201, _out(_items(request.auth, ticket.pk).get(pk=made.pk)))


@router.delete(
    "/tickets/{int:number}/items/{int:item_id}", response={204: None}, summary="Take something off a ticket"
)
@needs("conversations.note")
def delete_item(request: AgentRequest, number: int, item_id: int) -> None:
    ticket = looking_up.ticket_for(request.auth, number)
    take_down(looking_up.found(_items(request.auth, ticket.pk), pk=item_id), by=request.auth)


def _shown(item: LibraryItem) -> dict[str, Any]:
    names = ("name", "folder", "description", "address")
    more = {
        "id": item.public_id,
        "attachment": item.attachment.public_id if item.attachment else None,
        "archived": item.archived_at is not None,
    }
    return {name: getattr(item, name) for name in names} | more


def _library_item(request: AgentRequest, public_id: str) -> LibraryItem:
    return looking_up.found(LibraryItem.objects.visible_to(request.auth), public_id=public_id)


LIBRARY = Edition(_library_item)


@router.get("/library", response=list[LibraryOut], summary="List the library")
@needs("desk.use")
def list_library(request: AgentRequest, archived: bool = False) -> list[dict[str, Any]]:
    rows = LibraryItem.objects.visible_to(request.auth).select_related("attachment")
    return [_shown(item) for item in (rows if archived else rows.filter(archived_at=None))]


@router.post("/library", response={201: LibraryOut}, summary="Put something into the library")
@needs("conversations.manage_library")
@once
def create_library_item(request: AgentRequest, body: LibraryIn) -> Status[Any]:
    given = body.model_dump(exclude={"attachment"})
    file = _upload(request.auth, body.attachment) if body.attachment else None
    return Status(201, _shown(save_item(None, by=request.auth, attachment=file, **given)))


@router.get("/library/{public_id}", response=LibraryOut, summary="Read an item of the library")
@needs("desk.use")
@LIBRARY
def read_library_item(request: AgentRequest, public_id: str) -> dict[str, Any]:
    return _shown(_library_item(request, public_id))


@router.patch("/library/{public_id}", response=LibraryOut, summary="Change an item of the library")
@needs("conversations.manage_library")
@once
@LIBRARY
def change_library_item(request: AgentRequest, public_id: str, body: LibraryChange) -> dict[str, Any]:
    """A new file takes the place of the old one, on tickets too. `archived` retires the item."""
    item = looking_up.found(LibraryItem.objects.visible_to(request.auth), public_id=public_id)
    given = {k: v for k, v in body.model_dump(exclude_unset=True).items() if v is not None}
    archived, file = given.pop("archived", None), given.pop("attachment", "")
    if given or file:
        names = ("name", "folder", "description", "address")
        values = {name: getattr(item, name) for name in names} | given
        kept = _upload(request.auth, file) if file else (None if given.get("address") else item.attachment)
        item = save_item(item, by=request.auth, attachment=kept, **values)
    if archived is not None:
        set_item_archived(item, archived, by=request.auth)
    return _shown(item)
