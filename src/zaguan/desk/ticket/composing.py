"""Answering, noting, and everything that the composer asks for while somebody writes."""

from __future__ import annotations

from typing import Any, BinaryIO, cast
from uuid import uuid4

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.utils.html import escape
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from zaguan.conversations.addressing import MODES
from zaguan.conversations.attachments import store
from zaguan.conversations.drafting import discard_draft, save_draft
from zaguan.conversations.models import Attachment, Draft, Message
from zaguan.conversations.noting import add_note
from zaguan.conversations.outgoing import Outgoing
from zaguan.conversations.reading import one_message
from zaguan.conversations.replying import reply as send_reply
from zaguan.conversations.retrying import retry as try_again
from zaguan.conversations.withdrawing import withdraw as take_back
from zaguan.desk.access import AgentRequest, needs
from zaguan.desk.answers import toast
from zaguan.desk.ticket.compose import addressed, answered_by, how_labels, number_in, people_in
from zaguan.desk.ticket.sheet import Sheet, sheet_for, ticket_for
from zaguan.lib.errors import Refused
from zaguan.people.preferences import remember
from zaguan.tickets import reference
from zaguan.tickets.candidates import candidates
from zaguan.tickets.models import Status, Ticket
from zaguan.ui.avatars import hue, initials

MENTIONS = 8


@require_POST
@needs("conversations.reply")
def reply(request: AgentRequest, number: int) -> HttpResponse:
    """Send what was written; with `then` the status is set in the same transaction."""
    sheet = sheet_for(request, number)
    outgoing = _outgoing(request, sheet)
    try:
        message = send_reply(sheet.ticket, outgoing, by=request.user)
    except Refused as refused:
        return _kept_for_later(request, sheet, Draft.Kind.REPLY, outgoing.html, refused)
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
        message = add_note(
            sheet.ticket,
            html,
            by=request.user,
            attachments=files_in(request, "note"),
            status=status_in(request),
            idempotency_key=_key(request, "note"),
        )
    except Refused as refused:
        return _kept_for_later(request, sheet, Draft.Kind.NOTE, html, refused)
    return _said(request, sheet.ticket, message, status_in(request))


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
    )


def _key(request: AgentRequest, kind: str) -> str | None:
    key = request.POST.get("key", "")
    return f"{kind}-{key}"[:80] if key else None


def html_in(request: AgentRequest, kind: str) -> str:
    """What the editor sent, else the plain text of a page without script."""
    html = request.POST.get(f"{kind}_html")
    if html is not None:
        return html
    paragraphs = request.POST.get(f"{kind}_text", "").replace("\r\n", "\n").strip().split("\n\n")
    return "".join(f"<p>{escape(each).replace(chr(10), '<br>')}</p>" for each in paragraphs if each)


def files_in(request: AgentRequest, kind: str) -> list[Attachment]:
    """Files that were uploaded before, and those that come with the form itself."""
    ids = request.POST.getlist(f"{kind}_file")
    waiting = {
        f.public_id: f
        for f in Attachment.objects.visible_to(request.user).filter(public_id__in=ids, message=None)
    }
    brought = [
        store(cast("BinaryIO", f), f.name or "", f.content_type or "", by=request.user)
        for f in request.FILES.getlist("files")
    ]
    return [waiting[each] for each in ids if each in waiting] + brought


def status_in(request: AgentRequest) -> Status | None:
    chosen = number_in(request.POST.get("then"))
    if chosen is None or not request.user.can("tickets.set_status"):
        return None
    return reference.statuses.get(chosen)


def _said(request: AgentRequest, ticket: Ticket, message: Message, status: Status | None) -> HttpResponse:
    is_note = message.direction == Message.Direction.NOTE
    text = _("Note saved") if is_note else _("Message sent")
    if not request.headers.get("HX-Request"):
        messages.success(request, text)
        return HttpResponseRedirect(f"/desk/tickets/{ticket.pk}/#message-{message.pk}")
    answer: dict[str, Any] = {"message": message.pk, "key": uuid4().hex, "text": text}
    if not is_note:
        answer["undo"] = f"/desk/messages/{message.pk}/withdraw/"
        answer["then"] = {"id": status.pk, "label": status.label, "phase": status.phase} if status else None
    return JsonResponse(answer)


