"""Answering and noting: one press, one message, and nothing typed is lost."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse, HttpResponseRedirect, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from zaguan.conversations.addressing import MODES
from zaguan.conversations.cross_posting import publish_note
from zaguan.conversations.drafting import save_draft
from zaguan.conversations.models import CrossPosting, Draft, Message
from zaguan.conversations.noting import add_note
from zaguan.conversations.outgoing import Outgoing
from zaguan.conversations.reading import one_message
from zaguan.conversations.replying import reply as send_reply
from zaguan.desk.access import AgentRequest, needs
from zaguan.desk.ticket.asking import ask_instead
from zaguan.desk.ticket.compose import number_in, people_in
from zaguan.desk.ticket.publishing import published_words, way_back
from zaguan.desk.ticket.sheet import Sheet, sheet_for
from zaguan.desk.ticket.timing import time_in
from zaguan.desk.ticket.written import fields_in, files_in, html_in, status_in
from zaguan.lib.errors import Refused
from zaguan.people.preferences import remember
from zaguan.tickets.models import Status, Ticket


@require_POST
@needs("conversations.reply")
def reply(request: AgentRequest, number: int) -> HttpResponse:
    """Send what was written; with `then` the status is set in the same transaction."""
    sheet = sheet_for(request, number)
    try:
        outgoing = _outgoing(request, sheet)
        message = send_reply(sheet.ticket, outgoing, by=request.user)
    except Refused as refused:
        return _kept_for_later(request, sheet, Draft.Kind.REPLY, html_in(request, "reply"), refused)
    if request.user.can("tickets.set_status"):
        remember(request.user, "send_status", outgoing.status.pk if outgoing.status else "")
    return _said(request, sheet.ticket, message, outgoing.status)


@require_POST
@needs("conversations.note")
def note(request: AgentRequest, number: int) -> HttpResponse:
    """Keep what was written as an internal note."""
    sheet = sheet_for(request, number)
    html = html_in(request, "note")
    try:
        with transaction.atomic():
            message = add_note(
                sheet.ticket,
                html,
                by=request.user,
                attachments=files_in(request, "note"),
                status=status_in(request),
                idempotency_key=_key(request, "note"),
                time=time_in(request),
            )
            posting = publish_note(message, by=request.user) if request.POST.get("publish") else None
    except Refused as refused:
        return _kept_for_later(request, sheet, Draft.Kind.NOTE, html, refused)
    return _said(request, sheet.ticket, message, status_in(request), posting)


def _outgoing(request: AgentRequest, sheet: Sheet) -> Outgoing:
    posted = request.POST
    how = posted.get("how", "reply")
    answers = number_in(posted.get("answers"))
    last_seen = number_in(posted.get("last_seen_id"))
    return Outgoing(
        html=html_in(request, "reply"),
        mode=how if how in MODES else "reply",
        answers=one_message(sheet.ticket, answers) if answers else None,
        to=people_in(posted["to"]) if "to" in posted else None,
        cc=people_in(posted["cc"]) if "cc" in posted else None,
        bcc=people_in(posted.get("bcc", "")),
        subject=posted.get("subject", "") if how in ("new", "forward") else "",
        attachments=files_in(request, "reply"),
        status=status_in(request),
        idempotency_key=_key(request, "reply"),
        last_seen_id=last_seen,
        time=time_in(request),
    )


def _key(request: AgentRequest, kind: str) -> str | None:
    key = request.POST.get("key", "")
    return f"{kind}-{key}"[:80] if key else None


def _said(
    request: AgentRequest,
    ticket: Ticket,
    message: Message,
    status: Status | None,
    posting: CrossPosting | None = None,
) -> HttpResponse:
    is_note = message.direction == Message.Direction.NOTE
    text = _("Note saved") if is_note else _("Message sent")
    text = published_words(posting) if posting else text
    if not request.headers.get("HX-Request"):
        messages.success(request, text)
        return HttpResponseRedirect(f"/desk/tickets/{ticket.pk}/#message-{message.pk}")
    answer: dict[str, Any] = {"message": message.pk, "key": uuid4().hex, "text": text}
    if posting:
        answer["undo"] = way_back(message)
    if not is_note:
        answer["undo"] = f"/desk/messages/{message.pk}/withdraw/"
        answer["then"] = {"id": status.pk, "label": status.label, "phase": status.phase} if status else None
    return JsonResponse(answer)


def _kept_for_later(
    request: AgentRequest, sheet: Sheet, kind: str, html: str, refused: Refused
) -> HttpResponse:
    """The script keeps what was typed by itself; without it the words wait as a draft."""
    if request.headers.get("HX-Request"):
        asks = ask_instead(sheet.ticket, status_in(request), refused)
        if not asks:
            raise refused
        body = {"status": 422, "title": refused.sentence, "field": refused.field} | asks
        return JsonResponse(body, status=422, content_type="application/problem+json")
    save_draft(request.user, sheet.ticket, kind, html, fields_in(request, kind))
    messages.error(request, refused.sentence)
    return HttpResponseRedirect(f"{sheet.url}{'?note=1' if kind == Draft.Kind.NOTE else ''}#composer")
