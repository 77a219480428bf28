"""Inboxes: the accounts under which customers reach us. What is secret goes in and never comes out."""

from typing import Any

from ninja import Router, Schema, Status

from zaguan.api import looking_up
from zaguan.api.access import AgentRequest, needs, once
from zaguan.api.editions import Edition
from zaguan.channels.email.probing import test_connection
from zaguan.conversations.inboxes import save_inbox, set_inbox_active
from zaguan.conversations.models import Inbox

router = Router(tags=["inboxes"])


class InboxOut(Schema):
    id: str
    name: str
    kind: str
    address: str
    aliases: list[str]
    team: int | None
    is_active: bool
    last_error: str


class ServerIn(Schema):
    """A mail server: `security` is tls, starttls or none; `auth` password, google, microsoft or none."""

    host: str
    port: int | None = None
    security: str = "tls"
    user: str = ""
    auth: str = "password"
    folders: list[str] = []


class InboxIn(Schema):
    """A mailbox. `secrets` are imap_password, smtp_password, client_secret, hook_secret; those left out stay."""

    name: str | None = None
    address: str | None = None
    aliases: list[str] | None = None
    team: int | str | None = None
    signature: str | None = None
    imap: ServerIn | None = None
    smtp: ServerIn | None = None
    secrets: dict[str, str] = {}
    is_active: bool | None = None


class StepOut(Schema):
    name: str
    ok: bool
    sentence: str


def _out(inbox: Inbox) -> dict[str, Any]:
    fields = ("name", "kind", "address", "aliases", "is_active", "last_error")
    return {f: getattr(inbox, f) for f in fields} | {"id": inbox.public_id, "team": inbox.team_id}


def _inbox(request: AgentRequest, public_id: str) -> Inbox:
    return looking_up.found(Inbox.objects.visible_to(request.auth), public_id=public_id)


def _save(request: AgentRequest, inbox: Inbox | None, body: InboxIn) -> Inbox:
    given = body.model_dump(exclude_unset=True)
    values = {n: given[n] for n in ("name", "address", "aliases", "signature") if given.get(n) is not None}
    servers = {n: {k: v for k, v in given[n].items() if v} for n in ("imap", "smtp") if given.get(n)}
    values["settings"] = (inbox.settings if inbox else {}) | servers
    team = looking_up.team(request.auth, body.team) or (inbox.team if inbox else None)
    saved = save_inbox(inbox, by=request.auth, team=team, secrets=body.secrets, **values)
    if body.is_active is not None and body.is_active != saved.is_active:
        set_inbox_active(saved, body.is_active, by=request.auth)
    return saved


# How fetching goes is no change of anybody's.
EDITION = Edition(_inbox, besides=("last_success_at", "last_error_at", "last_error"))


@router.get("/inboxes", response=list[InboxOut], summary="List inboxes")
@needs("desk.use")
def list_inboxes(request: AgentRequest) -> list[dict[str, Any]]:
    return [_out(inbox) for inbox in Inbox.objects.visible_to(request.auth)]


@router.post("/inboxes", response={201: InboxOut}, summary="Add a mailbox")
@needs("conversations.manage_inboxes")
@once
def create_inbox(request: AgentRequest, body: InboxIn) -> Status[Any]:
    return Status(201, _out(_save(request, None, body)))


@router.get("/inboxes/{public_id}", response=InboxOut, summary="Read an inbox")
@needs("desk.use")
@EDITION
def read_inbox(request: AgentRequest, public_id: str) -> dict[str, Any]:
    return _out(_inbox(request, public_id))


@router.patch("/inboxes/{public_id}", response=InboxOut, summary="Change an inbox, stop or start it")
@needs("conversations.manage_inboxes")
@once
@EDITION
def patch_inbox(request: AgentRequest, public_id: str, body: InboxIn) -> dict[str, Any]:
    return _out(_save(request, _inbox(request, public_id), body))


@router.post("/inboxes/{public_id}/test", response=list[StepOut], summary="Try to receive and to send")
@needs("conversations.manage_inboxes")
def test_inbox(request: AgentRequest, public_id: str) -> list[Any]:
    """Each step with a sentence that explains what fails."""
    return list(test_connection(_inbox(request, public_id)))