def _kept_for_later(
    request: AgentRequest, sheet: Sheet, kind: str, html: str, refused: Refused
) -> HttpResponse:
    """The script keeps what was typed by itself; without it the words wait as a draft."""
    if request.headers.get("HX-Request"):
        raise refused
    save_draft(request.user, sheet.ticket, kind, html, _fields(request, kind))
    messages.error(request, refused.sentence)
    return HttpResponseRedirect(f"{sheet.url}{'?note=1' if kind == Draft.Kind.NOTE else ''}#composer")


def _fields(request: AgentRequest, kind: str) -> dict[str, Any]:
    posted = request.POST
    files = posted.getlist("file") or posted.getlist(f"{kind}_file")
    if kind == Draft.Kind.NOTE:
        return {"attachments": files}
    people = {name: people_in(posted.get(name, "")) for name in ("to", "cc", "bcc")}
    return {
        "mode": posted.get("how", "reply"),
        "answers": number_in(posted.get("answers")),
        "subject": posted.get("subject", ""),
        "attachments": files,
        **people,
    }


@require_POST
@needs("desk.use")
def draft(request: AgentRequest, number: int) -> HttpResponse:
    """Keep what is being typed; an empty text and no file throws the draft away."""
    ticket = ticket_for(request, number)
    kind = Draft.Kind.NOTE if request.POST.get("kind") == "note" else Draft.Kind.REPLY
    html, kept = request.POST.get("html", ""), _fields(request, kind)
    if html.strip() or kept["attachments"]:
        save_draft(request.user, ticket, kind, html, kept)
    else:
        discard_draft(request.user, ticket, kind)
    return HttpResponse(status=204)


@require_GET
@needs("conversations.reply")
def recipients(request: AgentRequest, number: int) -> HttpResponse:
    """The lines of recipients for another way to answer, or for another message."""
    sheet = sheet_for(request, number)
    how = request.GET.get("how", "")
    made = addressed(
        sheet, how if how in MODES else "reply", answered_by(sheet, number_in(request.GET.get("answer")))
    )
    return render(request, "desk/ticket/recipients.jinja", {"c": made, "how_labels": how_labels()})


@require_GET
@needs("conversations.note")
def mentions(request: AgentRequest, number: int) -> JsonResponse:
    """Colleagues who can read the ticket, by the beginning of any word of their name."""
    ticket = ticket_for(request, number)
    wanted = request.GET.get("q", "").strip().lower()
    found = [
        {"value": str(a.pk), "label": a.name, "hue": str(hue(a.pk)), "initials": initials(a.name)}
        for a in (each.agent for each in candidates(ticket.team_id))
        if a != request.user
        and any(word.startswith(wanted) for word in [a.name.lower(), *a.name.lower().split()])
    ]
    return JsonResponse(found[:MENTIONS], safe=False)


@require_POST
@needs("conversations.reply")
def withdraw(request: AgentRequest, pk: int) -> HttpResponse:
    """Take a message back before it leaves; its words return to the composer."""
    message = get_object_or_404(Message.objects.visible_to(request.user), pk=pk, agent=request.user)
    take_back(message, by=request.user)
    back = HttpResponseRedirect(f"/desk/tickets/{message.ticket_id}/#composer")
    return toast(request, _("Taken back. Your text is in the composer again."), otherwise=back)


@require_POST
@needs("conversations.reply")
def retry(request: AgentRequest, pk: int) -> HttpResponse:
    """Try a failed delivery again; for an unknown one that is the agent's own decision (R03)."""
    message = get_object_or_404(Message.objects.visible_to(request.user), deliveries=pk)
    delivery = message.deliveries.get(pk=pk)
    try_again(delivery, by=request.user)
    back = HttpResponseRedirect(f"/desk/tickets/{message.ticket_id}/#message-{message.pk}")
    return toast(request, _("It is being sent again."), otherwise=back)
