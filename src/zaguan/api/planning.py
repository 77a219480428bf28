"""Templates of new tickets, and tickets that open by themselves."""

from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from ninja import Router, Status

from zaguan.api import looking_up
from zaguan.api.access import AgentRequest, needs, once
from zaguan.api.editions import Edition
from zaguan.api.moments import aware
from zaguan.api.planning_shapes import (
    PlanIn,
    PlannedTimeIn,
    ScheduleChange,
    ScheduleIn,
    ScheduleOut,
    TemplateIn,
    TemplateOut,
)
from zaguan.api.shapes import TicketOut
from zaguan.api.tickets import full
from zaguan.conversations.planned_work import kept_time, time_on
from zaguan.conversations.planning import Plan, begin
from zaguan.lib.errors import Refused
from zaguan.people.models import Agent
from zaguan.tickets.models import Schedule, Template, TimeActivity
from zaguan.tickets.recurring import in_words, next_dates, zone_named
from zaguan.tickets.scheduling import cancel, pause, plan_ticket, resume
from zaguan.tickets.templates import change_template, delete_template, save_template

router = Router(tags=["tickets"])
_PLAIN = (
    *("subject", "is_internal", "is_important", "tags", "html", "kind", "attributes"),
    *("promise_minutes", "promise_public"),
)


def _plan(request: AgentRequest, body: PlanIn) -> tuple[Plan, Any]:
    agent, given = request.auth, body.model_dump()
    lists = looking_up.lists(agent, {n: given[n] for n in ("category", "urgency", "service")})
    team, inbox = looking_up.team(agent, body.team), looking_up.inbox(agent, body.inbox)
    person, assignee = looking_up.requester(agent, body.requester), looking_up.agent(agent, body.assignee)
    kind_of_ticket = looking_up.ticket_type(body.type)
    rows = {
        "team": team,
        "inbox": inbox,
        "requester": person,
        "assignee": assignee,
        "type": kind_of_ticket,
        **lists,
    }
    ids: dict[str, Any] = {name: row.pk if row else None for name, row in rows.items()}
    plain: dict[str, Any] = {n: given[n] for n in _PLAIN}
    channel = "note" if body.is_internal else "email" if body.kind == "reply" else "api"
    return Plan(channel=channel, time=_time(agent, body.time), **plain, **ids), team


def _time(agent: Agent, worked: PlannedTimeIn | None) -> dict[str, Any]:
    if worked is None:
        return {}
    if not agent.can("tickets.log_time"):
        raise Refused(
            _("Your role does not allow this: %(name)s.") % {"name": "tickets.log_time"}, field="time"
        )
    rows = TimeActivity.objects.visible_to(agent).filter(archived_at=None)
    activity = looking_up.one(rows, worked.activity, "activity")
    said = worked.model_dump() | {"activity": activity.pk if activity else None}
    return kept_time(time_on({name: value for name, value in said.items() if value not in (None, "")}))


def _template_for(request: AgentRequest, template_id: int) -> Template:
    return looking_up.found(Template.objects.visible_to(request.auth), pk=template_id)


def _scheduled_for(request: AgentRequest, schedule_id: int) -> Schedule:
    return looking_up.found(Schedule.objects.visible_to(request.auth), pk=schedule_id)


TEMPLATE = Edition(_template_for)
# Opening a ticket moves it on by itself.
SCHEDULE = Edition(_scheduled_for, besides=("next_at", "count", "last_ticket", "problem"))


@router.get("/ticket-templates", response=list[TemplateOut], summary="List the templates of new tickets")
@needs("tickets.create")
def list_templates(request: AgentRequest) -> list[dict[str, Any]]:
    """One's own, those of one's teams, and those for everybody."""
    return [_template(row) for row in Template.objects.visible_to(request.auth)]


@router.post("/ticket-templates", response={201: TemplateOut}, summary="Keep a template")
@needs("tickets.create")
@once
def create_template(request: AgentRequest, body: TemplateIn) -> Status[Any]:
    """One with this name in the same place is replaced."""
    plan, _where = _plan(request, body.values)
    team = looking_up.team(request.auth, body.shared) if body.shared not in ("", "all") else None
    row = save_template(
        request.auth, body.name, plan.as_json(), team=team, everybody=body.shared == "all", by=request.auth
    )
    return Status(201, _template(row))


@router.get("/ticket-templates/{int:template_id}", response=TemplateOut, summary="Read a template")
@needs("tickets.create")
@TEMPLATE
def read_template(request: AgentRequest, template_id: int) -> Any:
    return _template(_template_for(request, template_id))


@router.patch("/ticket-templates/{int:template_id}", response=TemplateOut, summary="Change a template")
@needs("tickets.create")
@once
@TEMPLATE
def edit_template(request: AgentRequest, template_id: int, body: TemplateIn) -> Any:
    """Its name and its values."""
    row = looking_up.found(Template.objects.visible_to(request.auth), pk=template_id)
    plan, _where = _plan(request, body.values)
    return _template(
        change_template(request.auth, row, name=body.name, values=plan.as_json(), by=request.auth)
    )


