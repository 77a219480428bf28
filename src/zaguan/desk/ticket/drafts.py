"""What the composer asks for while somebody writes: keep it, whom it goes to, whom it names."""

from __future__ import annotations

from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_POST

from zaguan.conversations.addressing import MODES
from zaguan.conversations.drafting import discard_draft, save_draft
from zaguan.conversations.models import Draft
from zaguan.desk.access import AgentRequest, needs
from zaguan.desk.ticket.compose import addressed, answered_by, how_labels, number_in
from zaguan.desk.ticket.sheet import sheet_for, ticket_for
from zaguan.desk.ticket.written import fields_in
from zaguan.tickets.candidates import candidates
from zaguan.ui.avatars import hue, initials

MENTIONS = 8


@require_POST
@needs("desk.use")
def draft(request: AgentRequest, number: int) -> HttpResponse:
    """Keep what is being typed; an empty text and no file throws the draft away."""
    ticket = ticket_for(request, number)
    kind = Draft.Kind.NOTE if request.POST.get("kind") == "note" else Draft.Kind.REPLY
    html, kept = request.POST.get("html", ""), fields_in(request, kind)
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
