"""Activities of a ticket: plan a call, an appointment, a task or a visit; change it, do it."""

from __future__ import annotations

from datetime import datetime, timedelta
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
from zaguan.desk.ticket.typed import moment_in, row_in, written
from zaguan.lib.errors import Refused
from zaguan.lib.numbers import whole
from zaguan.people import reference
from zaguan.people.models import Agent
from zaguan.tickets.activities import REMINDERS, change_activity, delete_activity, finish, plan
from zaguan.tickets.models import Activity


def reminders() -> list[tuple[str, str]]:
    """What one may choose: nothing, at the time, or some time before."""
    words = {
        0: _("At the time"),
        5: _("5 minutes before"),
        15: _("15 minutes before"),
        30: _("30 minutes before"),
        60: _("An hour before"),
        120: _("2 hours before"),
        1440: _("A day before"),
    }
    return [("", _("No reminder")), *((str(minutes), words[minutes]) for minutes in REMINDERS)]


def choices(request: AgentRequest, activity: Activity | None) -> dict[str, Any]:
    """What the form offers, and what stands in it at first."""
    start = next_hour()
    return {
        "activity": activity,
        "kinds": Activity.Kind.choices,
        "owners": [(a.pk, a.name) for a in reference.agents.all().values() if a.is_active],
        "reminders": reminders(),
        "starts": written(activity.starts_at if activity else start),
        "ends": written(activity.ends_at) if activity else "",
        "viewer_id": request.user.pk,
    }


def next_hour() -> datetime:
    """The next full hour."""
    return timezone.now().replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)


def typed(request: AgentRequest) -> dict[str, Any]:
    """The columns of an activity as the form gives them."""
    start = moment_in(request, "starts_at")
    if start is None:
        raise Refused(_("Say when."), field="starts_at")
    owner = row_in(request, "owner", Agent.objects.visible_to(request.user).filter(is_active=True))
    return {
        "kind": request.POST.get("kind", ""),
        "subject": request.POST.get("subject", ""),
        "notes": request.POST.get("notes", ""),
        "place": request.POST.get("place", "")[:200],
        "owner": owner or request.user,
        "starts_at": start,
        "ends_at": moment_in(request, "ends_at"),
        "remind_minutes": whole(request.POST.get("remind_minutes", "")),
    }


@require_http_methods(["GET", "POST"])
@needs("tickets.plan_activities")
def new(request: AgentRequest, number: int) -> HttpResponse:
    """Plan one for this ticket."""
    ticket = ticket_for(request, number)
    context = choices(request, None)
    dialog = ActionDialog(
        request, ticket, "desk/ticket/activity_form.jinja", _("Plan an activity"), _("Plan"), context=context
    )

    def write() -> HttpResponse:
        made = plan(by=request.user, ticket=ticket, **typed(request))
        return answered(request, ticket, _("Planned"), f"activities/{made.pk}", do="delete")

    return dialog.run(write)


@require_http_methods(["GET", "POST"])
@needs("tickets.plan_activities")
def change(request: AgentRequest, number: int, pk: int) -> HttpResponse:
    """One of this ticket: change it, say it is done, or take it off the plan."""
    ticket = ticket_for(request, number)
    activity = get_object_or_404(Activity.objects.visible_to(request.user).filter(ticket=ticket), pk=pk)
    context = choices(request, activity)
    dialog = ActionDialog(
        request,
        ticket,
        "desk/ticket/activity_form.jinja",
        _("Change the activity"),
        _("Save"),
        context=context,
    )

    def write() -> HttpResponse:
        do = asked(request, "do")
        if do in ("done", "undone"):
            return answered(
                request, ticket, settle(activity, do, request.user), f"activities/{pk}", do=other(do)
            )
        if do == "delete":
            delete_activity(activity, by=request.user)
            return answered(request, ticket, _("Taken off the plan"))
        change_activity(activity, by=request.user, **typed(request))
        return answered(request, ticket, _("Saved"))

    return dialog.run(write)


def settle(activity: Activity, do: str, by: Agent) -> str:
    """Done or not after all; what to say of it."""
    finish(activity, by=by, done=do == "done")
    return _("Done") if do == "done" else _("Not done yet")


def other(do: str) -> str:
    """What takes it back."""
    return "undone" if do == "done" else "done"


@require_POST
@needs("tickets.plan_activities")
def tick(request: AgentRequest, pk: int) -> HttpResponse:
    """Done or not, from the agenda or a customer's page."""
    activity = get_object_or_404(Activity.objects.visible_to(request.user), pk=pk)
    do = "undone" if asked(request, "do") == "undone" else "done"
    said = settle(activity, do, request.user)
    back = HttpResponseRedirect(request.headers.get("Referer") or "/desk/agenda/")
    return toast(request, said, undo=f"/desk/activities/{pk}/done/?do={other(do)}", otherwise=back)


register(
    Option(
        key="plan", label=gettext_lazy("Plan an activity"), icon="calendar-plus", path="activities/", permission="tickets.plan_activities",
        group="plan", keys="shift+a", position=50,
    )
)  # fmt: skip
