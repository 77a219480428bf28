"""The form of a new ticket: everything or nothing, and what was typed is never lost."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from django.conf import settings
from django.db import transaction
from django.http import HttpResponse, HttpResponseRedirect, JsonResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from zaguan.conversations.calling import OUTCOMES, log_call
from zaguan.conversations.drafting import discard_draft
from zaguan.conversations.models import Attachment, Draft
from zaguan.conversations.outgoing import Outgoing
from zaguan.conversations.reading import find_ticket
from zaguan.conversations.reference import inboxes
from zaguan.conversations.starting import start_ticket
from zaguan.desk.access import AgentRequest, needs
from zaguan.desk.attribute_forms import posted
from zaguan.desk.rendering import page
from zaguan.desk.ticket import options
from zaguan.desk.ticket.around_new import add_around, around, keep_template, plan
from zaguan.desk.ticket.beginning import fresh_form
from zaguan.desk.ticket.bubbles import outcome_label
from zaguan.desk.ticket.compose import number_in, people_in, sendable_statuses
from zaguan.desk.ticket.new_ticket import Form, inbox_of, new_contact_words, read_call, read_ticket
from zaguan.desk.ticket.written import files_in, html_in, status_in
from zaguan.lib.attributes.errors import PREFIX, NotAccepted
from zaguan.lib.errors import Refused
from zaguan.lib.html import text_of
from zaguan.people.models import Agent
from zaguan.tickets.attributes import definitions_of
from zaguan.tickets.linking import link
from zaguan.tickets.models import Link, Ticket


@require_http_methods(["GET", "POST"])
@needs("tickets.create")
def new_ticket(request: AgentRequest) -> HttpResponse:
    """Show the form with the draft in it, or do what it describes: open the ticket, plan it, keep it as a template."""
    if request.method == "GET":
        return _show(request, *fresh_form(request))
    form = Form.read(request.POST)
    try:
        with transaction.atomic():
            address, text = _save(request, form)
    except Refused as refused:
        if request.headers.get("HX-Request"):
            raise
        form.errors |= _errors_of(refused)
        return _show(request, form, _typed(request), status=422)
    if request.headers.get("HX-Request"):
        return JsonResponse({"url": address, "text": text, "key": uuid4().hex, "message": 0}, status=201)
    return HttpResponseRedirect(address)


def _save(request: AgentRequest, form: Form) -> tuple[str, str]:
    """Where to go next, and what to say there."""
    if request.POST.get("do") == "template":
        return keep_template(request, form)
    if form["opens_at"].strip():
        return plan(request, form)
    ticket = _open(request, form)
    return f"/desk/tickets/{ticket.pk}/", _("Ticket %(number)s is open.") % {"number": ticket.pk}


def _errors_of(refused: Refused) -> dict[str, str]:
    if isinstance(refused, NotAccepted):
        return {PREFIX + key: sentence for key, sentence in refused.errors.items()}
    return {refused.field or "form": refused.sentence}


def _typed(request: AgentRequest) -> dict[str, Any]:
    """What was typed beside the plain fields."""
    kept: dict[str, Any] = {
        f"{kind}_file": request.POST.getlist(f"{kind}_file") for kind in ("reply", "note")
    }
    kept["attributes"] = posted(request.POST, definitions_of(number_in(request.POST.get("type"))))
    return kept


def _open(request: AgentRequest, form: Form) -> Ticket:
    agent = request.user
    new, is_mail = read_ticket(form, by=agent), form["channel"] == "email" and not form.is_internal
    new.attributes = posted(request.POST, definitions_of(new.type.pk if new.type else None))
    note_only = not is_mail or form["mode"] == "note"
    html = html_in(request, "note" if note_only else "reply")
    files = files_in(request, "note" if note_only else "reply")
    _refuse_forbidden(agent, is_mail=not note_only, is_note=bool(note_only and (html or files)))
    ticket = start_ticket(
        new,
        by=agent,
        outgoing=None if note_only else _outgoing(request, form, html, files),
        note_html=html if note_only and not form.is_call else "",
        note_attachments=files if note_only else (),
        idempotency_key=request.POST.get("key") or None,
    )
    if form.is_call:
        _log(ticket, form, html, request.POST.get("key", ""), by=agent)
    _follow(request, ticket, form)
    add_around(request, ticket, form)
    discard_draft(agent, None, Draft.Kind.NEW)
    if not Ticket.objects.visible_to(agent).filter(pk=ticket.pk).exists():
        raise Refused(
            _("You would not see this ticket. Choose a team of yours, or assign it to you."), field="team"
        )
    return ticket


def _refuse_forbidden(agent: Agent, *, is_mail: bool, is_note: bool) -> None:
    if is_mail and not agent.can("conversations.reply"):
        raise Refused(_("You may not write to customers. Write a note instead."), field="mode")
    if is_note and not agent.can("conversations.note"):
        raise Refused(_("You may not write notes."), field="mode")


def _outgoing(request: AgentRequest, form: Form, html: str, files: list[Attachment]) -> Outgoing:
    return Outgoing(
        html=html,
        mode="new",
        subject=form["subject"],
        inbox=inbox_of(form),
        attachments=files,
        status=status_in(request),
        cc=people_in(form["copies"]),
    )


def _log(ticket: Ticket, form: Form, html: str, key: str, *, by: Agent) -> None:
    """The call carries the form's key, as a first mail or note does: pressed twice, it is one ticket."""
    call = read_call(form)
    log_call(
        ticket,
        by=by,
        caller=call.caller,
        direction=call.direction,
        started_at=call.started_at,
        ended_at=call.ended_at,
        outcome=call.outcome,
        notes_html=html,
        idempotency_key=f"{key}:note"[:80] if key else None,
    )


