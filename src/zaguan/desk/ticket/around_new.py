"""What stands around a new ticket: its type's attributes, a promise, working time, its time to open, its template."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from zaguan.conversations.drafting import discard_draft
from zaguan.conversations.models import Draft
from zaguan.desk.access import AgentRequest, needs
from zaguan.desk.attribute_forms import controls
from zaguan.desk.ticket.compose import number_in
from zaguan.desk.ticket.new_ticket import Form, moment_of, read_ticket
from zaguan.desk.ticket.planning import TIME_FIELDS, opens_at, plan_of, repeat_labels, rule_of
from zaguan.desk.ticket.time import choices as time_choices
from zaguan.desk.ticket.time import typed_time
from zaguan.lib.attributes.errors import PREFIX
from zaguan.lib.errors import Refused
from zaguan.people.models import Agent, Team
from zaguan.tickets import reference
from zaguan.tickets.attributes import attribute_fields
from zaguan.tickets.models import Schedule, Template, Ticket, TicketType, TimeEntry
from zaguan.tickets.promising import set_promise
from zaguan.tickets.recurring import in_words, next_dates
from zaguan.tickets.scheduling import plan_ticket
from zaguan.tickets.templates import save_template
from zaguan.tickets.time_parts import NewTime
from zaguan.tickets.time_spent import log_time


def around(request: AgentRequest, form: Form, kept: dict[str, Any]) -> dict[str, Any]:
    """What the form's templates need for it."""
    agent = request.user
    rows = Template.objects.visible_to(agent).select_related("team")
    types = [t for t in reference.types.all().values() if t.archived_at is None and _may_begin(t)]
    return {
        "templates": [(str(row.pk), row.name) for row in rows],
        "used_template": request.GET.get("template", ""),
        "type_options": [("", _("Conversation")), *((t.pk, t.label) for t in types)],
        "attribute_controls": _controls(form["type"], kept.get("attributes"), form.errors),
        "time": time_choices(agent) if agent.can("tickets.log_time") else None,
        "repeats": repeat_labels(),
        "sharing": sharing(agent),
        "preview": _preview(form),
        "zone": timezone.get_current_timezone_name(),
    }


def sharing(agent: Agent) -> list[tuple[str, str]]:
    """Who can be given a template."""
    found = [("", _("Only me"))]
    if agent.can("tickets.share_templates"):
        teams = Team.objects.visible_to(agent).filter(archived_at=None)
        found += [("all", _("Everybody")), *((str(team.pk), team.name) for team in teams)]
    return found


def _may_begin(kind: TicketType) -> bool:
    return kind.category != TicketType.Category.BACK_OFFICE


def _controls(type_id: str, typed: Any = None, errors: dict[str, str] | None = None) -> list[dict[str, Any]]:
    kind = reference.types.get(number_in(type_id) or 0)
    if kind is None:
        return []
    shown = [v for v in attribute_fields(kind) if v.attribute.default != "title"]
    wrong = {key.removeprefix(PREFIX): text for key, text in (errors or {}).items() if key.startswith(PREFIX)}
    return controls(shown, typed=typed, errors=wrong)


@require_GET
@needs("tickets.create")
def new_attributes(request: AgentRequest) -> HttpResponse:
    """The fields of the chosen type."""
    found = _controls(request.GET.get("type", ""))
    return render(request, "desk/ticket/new_attributes.jinja", {"attribute_controls": found})


@require_GET
@needs("tickets.schedule")
def next_times(request: AgentRequest) -> HttpResponse:
    """When it would open, in words and the next five dates."""
    form = Form.read(request.GET)
    return render(request, "desk/ticket/new_dates.jinja", {"preview": _preview(form)})


def _preview(form: Form) -> dict[str, Any] | None:
    try:
        start = opens_at(form)
        if start is None:
            return None
        rule, zone = rule_of(form["repeat"], form["rule"], start), timezone.get_current_timezone_name()
        dates = next_dates(start, zone, rule, after=timezone.now())
        return {"words": in_words(rule, start, zone), "dates": dates, "problem": ""}
    except Refused as refused:
        return {"words": "", "dates": [], "problem": refused.sentence}


def add_around(request: AgentRequest, ticket: Ticket, form: Form) -> None:
    """The promise and the working time; the same click again adds nothing."""
    agent, promised = request.user, moment_of(form["promised_at"], "promised_at")
    if promised is not None and ticket.promised_at is None:
        set_promise(ticket, promised, by=agent, public=form["promise_public"] == "on")
    worked = any(form[name].strip() for name in TIME_FIELDS) and agent.can("tickets.log_time")
    if worked and not TimeEntry.objects.visible_to(agent).filter(ticket=ticket).exists():
        last = ticket.messages.order_by("id").values_list("pk", flat=True).last()
        log_time(ticket, NewTime(**typed_time(request), message_id=last), by=agent)


def keep_template(request: AgentRequest, form: Form) -> tuple[str, str]:
    """Keep what is filled in under a name; nothing is opened."""
    shared = request.POST.get("template_shared", "")
    team = Team.objects.visible_to(request.user).filter(pk=number_in(shared) or 0).first()
    values = plan_of(request, form).as_json()
    name = request.POST.get("template_name", "")
    save_template(request.user, name, values, team=team, everybody=shared == "all", by=request.user)
    return "/desk/settings/templates/", _("The template is kept.")


def plan(request: AgentRequest, form: Form) -> tuple[str, str]:
    """Let it open by itself."""
    agent = request.user
    if not agent.can("tickets.schedule"):
        raise PermissionDenied
    if form.is_call:
        raise Refused(_("A call is written down at once. Choose another beginning."), field="opens_at")
    new, start = read_ticket(form, by=agent), opens_at(form)
    assert start is not None, "asked before"
    if not new.is_internal and new.requester is None:
        raise Refused(_("Choose who asks: a ticket for a customer needs a requester."), field="requester")
    number = number_in(form["schedule"])
    known = get_object_or_404(Schedule.objects.visible_to(agent), pk=number) if number else None
    row = plan_ticket(
        known,
        by=agent,
        values=plan_of(request, form).as_json(),
        subject=new.subject,
        team=new.team,
        starts_at=start,
        zone=timezone.get_current_timezone_name(),
        rule=rule_of(form["repeat"], form["rule"], start),
    )
    discard_draft(agent, None, Draft.Kind.NEW)
    return "/desk/scheduled/", in_words(row.rule, row.starts_at, row.zone)
