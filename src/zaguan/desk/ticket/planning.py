"""The form of a new ticket and what is kept of it for later: templates, and tickets that open by themselves."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from zaguan.conversations.planned_work import kept_time, minutes_until
from zaguan.conversations.planning import Plan
from zaguan.desk.access import AgentRequest
from zaguan.desk.attribute_forms import posted
from zaguan.desk.ticket.compose import line_of, number_in, people_in
from zaguan.desk.ticket.new_ticket import Form, moment_of, requester_of
from zaguan.desk.ticket.time import typed_time
from zaguan.desk.ticket.typed import written
from zaguan.desk.ticket.written import files_in, html_in
from zaguan.lib.errors import Refused
from zaguan.people.models import Agent, Contact
from zaguan.tickets.attributes import definitions_of
from zaguan.tickets.recurring import DAYS
from zaguan.tickets.time_parts import NewTime

# One of these says that time was worked.
TIME_FIELDS = ("start", "end", "minutes", "value")
REPEATS = ("", "daily", "workdays", "weekly", "monthly", "weekday", "yearly", "rule")


def repeat_labels() -> list[tuple[str, str]]:
    """How often a planned ticket opens."""
    return [
        ("", _("Once")),
        ("daily", ngettext("Every day", "Every %(count)d days", 1)),
        ("workdays", _("Every working day")),
        ("weekly", _("Every week on this day")),
        ("monthly", _("Every month on this day of the month")),
        ("weekday", _("Every month on this day of the week, such as the second Tuesday")),
        ("yearly", _("Every year on this day")),
        ("rule", _("By a rule (RFC 5545)")),
    ]


def rule_of(repeat: str, rule: str, start: datetime) -> str:
    """The rule behind a choice, by the day on which it begins."""
    local = timezone.localtime(start)
    day, week = DAYS[local.weekday()], (local.day - 1) // 7 + 1
    rules = {
        "daily": "FREQ=DAILY",
        "workdays": "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR",
        "weekly": f"FREQ=WEEKLY;BYDAY={day}",
        "monthly": f"FREQ=MONTHLY;BYMONTHDAY={local.day}",
        "weekday": f"FREQ=MONTHLY;BYDAY={'-1' if week > 4 else week}{day}",
        "yearly": "FREQ=YEARLY",
        "rule": rule.strip(),
    }
    if repeat == "rule" and not rule.strip():
        raise Refused(_("Write the rule, such as FREQ=WEEKLY;BYDAY=MO."), field="rule")
    return rules.get(repeat, "")


def opens_at(form: Form) -> datetime | None:
    """When it is to open by itself; None for now."""
    return moment_of(form["opens_at"], "opens_at")


def plan_of(request: AgentRequest, form: Form) -> Plan:
    """What the form says, as plain values, filled in or not."""
    is_mail = form["channel"] == "email" and not form.is_internal and form["mode"] != "note"
    kind = "reply" if is_mail else "note"
    person = requester_of(form, by=request.user) if form["requester"].strip() else None
    type_id = number_in(form["type"])
    return Plan(
        subject=form["subject"].strip(),
        is_internal=form.is_internal,
        channel="note"
        if form.is_internal
        else form["channel"]
        if form["channel"] in ("email", "phone")
        else "web",
        requester=person.pk if person else None,
        inbox=number_in(form["inbox"]),
        team=number_in(form["team"]),
        assignee=number_in(form["assignee"]),
        category=number_in(form["category"]),
        urgency=number_in(form["urgency"]),
        service=number_in(form["service"]),
        type=type_id,
        attributes=posted(request.POST, definitions_of(type_id)),
        status=number_in(form["then"]),
        is_important=form["important"] == "on",
        tags=[name.strip() for name in form["tags"].split(",") if name.strip()],
        copies=[list(pair) for pair in people_in(form["copies"])],
        kind=kind,
        html=html_in(request, kind),
        files=[file.public_id for file in files_in(request, kind)],
        **_work(request, form),
    )


def _work(request: AgentRequest, form: Form) -> dict[str, Any]:
    """The promise, counted from when it opens, and the working time."""
    found: dict[str, Any] = {}
    promised = moment_of(form["promised_at"], "promised_at")
    if promised is not None:
        found["promise_minutes"] = minutes_until(promised, opens_at(form) or timezone.now())
        found["promise_public"] = form["promise_public"] == "on"
    if any(form[name].strip() for name in TIME_FIELDS) and request.user.can("tickets.log_time"):
        found["time"] = kept_time(NewTime(**typed_time(request)))
    return found


def fields_of(viewer: Agent, values: dict[str, Any], opens: datetime | None = None) -> dict[str, Any]:
    """The form's fields, and its texts and files, from what was kept; without `opens` it opens now."""
    plan = Plan.of(values)
    chosen = ("inbox", "team", "assignee", "category", "urgency", "service", "type")
    found: dict[str, Any] = {name: str(getattr(plan, name) or "") for name in chosen}
    channel = (
        "none" if plan.channel == "web" else plan.channel if plan.channel in ("email", "phone") else "email"
    )
    return found | {
        "visibility": "internal" if plan.is_internal else "public",
        "channel": channel,
        "requester": _requester(viewer, plan),
        "subject": plan.subject,
        "important": "on" if plan.is_important else "",
        "tags": ", ".join(plan.tags),
        "copies": ", ".join(line_of((copy[0], copy[1] if len(copy) > 1 else "")) for copy in plan.copies),
        "then": str(plan.status or ""),
        "mode": plan.kind,
        f"{plan.kind}_html": plan.html,
        f"{plan.kind}_file": plan.files,
        "attributes": plan.attributes,
        **_work_fields(plan, opens or timezone.now()),
    }


def _work_fields(plan: Plan, opens: datetime) -> dict[str, str]:
    found = {name: str(plan.time.get(name, "")) for name in (*TIME_FIELDS, "kind", "activity")}
    if plan.promise_minutes:
        found["promised_at"] = written(opens + timedelta(minutes=plan.promise_minutes))
        found["promise_public"] = "on" if plan.promise_public else ""
    return found


def _requester(viewer: Agent, plan: Plan) -> str:
    contact = Contact.objects.visible_to(viewer).filter(pk=plan.requester or 0).first()
    known = contact.identities.order_by("-is_primary", "id").first() if contact else None
    return line_of((known.value, contact.name)) if contact and known else ""
