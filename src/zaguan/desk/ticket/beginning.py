"""What the form of a new ticket begins with: the draft, or what one comes from."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.http import require_POST

from zaguan.conversations.drafting import discard_draft, draft_of, save_draft
from zaguan.conversations.models import Draft
from zaguan.conversations.reading import find_ticket
from zaguan.conversations.surroundings import requester_of as person_of
from zaguan.desk.access import AgentRequest, needs
from zaguan.desk.attribute_forms import posted
from zaguan.desk.ticket.compose import line_of, number_in
from zaguan.desk.ticket.new_ticket import Form
from zaguan.desk.ticket.planning import fields_of
from zaguan.desk.ticket.written import html_in
from zaguan.people import reference
from zaguan.people.models import Agent
from zaguan.tickets.attributes import definitions_of
from zaguan.tickets.models import Schedule, Template


def fresh_form(request: AgentRequest) -> tuple[Form, dict[str, Any]]:
    """The form, with the texts, files and attributes that go with it; a team of the agent's where none is named.

    A template or a planned ticket that the address names; else the draft; else what the agent's habits suggest.
    """
    form, kept = _begun(request)
    if not form["team"]:
        form.values["team"] = _own_team(request.user)
    return form, kept


def _own_team(agent: Agent) -> str:
    """Their only team, or the first of theirs in the order of the list."""
    mine = agent.team_ids()
    return next(
        (str(t.pk) for t in reference.teams.all().values() if t.pk in mine and t.archived_at is None), ""
    )


def _begun(request: AgentRequest) -> tuple[Form, dict[str, Any]]:
    chosen = _chosen(request)
    if chosen is not None:
        return Form.read(chosen), chosen
    follows, asked = number_in(request.GET.get("follows")), request.GET.get("requester", "")
    draft = draft_of(request.user, None, Draft.Kind.NEW)
    if draft is not None and not follows and not asked:
        return Form.read(draft.fields), draft.fields
    values = {"channel": "email", "mode": "reply", "direction": "in", "requester": asked}
    if follows:
        values |= _after(request, follows)
    return Form.read(values), {}


def _chosen(request: AgentRequest) -> dict[str, Any] | None:
    template, planned = (number_in(request.GET.get(name)) for name in ("template", "schedule"))
    if template:
        return fields_of(
            request.user, get_object_or_404(Template.objects.visible_to(request.user), pk=template).values
        )
    if not planned:
        return None
    row = get_object_or_404(Schedule.objects.visible_to(request.user), pk=planned)
    when = timezone.localtime(row.starts_at).strftime("%Y-%m-%dT%H:%M")
    repeat = "rule" if row.rule else ""
    return fields_of(request.user, row.values, row.starts_at) | {
        "opens_at": when,
        "repeat": repeat,
        "rule": row.rule,
        "schedule": str(row.pk),
    }


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
    fields["attributes"] = posted(request.POST, definitions_of(number_in(fields["type"])))
    save_draft(request.user, None, Draft.Kind.NEW, fields["reply_html"] or fields["note_html"], fields)
    return HttpResponse(status=204)


@require_POST
@needs("tickets.create")
def forget_draft(request: AgentRequest) -> HttpResponse:
    """Begin again with an empty form."""
    discard_draft(request.user, None, Draft.Kind.NEW)
    return HttpResponseRedirect("/desk/tickets/new/")