def _follow(request: AgentRequest, ticket: Ticket, form: Form) -> None:
    """A follow-up is linked to what it follows, if the agent may know of that."""
    number = number_in(form["follows"])
    found = find_ticket(request.user, number) if number else None
    if found is not None:
        link(found[0], ticket, Link.Kind.FOLLOW_UP, by=request.user)


def _accounts() -> list[tuple[int, str]]:
    mail = [inbox for inbox in inboxes.all().values() if inbox.kind == "email" and inbox.is_active]
    return [(inbox.pk, f"{inbox.name} <{inbox.address}>") for inbox in mail]


def _show(request: AgentRequest, form: Form, kept: dict[str, Any], status: int = 200) -> HttpResponse:
    ids = [*kept.get("reply_file", []), *kept.get("note_file", [])]
    files = {
        f.public_id: f
        for f in Attachment.objects.visible_to(request.user).filter(public_id__in=ids, message=None)
    }
    html = {kind: html_in(request, kind) or kept.get(f"{kind}_html", "") for kind in ("reply", "note")}
    context: dict[str, Any] = {
        "form": form,
        "choices": options,
        "new_contact": new_contact_words(form["requester"]),
        "outcomes": [(name, outcome_label(name)) for name in OUTCOMES],
        "inbox_options": [("", _("The team's account")), *_accounts()],
        "then_options": [("", _("Leave as it is")), *((s.pk, s.label) for s in sendable_statuses())],
        "html": html,
        "plain": {kind: text_of(text) if text else "" for kind, text in html.items()},
        "files": {k: [files[i] for i in kept.get(f"{k}_file", []) if i in files] for k in ("reply", "note")},
        "key": uuid4().hex,
        "now": timezone.localtime().strftime("%Y-%m-%dT%H:%M"),
        "file_limit": settings.ATTACHMENT_SIZE_LIMIT,
    }
    context |= around(request, form, kept)
    return page(request, "desk/ticket/new.jinja", section="new", status=status, **context)