@router.delete("/ticket-templates/{int:template_id}", response={204: None}, summary="Delete a template")
@needs("tickets.create")
@once
@TEMPLATE
def remove_template(request: AgentRequest, template_id: int) -> Status[None]:
    """Tickets that began with it stay."""
    row = looking_up.found(Template.objects.visible_to(request.auth), pk=template_id)
    delete_template(request.auth, row, by=request.auth)
    return Status(204, None)


@router.post(
    "/ticket-templates/{int:template_id}/open",
    response={201: TicketOut},
    summary="Open a ticket from a template",
)
@needs("tickets.create")
@once
def open_from_template(request: AgentRequest, template_id: int, body: PlanIn) -> Status[Any]:
    """What is given here stands in place of what the template says."""
    row = looking_up.found(Template.objects.visible_to(request.auth), pk=template_id)
    given, _where = _plan(request, body)
    with transaction.atomic():
        values = row.values | given.as_json()
        values["attributes"] = row.values.get("attributes", {}) | given.attributes
        ticket = begin(Plan.of(values), by=request.auth)
        if not ticket.is_known_to(request.auth):
            raise Refused(_("You would not see this ticket. Choose a team of yours."), field="team")
    return Status(201, full(request.auth, ticket.pk))


@router.get(
    "/scheduled-tickets", response=list[ScheduleOut], summary="List the tickets that open by themselves"
)
@needs("tickets.schedule")
def list_scheduled(request: AgentRequest) -> list[dict[str, Any]]:
    """What comes next first."""
    return [
        _schedule(row) for row in Schedule.objects.visible_to(request.auth).order_by("next_at", "id")[:200]
    ]


@router.post("/scheduled-tickets", response={201: ScheduleOut}, summary="Let a ticket open by itself")
@needs("tickets.schedule")
@once
def create_scheduled(request: AgentRequest, body: ScheduleIn) -> Status[Any]:
    """Once, or again and again by a rule."""
    return Status(201, _schedule(_planned(request, None, body)))


@router.get("/scheduled-tickets/{int:schedule_id}", response=ScheduleOut, summary="Read a scheduled ticket")
@needs("tickets.schedule")
@SCHEDULE
def read_scheduled(request: AgentRequest, schedule_id: int) -> Any:
    return _schedule(_scheduled_for(request, schedule_id))


@router.put("/scheduled-tickets/{int:schedule_id}", response=ScheduleOut, summary="Change a scheduled ticket")
@needs("tickets.schedule")
@once
@SCHEDULE
def edit_scheduled(request: AgentRequest, schedule_id: int, body: ScheduleIn) -> Any:
    """When it opens, and with what."""
    row = looking_up.found(Schedule.objects.visible_to(request.auth), pk=schedule_id)
    return _schedule(_planned(request, row, body))


@router.post("/scheduled-tickets/{int:schedule_id}", response=ScheduleOut, summary="Pause, resume or cancel")
@needs("tickets.schedule")
@once
def change_scheduled(request: AgentRequest, schedule_id: int, body: ScheduleChange) -> Any:
    """What it has opened stays."""
    row = looking_up.found(Schedule.objects.visible_to(request.auth), pk=schedule_id)
    verb = {"pause": pause, "resume": resume, "cancel": cancel}[body.do]
    return _schedule(verb(row, by=request.auth))


def _planned(request: AgentRequest, known: Schedule | None, body: ScheduleIn) -> Schedule:
    plan, team = _plan(request, body.values)
    if plan.time:
        plan.time["zone"] = body.zone
    return plan_ticket(
        known, by=request.auth, values=plan.as_json(), subject=plan.subject, team=team,
        starts_at=aware(body.starts_at, zone_named(body.zone)), zone=body.zone, rule=body.rule,
    )  # fmt: skip


def _template(row: Template) -> dict[str, Any]:
    shared = "" if row.owner_id else str(row.team_id or "all")
    return {"id": row.pk, "name": row.name, "shared": shared, "values": row.values}


def _schedule(row: Schedule) -> dict[str, Any]:
    live = row.next_at is not None and row.paused_at is None
    just_before = row.next_at - timedelta(seconds=1) if row.next_at else None
    coming = next_dates(row.starts_at, row.zone, row.rule, after=just_before) if live else []
    return {
        "id": row.pk, "subject": row.subject, "words": in_words(row.rule, row.starts_at, row.zone),
        "starts_at": row.starts_at, "zone": row.zone, "rule": row.rule, "next": coming,
        "paused": row.paused_at is not None, "cancelled": row.cancelled_at is not None,
        "opened": row.count, "last_ticket": row.last_ticket_id, "problem": row.problem,
    }  # fmt: skip
