"""The clock on a ticket: it starts, pauses and stops, and every page knows which one runs."""

from __future__ import annotations

from django.http import HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from zaguan.desk.access import AgentRequest, needs
from zaguan.desk.ticket.changing import answered, asked
from zaguan.desk.ticket.dialogs import ActionDialog
from zaguan.desk.ticket.options_menu import Option, register
from zaguan.desk.ticket.sheet import ticket_for
from zaguan.desk.ticket.time import choices, logged, typed_time
from zaguan.lib.errors import Refused
from zaguan.tickets.models import Timer
from zaguan.tickets.time_totals import hours
from zaguan.tickets.timers import discard_timer, elapsed, pause_timer, start_timer, stop_timer, timer_on


@require_POST
@needs("tickets.log_time")
def timer(request: AgentRequest, number: int) -> HttpResponse:
    """`do`: start, pause, discard, or toggle between running and not."""
    ticket, do = ticket_for(request, number), asked(request, "do")
    running = timer_on(request.user, ticket)
    if do == "discard":
        discard_timer(ticket, by=request.user)
        return answered(request, ticket, _("Timer ended, nothing logged"))
    if do == "pause" or (do == "toggle" and running is not None and running.running_since):
        pause_timer(ticket, by=request.user)
        return answered(request, ticket, _("Timer paused"), "timer", do="start")
    start_timer(ticket, by=request.user)
    return answered(request, ticket, _("Timer runs"), "timer", do="pause")


@require_http_methods(["GET", "POST"])
@needs("tickets.log_time")
def stop(request: AgentRequest, number: int) -> HttpResponse:
    """End the clock: what it counted can be corrected before it is logged."""
    ticket = ticket_for(request, number)
    found = timer_on(request.user, ticket)
    counted = max(round(elapsed(found) / 60), 1) if found else 0
    context = choices(request.user) | {"has_timer": found is not None, "length": hours(counted)}
    dialog = ActionDialog(
        request, ticket, "desk/ticket/timer_stop.jinja", _("Stop the timer"), _("Log time"), context=context
    )

    def write() -> HttpResponse:
        if found is None:
            raise Refused(_("No timer runs on this ticket."))
        values = {
            name: value
            for name, value in typed_time(request).items()
            if name in ("kind", "minutes", "activity", "value", "note")
        }
        return logged(request, ticket, stop_timer(ticket, by=request.user, **values))

    return dialog.run(write)


@require_GET
@needs("desk.use")
def running(request: AgentRequest) -> JsonResponse:
    """The clock that runs, for the mark that every page shows; nothing when none does."""
    found = (
        Timer.objects.visible_to(request.user)
        .filter(running_since__isnull=False)
        .select_related("ticket")
        .first()
    )
    if found is None or not found.ticket.is_known_to(request.user):
        return JsonResponse({})
    return JsonResponse(
        {"ticket": found.ticket_id, "seconds": elapsed(found), "subject": found.ticket.subject,
         "said": _("The timer on #%(number)s still runs.") % {"number": found.ticket_id}, "stop": _("Stop")}
    )  # fmt: skip


register(
    Option(
        key="stop-timer", label=gettext_lazy("Stop the timer"), icon="timer-off", path="timer/stop/", permission="tickets.log_time",
        group="plan", keys="shift+h", position=61,
    )
)  # fmt: skip
