"""What the form of a new ticket begins with: the draft, or what one comes from."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_POST

from zaguan.conversations.drafting import discard_draft, draft_of, save_draft
from zaguan.conversations.models import Draft
from zaguan.conversations.reading import find_ticket
from zaguan.conversations.surroundings import requester_of as person_of
from zaguan.desk.access import AgentRequest, needs
from zaguan.desk.ticket.compose import line_of, number_in
from zaguan.desk.ticket.new_ticket import Form
from zaguan.desk.ticket.written import html_in


def fresh_form(request: AgentRequest) -> Form:
    """The draft, else empty with what the address and the agent's habits suggest."""
    follows, asked = number_in(request.GET.get("follows")), request.GET.get("requester", "")
    draft = draft_of(request.user, None, Draft.Kind.NEW)
    if draft is not None and not follows and not asked:
        return Form.read(draft.fields)
    teams = request.user.team_ids()
    values = {"channel": "email", "mode": "reply", "direction": "in", "requester": asked}
    if len(teams) == 1:
        values["team"] = str(next(iter(teams)))
    if follows:
        values |= _after(request, follows)
    return Form.read(values)


def _after(request: AgentRequest, number: int) -> dict[str, str]:
    found = find_ticket(request.user, number)
    if found is None:
        return {}
    old, person = found[0], person_of(found[0])
    mail = next((a.value for a in person.addresses if a.kind == "email"), "") if person else ""
    return {
        "follows": str(number),
        "subject": old.subject,
        "visibility": "internal" if old.is_internal else "public",
        "requester": line_of((mail, person.name)) if person and mail else "",
        "team": str(old.team_id or ""),
    }


@require_POST
@needs("tickets.create")
def new_draft(request: AgentRequest) -> HttpResponse:
    """Keep the half-filled form."""
    fields: dict[str, Any] = dict(Form.read(request.POST).values)
    for kind in ("reply", "note"):
        fields[f"{kind}_html"] = html_in(request, kind)
        fields[f"{kind}_file"] = request.POST.getlist(f"{kind}_file")
    save_draft(request.user, None, Draft.Kind.NEW, fields["reply_html"] or fields["note_html"], fields)
    return HttpResponse(status=204)


@require_POST
@needs("tickets.create")
def forget_draft(request: AgentRequest) -> HttpResponse:
    """Begin again with an empty form."""
    discard_draft(request.user, None, Draft.Kind.NEW)
    return HttpResponseRedirect("/desk/tickets/new/")
