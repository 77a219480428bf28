"""A look at a file before it is downloaded: drawn by us as text, table or picture, so that nothing in it runs."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from zaguan.conversations.models import Attachment
from zaguan.conversations.previewing import page_picture, preview_of
from zaguan.desk.access import AgentRequest, needs
from zaguan.desk.rendering import page
from zaguan.desk.ticket.dialogs import TARGET
from zaguan.desk.ticket.files import POLICY


def _file(request: AgentRequest, public_id: str) -> Attachment:
    return get_object_or_404(Attachment.objects.visible_to(request.user), public_id=public_id)


@require_GET
@needs("desk.use")
def preview(request: AgentRequest, public_id: str) -> HttpResponse:
    """In the page's dialog, or as a page of its own."""
    file = _file(request, public_id)
    try:
        shown = preview_of(file)
    except FileNotFoundError:
        raise Http404(_("The storage has lost this file.")) from None
    context: dict[str, Any] = {"file": file, "shown": shown}
    if request.headers.get("HX-Target") == TARGET:
        return render(request, "desk/ticket/preview.jinja", context)
    return page(request, "desk/ticket/preview_page.jinja", section="inbox", **context)


@require_GET
@needs("desk.use")
def first_page(request: AgentRequest, public_id: str) -> HttpResponseBase:
    """The first page of a PDF as a picture; the browser never gets the PDF to draw."""
    try:
        picture = page_picture(_file(request, public_id))
    except FileNotFoundError:
        picture = None
    if picture is None:
        raise Http404(_("This file cannot be shown. Download it instead."))
    answer = HttpResponse(picture, content_type="image/png")
    answer["Content-Security-Policy"] = POLICY
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Cache-Control"] = "private, max-age=86400"
    return answer
