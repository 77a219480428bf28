"""Ask somebody outside for help: who, what, what goes along, a look at exactly what leaves; write on, close (A9)."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from django.db.models import Sum
from django.http import HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from markupsafe import Markup

from zaguan.conversations.models import Attachment, Message, SideThread
from zaguan.conversations.outgoing_checks import SEND_LIMIT_MB
from zaguan.conversations.sharing_outside import MOST_MESSAGES, Sharing
from zaguan.conversations.side_gate import belongs_to_customer
from zaguan.conversations.side_threads import (
    MOST_DAYS,
    Question,
    close_side_thread,
    preview_question,
    reopen_side_thread,
    start_side_thread,
    write_beside,
)
from zaguan.desk.access import AgentRequest, needs
from zaguan.desk.answers import leads_to, toast
from zaguan.desk.ticket.compose import line_of, people_in
from zaguan.desk.ticket.dialogs import ActionDialog
from zaguan.desk.ticket.options_menu import Option, register
from zaguan.desk.ticket.outside_drafts import CHOICES, keep_asking, keep_writing, typed_question, uploads_in
from zaguan.desk.ticket.sheet import ticket_for
from zaguan.desk.ticket.suggesting import found_people
from zaguan.desk.ticket.written import files_in, html_in
from zaguan.lib.errors import Refused
from zaguan.lib.numbers import whole
from zaguan.tickets.models import Party, Ticket

MOST_SUGGESTED = 8


@require_http_methods(["GET", "POST"])
@needs("conversations.escalate")
def ask_outside(request: AgentRequest, number: int) -> HttpResponse:
    """The dialog. What was not seen in the preview as it stands now is shown once more instead of being sent."""
    ticket = ticket_for(request, number)
    dialog = ActionDialog(
        request, ticket, "desk/ticket/outside_ask.jinja", _("Ask somebody outside"), _("See what leaves"),
        is_wide=True, context=_context(request, ticket),
    )  # fmt: skip

    def write() -> HttpResponse:
        keep_asking(request, ticket)
        question = _question(request)
        preview = preview_question(ticket, question, by=request.user)
        seen = request.POST.get("seen", "")
        if seen != preview.digest:
            # Escaped text and what the cleaner let through: the same that leaves.
            body = Markup(preview.html)  # noqa: S704
            dialog.context |= {"preview": preview, "body": body, "has_changed": bool(seen)}
            dialog.submit = _("Send")
            return dialog.show()
        side = start_side_thread(ticket, question, by=request.user)
        said = _("Sent. The answer comes into this side thread; the customer sees nothing of it.")
        address = f"/desk/tickets/{ticket.pk}/?tab=outside"
        return leads_to(request, said, address, undo=_way_back(side.thread.messages.latest("id")))

    return dialog.run(write)


def _way_back(message: Message) -> str:
    """Where a message of a side thread is taken back, for as long as it waits."""
    return f"/desk/messages/{message.pk}/outside/withdraw/"


def _context(request: AgentRequest, ticket: Ticket) -> dict[str, Any]:
    """What the dialog shows: what was posted, else the draft, else what goes along by itself."""
    kept = {} if request.method == "POST" else typed_question(request, ticket)
    posted: Any = request.POST if request.method == "POST" else kept if "chosen" in kept else None
    files = Attachment.objects.visible_to(request.user).filter(message__ticket=ticket)
    said = files.exclude(message__visibility="internal").order_by("-id")[:500]
    return {
        "messages": posted.get("messages", "") if posted else str(MOST_MESSAGES),
        "chosen": {name: name in posted if posted else name in ("customer", "ticket") for name in CHOICES},
        "key": request.POST.get("key") or uuid4().hex,
        "files_kept": kept.get("files_kept") or uploads_in(request, "outside_file"),
        "most_messages": MOST_MESSAGES,
        "most_days": MOST_DAYS,
        "files_count": len(said),
        "files_size": files.filter(pk__in=[f.pk for f in said]).aggregate(n=Sum("size"))["n"] or 0,
        "limit": SEND_LIMIT_MB,
        "preview": None,
    } | ({"typed": kept} if kept else {})


def _question(request: AgentRequest) -> Question:
    posted = request.POST
    key = posted.get("key", "")[:60]
    count, days = whole(posted.get("messages", "") or "0"), whole(posted.get("days", ""))
    return Question(
        to=people_in(posted.get("to", "")),
        subject=posted.get("subject", ""),
        html=html_in(request, "question"),
        sharing=Sharing(messages=-1 if count is None else count, **{c: c in posted for c in CHOICES}),
        days=days or 0,
        attachments=files_in(request, "outside"),
        idempotency_key=f"outside-{key}" if key else None,
    )


@require_GET
@needs("conversations.escalate")
def people(request: AgentRequest, number: int) -> JsonResponse:
    """Who takes part in the ticket and known people, by what was typed; never the customer."""
    ticket = ticket_for(request, number)
    text = request.GET.get("q", "").strip()[:100].lower()
    parties = Party.objects.visible_to(request.user).filter(ticket=ticket).exclude(email="")
    found = [
        {"value": line_of((p.email, p.name)), "label": p.name or p.email, "sub": p.email}
        for p in parties
        if text in f"{p.name} {p.email}".lower()
    ]
    found += found_people(request, text)
    kept = {each["sub"].lower(): each for each in reversed(found)}
    offered = [each for each in reversed(kept.values()) if not belongs_to_customer(ticket, each["sub"])]
    return JsonResponse(offered[:MOST_SUGGESTED], safe=False)


@require_POST
@needs("conversations.escalate")
def change(request: AgentRequest, number: int, pk: int) -> HttpResponse:
    """`do`: close or reopen; else what was typed is sent to the same people."""
    ticket = ticket_for(request, number)
    rows = SideThread.objects.visible_to(request.user).filter(thread__ticket=ticket).select_related("thread")
    side, do = get_object_or_404(rows, pk=pk), request.POST.get("do", request.GET.get("do", ""))
    address, undo = f"/desk/tickets/{ticket.pk}/", f"/desk/tickets/{ticket.pk}/outside/{pk}/?do="
    back = HttpResponseRedirect(f"{address}?tab=outside#side-{pk}")
    if do == "close":
        close_side_thread(side, by=request.user)
        return toast(request, _("Closed"), undo=f"{undo}reopen", otherwise=back)
    if do == "reopen":
        reopen_side_thread(side, by=request.user)
        return toast(request, _("Open again"), undo=f"{undo}close", otherwise=back)
    try:
        message = _write(request, side)
    except Refused as refused:
        return _kept_for_later(request, ticket, side, refused, back)
    return toast(request, _("On its way"), undo=_way_back(message), otherwise=back)


def _write(request: AgentRequest, side: SideThread) -> Message:
    key = request.POST.get("key", "")[:60]
    return write_beside(
        side,
        html_in(request, "side"),
        by=request.user,
        attachments=files_in(request, "side"),
        idempotency_key=f"side-{key}" if key else None,
    )


def _kept_for_later(
    request: AgentRequest, ticket: Ticket, side: SideThread, refused: Refused, back: HttpResponse
) -> HttpResponse:
    """With script the words stay in the form; without it they wait as a draft."""
    if request.headers.get("HX-Request"):
        raise refused
    keep_writing(request, ticket, side)
    return toast(request, refused.sentence, kind="error", otherwise=back)


register(
    Option(
        key="ask-outside", label=gettext_lazy("Ask somebody outside …"), icon="messages-square", path="outside/",
        permission="conversations.escalate", group="share", keys="shift+e", position=20,
        when=lambda s: not s.is_closed and s.is_answered,
    )
)  # fmt: skip
