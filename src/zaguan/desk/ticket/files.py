"""Attachments: uploaded by agents, served to those who may see the ticket, never as part of our own pages."""

from __future__ import annotations

from typing import Any, BinaryIO, cast
from urllib.parse import quote

from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from zaguan.conversations.attachments import open_stored, safe_to_show_inline, store
from zaguan.conversations.framing import frame_token, framed_picture
from zaguan.conversations.models import Attachment
from zaguan.desk.access import AgentRequest, needs, public
from zaguan.desk.ticket.sheet import ticket_for
from zaguan.lib.errors import Refused

# Even a file that a browser would run can do nothing.
POLICY = "default-src 'none'; style-src 'unsafe-inline'; sandbox"


@require_POST
@needs("desk.use")
def upload(request: AgentRequest) -> HttpResponse:
    """Keep one file for a message that is being written."""
    if not (request.user.can("conversations.reply") or request.user.can("conversations.note")):
        raise PermissionDenied
    file = request.FILES.get("file")
    if file is None:
        raise Refused(_("Choose a file."), field="attachments")
    kept = store(cast("BinaryIO", file), file.name or "", file.content_type or "", by=request.user)
    return JsonResponse(stored_out(kept), status=201)


def stored_out(file: Attachment) -> dict[str, Any]:
    """What the composer's script needs to show a file."""
    return {
        "id": file.public_id,
        "name": file.name,
        "size": filesizeformat(file.size),
        "url": f"/desk/files/{file.public_id}/",
        "is_picture": safe_to_show_inline(file),
    }


@require_GET
@needs("desk.use")
def download(request: AgentRequest, public_id: str) -> HttpResponseBase:
    """A file of a message that the viewer may see."""
    return serve(get_object_or_404(Attachment.objects.visible_to(request.user), public_id=public_id))


@require_GET
@public
def framed(request: HttpRequest, token: str) -> HttpResponseBase:
    """A picture inside a mail's frame; the address was made for a viewer who may see it."""
    file = framed_picture(token)
    if file is None:
        raise Http404(_("This address is no longer valid."))
    return serve(file)


def frame_address(file: Attachment) -> str:
    """Where a mail's frame finds a picture for the next minutes."""
    return f"/desk/framed/{frame_token(file)}/"


def serve(file: Attachment) -> HttpResponseBase:
    """The bytes, as a download: no type is guessed, nothing in it runs."""
    try:
        content = open_stored(file)
    except FileNotFoundError:
        raise Http404(_("The storage has lost this file.")) from None
    answer = FileResponse(content, content_type=file.content_type)
    answer["Content-Length"] = str(file.size)
    answer["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(file.name)}"
    answer["Content-Security-Policy"] = POLICY
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Cross-Origin-Resource-Policy"] = "same-site"
    answer["Cache-Control"] = "private, max-age=3600"
    return answer


@require_GET
@needs("desk.use")
def files_of(request: AgentRequest, number: int) -> HttpResponse:
    """All files of a ticket, newest first, with who sent them (A7.9)."""
    ticket = ticket_for(request, number)
    found = Attachment.objects.visible_to(request.user).filter(message__ticket=ticket, is_inline=False)
    rows = found.select_related("message").order_by("-id")[:200]
    return render(request, "desk/ticket/files.jinja", {"files": rows, "ticket": ticket})
