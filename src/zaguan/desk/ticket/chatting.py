"""A quick internal note from the chat beside the conversation."""

from __future__ import annotations

import json
from uuid import uuid4

from django.http import HttpResponse, HttpResponseRedirect
from django.utils.html import escape
from django.views.decorators.http import require_POST

from zaguan.conversations.noting import add_note
from zaguan.desk.access import AgentRequest, needs
from zaguan.desk.ticket.sheet import ticket_for
from zaguan.desk.ticket.written import html_in
from zaguan.people.reference import agents
from zaguan.tickets.candidates import candidates
from zaguan.tickets.models import Ticket


@require_POST
@needs("conversations.note")
def chat(request: AgentRequest, number: int) -> HttpResponse:
    """Keep the note; the same key keeps it once. The answer brings the key of the next one."""
    ticket = ticket_for(request, number)
    key = request.POST.get("key", "")[:60]
    html = with_mentions(html_in(request, "note"), ticket)
    add_note(ticket, html, by=request.user, idempotency_key=f"chat-{key}" if key else None)
    if not request.headers.get("HX-Request"):
        return HttpResponseRedirect(f"/desk/tickets/{ticket.pk}/?tab=notes#chat-form")
    answer = HttpResponse(status=204)
    answer["HX-Trigger"] = json.dumps({"zaguan:changed": {}, "chat:kept": {"key": uuid4().hex}})
    return answer


def with_mentions(html: str, ticket: Ticket) -> str:
    """“@Full Name” of a colleague who may have the ticket becomes a mention; longer names are tried first."""
    if "@" not in html:
        return html
    known = {each.agent.pk: each.agent for each in candidates(ticket.team_id)}
    known |= {
        pk: agents.all()[pk]
        for pk in ticket.followers.values_list("agent_id", flat=True)
        if pk in agents.all()
    }
    for agent in sorted(known.values(), key=lambda a: -len(a.name)):
        said = f"@{escape(agent.name)}"
        html = html.replace(said, f'<span data-mention="{agent.pk}">&#64;{escape(agent.name)}</span>')
    return html
