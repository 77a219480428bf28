"""What is typed for somebody outside is kept on the server, and what was sent comes back into its form (A9, R13)."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from zaguan.conversations.drafting import discard_draft, draft_of, save_draft
from zaguan.conversations.models import Attachment, Draft, Message, SideThread
from zaguan.conversations.side_withdrawing import withdraw_beside
from zaguan.desk.access import AgentRequest, needs
from zaguan.desk.answers import leads_to, toast
from zaguan.desk.ticket.compose import line_of, people_in
from zaguan.desk.ticket.sheet import ticket_for
from zaguan.desk.ticket.written import html_in
from zaguan.lib.html import text_of
from zaguan.lib.numbers import whole
from zaguan.people.models import Agent
from zaguan.tickets.models import Ticket

CHOICES = ("customer", "ticket", "files", "redacted")
# Beside the choices: the names of the fields in the dialog.
_TYPED = ("subject", "messages", "days")


@require_POST
@needs("conversations.escalate")
def keep_question(request: AgentRequest, number: int) -> HttpResponse:
    """Keep what stands in the dialog; when nothing does, throw the draft away."""
    ticket = ticket_for(request, number)
    keep_asking(request, ticket)
    return HttpResponse(status=204)


def keep_asking(request: AgentRequest, ticket: Ticket) -> None:
    """The dialog as a draft, unless it was sent meanwhile."""
    people, html = people_in(request.POST.get("to", "")), html_in(request, "question")
    files = request.POST.getlist("outside_file")
    posted = {name: request.POST.get(name, "") for name in _TYPED}
    sharing = {name: name in request.POST for name in CHOICES} | {"messages": whole(posted.pop("messages"))}
    fields = {"to": people, "sharing": sharing, "attachments": files} | posted
    if _was_sent(request, "outside"):
        return
    if people or html or files:
        save_draft(request.user, ticket, Draft.Kind.ASK, html, fields)
    else:
        discard_draft(request.user, ticket, Draft.Kind.ASK)


@require_POST
@needs("conversations.escalate")
def keep_beside(request: AgentRequest, number: int, pk: int) -> HttpResponse:
    """Keep what is typed in a side thread."""
    ticket = ticket_for(request, number)
    rows = SideThread.objects.visible_to(request.user).filter(thread__ticket=ticket).select_related("thread")
    keep_writing(request, ticket, get_object_or_404(rows, pk=pk))
    return HttpResponse(status=204)


def keep_writing(request: AgentRequest, ticket: Ticket, side: SideThread) -> None:
    """The form of a side thread as a draft, unless it was sent meanwhile."""
    html, files = html_in(request, "side"), request.POST.getlist("side_file")
    if _was_sent(request, "side"):
        return
    if html or files:
        save_draft(request.user, ticket, Draft.Kind.SIDE, html, {"attachments": files}, side.thread)
    else:
        discard_draft(request.user, ticket, Draft.Kind.SIDE, side.thread)


def _was_sent(request: AgentRequest, kind: str) -> bool:
    """A saving that arrives after the sending must not bring back as a draft what is sent."""
    key = request.POST.get("key", "")[:60]
    sent = Message.objects.visible_to(request.user).filter(
        agent=request.user, idempotency_key=f"{kind}-{key}"
    )
    return bool(key) and sent.exists()


def typed_question(request: AgentRequest, ticket: Ticket) -> dict[str, Any]:
    """The draft as the dialog's fields, {} when there is none."""
    draft = draft_of(request.user, ticket, Draft.Kind.ASK)
    if draft is None:
        return {}
    kept, sharing = draft.fields, draft.fields.get("sharing") or {}
    found = {
        "to": ", ".join(line_of(person) for person in kept.get("to") or []),
        "subject": kept.get("subject") or ticket.subject,
        "question_text": text_of(draft.html) if draft.html else "",
        "days": str(kept.get("days") or "30"),
    }
    if sharing:
        found |= {name: "on" for name in CHOICES if sharing.get(name)}
        found |= {"messages": "" if sharing.get("messages") is None else str(sharing["messages"])}
        found |= {"chosen": True}
    return found | {"files_kept": _uploads(request.user, kept.get("attachments") or [])}


def uploads_in(request: AgentRequest, name: str) -> list[Attachment]:
    """The uploads that a form names and that are still there."""
    return _uploads(request.user, request.POST.getlist(name))


def typed_beside(agent: Agent, ticket: Ticket) -> dict[int, tuple[str, list[Attachment]]]:
    """Text and files of the agent's drafts in the side threads of a ticket, by thread."""
    drafts = Draft.objects.visible_to(agent).filter(ticket=ticket, kind=Draft.Kind.SIDE)
    found = {}
    for draft in drafts:
        text = text_of(draft.html) if draft.html else ""
        found[draft.thread_id or 0] = (text, _uploads(agent, draft.fields.get("attachments") or []))
    return found


def _uploads(agent: Agent, ids: list[str]) -> list[Attachment]:
    own = Attachment.objects.visible_to(agent)
    return list(own.filter(public_id__in=ids, message=None)) if ids else []


@require_POST
@needs("conversations.escalate")
def withdraw(request: AgentRequest, pk: int) -> HttpResponse:
    """Take a message to somebody outside back before it leaves; its words return to where they were typed."""
    own = Message.objects.visible_to(request.user).filter(agent=request.user)
    message = get_object_or_404(own, pk=pk)
    draft = withdraw_beside(message, by=request.user)
    if draft.kind == Draft.Kind.ASK:
        said = _("Taken back. Nothing left; your question is as you typed it.")
        return leads_to(request, said, f"/desk/tickets/{message.ticket_id}/outside/")
    back = HttpResponseRedirect(f"/desk/tickets/{message.ticket_id}/?tab=outside")
    return toast(request, _("Taken back. Your text is in its side thread again."), otherwise=back)
