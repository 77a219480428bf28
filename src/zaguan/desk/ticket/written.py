"""What the composer's form says, with script or without."""

from __future__ import annotations

from typing import Any, BinaryIO, cast

from django.db.models import Q
from django.utils.html import escape
from django.utils.translation import gettext as _

from zaguan.conversations.attachments import store
from zaguan.conversations.models import Attachment, Draft
from zaguan.desk.access import AgentRequest
from zaguan.desk.ticket.compose import number_in, people_in
from zaguan.desk.ticket.timing import typed_in
from zaguan.lib.errors import Refused
from zaguan.tickets import reference
from zaguan.tickets.models import Status


def html_in(request: AgentRequest, kind: str) -> str:
    """What the editor sent, else the plain text of a page without script."""
    html = request.POST.get(f"{kind}_html")
    if html is not None:
        return html
    paragraphs = request.POST.get(f"{kind}_text", "").replace("\r\n", "\n").strip().split("\n\n")
    return "".join(f"<p>{escape(each).replace(chr(10), '<br>')}</p>" for each in paragraphs if each)


def files_in(request: AgentRequest, kind: str) -> list[Attachment]:
    """Files that were uploaded before, and those that come with the form itself.

    Raises Refused when one is no longer there: nothing leaves without a file that its writer saw on it.
    """
    ids = request.POST.getlist(f"{kind}_file")
    seen = Attachment.objects.visible_to(request.user).filter(public_id__in=ids)
    waiting = {f.public_id: f for f in seen.filter(message=None)}
    missing = set(ids) - set(waiting)
    if missing and seen.filter(_sent_by_this_form(request, kind)).count() < len(missing):
        raise Refused(_("One of the attachments is no longer there. Attach it again."), field="attachments")
    brought = [
        store(cast("BinaryIO", f), f.name or "", f.content_type or "", by=request.user)
        for f in request.FILES.getlist("files")
    ]
    return [waiting[each] for each in ids if each in waiting] + brought


def _sent_by_this_form(request: AgentRequest, kind: str) -> Q:
    """The same click again: its files went with the message that it has made."""
    key = request.POST.get("key", "")
    keys = [f"{kind}-{key}"[:80], key, f"{key}:note"] if key else []
    return Q(message__agent=request.user, message__idempotency_key__in=keys)


def status_in(request: AgentRequest) -> Status | None:
    chosen = number_in(request.POST.get("then"))
    if chosen is None or not request.user.can("tickets.set_status"):
        return None
    return reference.statuses.get(chosen)


def fields_in(request: AgentRequest, kind: str) -> dict[str, Any]:
    """What a draft keeps beside its text."""
    posted = request.POST
    files = posted.getlist("file") or posted.getlist(f"{kind}_file")
    time = {"time": typed} if (typed := typed_in(request)) else {}
    if kind == Draft.Kind.NOTE:
        return {"attachments": files} | time
    people = {name: people_in(posted.get(name, "")) for name in ("to", "cc", "bcc")}
    return {
        "mode": posted.get("how", "reply"),
        "answers": number_in(posted.get("answers")),
        "subject": posted.get("subject", ""),
        "attachments": files,
        **people,
        **time,
    }
