"""Canned messages: ready texts with placeholders."""

from typing import Any

from django.db.models import prefetch_related_objects
from ninja import Field, Router, Schema, Status

from zaguan.api import looking_up
from zaguan.api.access import AgentRequest, needs, once
from zaguan.api.editions import Edition
from zaguan.api.shapes import NameOut
from zaguan.conversations.canned import archive_canned, delete_canned, save_canned, set_files
from zaguan.conversations.models import Attachment, Canned
from zaguan.conversations.placeholders import all_placeholders
from zaguan.conversations.using_canned import find_canned, make_ready

router = Router(tags=["canned messages"])


class CannedOut(NameOut):
    """`texts` are other languages, by code. `team` is set when it is a team's."""

    shortcut: str
    folder: str
    text: str
    texts: dict[str, str]
    own: bool
    team: int | None
    active: bool
    files: list[str]


class CannedIn(Schema):
    """`files` are uploads of one's own (POST /attachments). Neither `team` nor `everybody`: it is one's own."""

    name: str
    text: str
    shortcut: str = ""
    folder: str = ""
    texts: dict[str, str] = Field(default_factory=dict)
    team: int | str | None = None
    everybody: bool = False
    files: list[str] = Field(default_factory=list)


class CannedChange(Schema):
    name: str | None = None
    text: str | None = None
    shortcut: str | None = None
    folder: str | None = None
    texts: dict[str, str] | None = None
    team: int | str | None = None
    everybody: bool | None = None
    active: bool | None = None


class ReadyOut(Schema):
    """`html` with the ticket's values; what is in `missing` still stands in braces, and would stop the sending.

    `attachments` are uploads of the caller's own, ready to be sent.
    """

    html: str
    missing: list[str]
    attachments: list[str]


class PlaceholderOut(Schema):
    name: str
    label: str


def _out(canned: Canned) -> dict[str, Any]:
    plain = {name: getattr(canned, name) for name in ("name", "shortcut", "folder", "text", "texts")}
    files = [file.attachment.name for file in canned.files.all()]
    own, active = canned.owner_id is not None, canned.archived_at is None
    return {"id": canned.pk, "own": own, "team": canned.team_id, "active": active, "files": files} | plain


def _canned(request: AgentRequest, canned_id: int) -> Canned:
    return looking_up.found(Canned.objects.visible_to(request.auth), pk=canned_id)


EDITION = Edition(_canned, parts=lambda row: row.files.order_by("pk"))


@router.get("/placeholders", response=list[PlaceholderOut], summary="List the placeholders of texts")
@needs("desk.use")
def list_placeholders(request: AgentRequest) -> list[dict[str, str]]:
    return [{"name": each.name, "label": str(each.label)} for each in all_placeholders()]


@router.get("/canned", response=list[CannedOut], summary="List canned messages")
@needs("desk.use")
def list_canned(request: AgentRequest, q: str = "") -> list[dict[str, Any]]:
    """Those in use; `q` finds words anywhere in them, shortcuts and names first."""
    rows = find_canned(request.auth, q)
    prefetch_related_objects(rows, "files__attachment")
    return [_out(canned) for canned in rows]


@router.post("/canned", response={201: CannedOut}, summary="Write a canned message")
@needs("desk.use")
@once
def create_canned(request: AgentRequest, body: CannedIn) -> Status[Any]:
    """Sharing needs the permission conversations.share_canned."""
    given = body.model_dump(exclude={"files"}) | {"team": looking_up.team(request.auth, body.team)}
    made = save_canned(request.auth, None, by=request.auth, **given)
    if body.files:
        seen = Attachment.objects.visible_to(request.auth).filter(public_id__in=body.files)
        set_files(request.auth, made, list(seen), by=request.auth)
    return Status(201, _out(made))


@router.get("/canned/{int:canned_id}", response=CannedOut, summary="Read a canned message")
@needs("desk.use")
@EDITION
def read_canned(request: AgentRequest, canned_id: int) -> dict[str, Any]:
    return _out(_canned(request, canned_id))


@router.patch("/canned/{int:canned_id}", response=CannedOut, summary="Change a canned message")
@needs("desk.use")
@once
@EDITION
def patch_canned(request: AgentRequest, canned_id: int, body: CannedChange) -> dict[str, Any]:
    canned = _canned(request, canned_id)
    given = body.model_dump(exclude_unset=True)
    active = given.pop("active", None)
    if given:
        now: dict[str, Any] = {n: getattr(canned, n) for n in ("name", "text", "shortcut", "folder", "texts")}
        now |= {"team": canned.team, "everybody": canned.owner_id is None and canned.team_id is None}
        if "team" in given:
            given["team"] = looking_up.team(request.auth, given["team"])
        wanted = {name: value for name, value in given.items() if value is not None or name == "team"}
        canned = save_canned(request.auth, canned, by=request.auth, **now | wanted)
    if active is not None:
        archive_canned(request.auth, canned, not active, by=request.auth)
    return _out(canned)


@router.delete("/canned/{int:canned_id}", response={204: None}, summary="Delete a canned message")
@needs("desk.use")
@EDITION
def remove_canned(request: AgentRequest, canned_id: int) -> None:
    delete_canned(request.auth, _canned(request, canned_id), by=request.auth)


@router.post(
    "/tickets/{int:number}/canned/{int:canned_id}", response=ReadyOut, summary="Fill a canned message in"
)
@needs("desk.use")
@once
def fill_canned(request: AgentRequest, number: int, canned_id: int) -> dict[str, Any]:
    """In the language of the requester, where it has one. Nothing is sent."""
    ticket = looking_up.ticket_for(request.auth, number)
    ready = make_ready(_canned(request, canned_id), ticket, by=request.auth)
    return {
        "html": ready.html,
        "missing": list(ready.missing),
        "attachments": [file.public_id for file in ready.files],
    }
