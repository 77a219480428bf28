"""One message: its document in the frame, its page with every detail, and its original bytes."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from zaguan.conversations.models import Message
from zaguan.conversations.raw import raw_bytes
from zaguan.desk.access import AgentRequest, needs
from zaguan.desk.rendering import page
from zaguan.desk.ticket.bubbles import author_of, body_of, call_of, kind_of
from zaguan.desk.ticket.files import frame_address
from zaguan.lib.html import frame_csp, frame_document, html_of_text, with_images

# Headers of an original that the page shows without downloading it.
HEADERS = 64 * 1024


def _message(request: AgentRequest, pk: int) -> Message:
    visible = Message.objects.visible_to(request.user).select_related("ticket", "thread", "raw")
    return get_object_or_404(visible, pk=pk)


@require_GET
@needs("desk.use")
def body(request: AgentRequest, pk: int) -> HttpResponse:
    """The mail as its own document, for the sandboxed frame; `?images=1` loads pictures from outside."""
    message = get_object_or_404(Message.objects.visible_to(request.user), pk=pk)
    load = request.GET.get("images") == "1"
    inline = {f.content_id: frame_address(f) for f in message.attachments.all() if f.content_id}
    html = with_images(message.html, inline) if message.html else html_of_text(message.text)
    theme = request.user.preferences.get("theme")
    dark = {"dark": True, "light": False}.get(theme) if isinstance(theme, str) else None
    images = request.build_absolute_uri("/").rstrip("/")
    answer = HttpResponse(frame_document(html, load_remote=load, images=images, dark=dark))
    answer["Content-Security-Policy"] = (
        frame_csp(load_remote=load, images=images)
        + "; sandbox allow-scripts allow-popups allow-popups-to-escape-sandbox"
    )
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Referrer-Policy"] = "no-referrer"
    answer["Cache-Control"] = "private, max-age=300"
    return answer


@require_GET
@needs("desk.use")
def message_page(request: AgentRequest, pk: int) -> HttpResponse:
    """Everything about one message: people, headers, deliveries with every attempt, warnings."""
    message = _message(request, pk)
    files = list(message.attachments.all())
    context: dict[str, Any] = {
        "m": message,
        "author": author_of(message),
        "kind": kind_of(message),
        "body": body_of(message, []),
        "call": call_of(message),
        "files": files,
        "deliveries": list(message.deliveries.order_by("address", "attempt")),
        "headers": _headers(message),
        "in_frame": bool(message.html) and message.direction == Message.Direction.IN,
    }
    return page(request, "desk/ticket/message_page.jinja", section="inbox", **context)


def _headers(message: Message) -> str:
    """The header of the original as it came; empty when there is none."""
    if message.raw is None:
        return ""
    try:
        content = raw_bytes(message.raw)[:HEADERS]
    except FileNotFoundError:
        return ""
    head = content.replace(b"\r\n", b"\n").split(b"\n\n", 1)[0]
    return head.decode("utf-8", "replace")


@require_GET
@needs("desk.use")
def original(request: AgentRequest, pk: int) -> HttpResponse:
    """The bytes as they came in, as a file."""
    message = _message(request, pk)
    if message.raw is None:
        raise Http404(_("This message has no original: it did not come in by mail."))
    try:
        content = raw_bytes(message.raw)
    except FileNotFoundError:
        raise Http404(_("The storage has lost this file.")) from None
    answer = HttpResponse(content, content_type="message/rfc822")
    answer["Content-Disposition"] = f'attachment; filename="message-{message.pk}.eml"'
    answer["Content-Security-Policy"] = "default-src 'none'; sandbox"
    answer["X-Content-Type-Options"] = "nosniff"
    return answer
