"""Time on a ticket: log it, change it, hand it in, approve it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from zaguan.desk.access import AgentRequest, needs
from zaguan.desk.answers import toast
from zaguan.desk.ticket.changing import answered, asked
from zaguan.desk.ticket.dialogs import ActionDialog
from zaguan.desk.ticket.options_menu import Option, register
from zaguan.desk.ticket.sheet import ticket_for
from zaguan.desk.ticket.typed import clock_on, day_in, length_in, row_in
from zaguan.lib.errors import Refused
from zaguan.lib.numbers import whole
from zaguan.people.models import Agent
from zaguan.tickets.models import Ticket, TimeActivity, TimeEntry, TimeKind
from zaguan.tickets.rates import money, time_rule
from zaguan.tickets.time_approval import decide
from zaguan.tickets.time_parts import NewTime
from zaguan.tickets.time_spent import change_time, delete_time, log_time
from zaguan.tickets.time_totals import hours


def choices(agent: Agent) -> dict[str, Any]:
    """What the form of an entry offers."""
    activities = TimeActivity.objects.visible_to(agent).filter(archived_at=None)
    return {
        "kinds": [("", _("By the calendar")), *TimeKind.choices],
        "activities": [("", _("No activity")), *((a.pk, a.label) for a in activities)],
        "currency": time_rule().currency,
    }


def typed_time(request: AgentRequest, prefix: str = "") -> dict[str, Any]:
    """The columns of an entry as the form gives them."""
    day = day_in(request, f"{prefix}day") or timezone.localdate()
    start, end = (clock_on(request, prefix + name, day) for name in ("start", "end"))
    if start and end and end <= start:
        # Past midnight.
        end += timedelta(days=1)
    value = request.POST.get(f"{prefix}value", "").strip()
    return {
        "day": day,
        "started_at": start,
        "ended_at": end,
        "kind": request.POST.get(f"{prefix}kind", ""),
        "minutes": length_in(request, f"{prefix}minutes"),
        "activity": row_in(request, f"{prefix}activity", TimeActivity.objects.visible_to(request.user)),
        "value": money(value, f"{prefix}value") if value else None,
        "note": request.POST.get(f"{prefix}note", ""),
    }


@require_http_methods(["GET", "POST"])
@needs("tickets.log_time")
def log(request: AgentRequest, number: int) -> HttpResponse:
    """A new entry."""
    ticket = ticket_for(request, number)
    context = choices(request.user) | {"today": timezone.localdate().isoformat(), "entry": None}
    dialog = ActionDialog(
        request, ticket, "desk/ticket/time_form.jinja", _("Log time"), _("Log time"), context=context
    )

    def write() -> HttpResponse:
        return logged(request, ticket, log_time(ticket, NewTime(**typed_time(request)), by=request.user))

    return dialog.run(write)


def logged(request: AgentRequest, ticket: Ticket, entries: list[TimeEntry]) -> HttpResponse:
    """Say how much it was; the way back takes it away."""
    said = _("%(time)s logged") % {"time": hours(sum(entry.minutes for entry in entries))}
    return answered(request, ticket, said, "time/undo", entries=",".join(str(entry.pk) for entry in entries))


@require_POST
@needs("tickets.log_time")
def undo(request: AgentRequest, number: int) -> HttpResponse:
    """Take back what was just logged."""
    ticket = ticket_for(request, number)
    wanted = [pk for each in asked(request, "entries").split(",") if (pk := whole(each)) is not None]
    found = TimeEntry.objects.visible_to(request.user).filter(
        ticket=ticket, agent=request.user, pk__in=wanted
    )
    for entry in found:
        delete_time(entry, by=request.user)
    return answered(request, ticket, _("Taken away"))


def entry_for(request: AgentRequest, ticket: Ticket, pk: int) -> TimeEntry:
    """An entry of this ticket that the agent may change: their own, or any for who approves."""
    rows = TimeEntry.objects.visible_to(request.user).filter(ticket=ticket)
    found = get_object_or_404(rows.select_related("activity", "agent"), pk=pk)
    if found.agent_id != request.user.pk and not request.user.can("tickets.approve_time"):
        raise Refused(_("This is the time of %(name)s.") % {"name": found.agent.name})
    return found


@require_http_methods(["GET", "POST"])
@needs("tickets.log_time")
def change(request: AgentRequest, number: int, pk: int) -> HttpResponse:
    """One entry: change it, or take it away."""
    ticket = ticket_for(request, number)
    entry = entry_for(request, ticket, pk)
    context = choices(request.user) | {"entry": entry, "length": hours(entry.minutes)}
    context["kinds"] = context["kinds"][1:]
    dialog = ActionDialog(
        request, ticket, "desk/ticket/time_form.jinja", _("Change time"), _("Save"), context=context
    )

    def write() -> HttpResponse:
        if request.POST.get("do") == "delete":
            delete_time(entry, by=request.user)
            return answered(request, ticket, _("Taken away"))
        values = typed_time(request)
        values["kind"] = values["kind"] or entry.kind
        if values["minutes"] is None:
            start, end = values["started_at"], values["ended_at"]
            values["minutes"] = round((end - start).total_seconds() / 60) if start and end else entry.minutes
        if values["value"] in (None, entry.value):
            # Left as it was: it follows from the time.
            del values["value"]
        change_time(entry, by=request.user, **values)
        return answered(request, ticket, _("Saved"))

    return dialog.run(write)


@require_POST
@needs("tickets.log_time")
def state(request: AgentRequest, number: int, pk: int) -> HttpResponse:
    """Hand in or take back one's own; approving needs its own permission."""
    ticket = ticket_for(request, number)
    entry, wanted = entry_for(request, ticket, pk), asked(request, "state")
    if wanted not in TimeEntry.State.values:
        raise Refused(_("There is no such state."), field="state")
    if wanted in ("approved", "rejected") and not request.user.can("tickets.approve_time"):
        raise Refused(_("Your role does not allow this: %(name)s.") % {"name": "tickets.approve_time"})
    decide(entry, wanted, by=request.user, reason=asked(request, "reason"))
    return toast(
        request,
        str(TimeEntry.State(wanted).label),
        otherwise=HttpResponseRedirect(f"/desk/tickets/{ticket.pk}/?tab=time"),
    )


register(
    Option(
        key="log-time", label=gettext_lazy("Log time"), icon="clock-plus", path="time/", permission="tickets.log_time",
        group="plan", keys="shift+l", position=60,
    )
)  # fmt: skip
