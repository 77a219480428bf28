"""The status of a ticket: set with one click, or in a dialog that asks for what is still missing for it."""

from __future__ import annotations

import json
from typing import Any

from django.http import HttpResponse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from zaguan.desk.access import AgentRequest, needs
from zaguan.desk.ticket.asking import dialog, fill_in
from zaguan.desk.ticket.changing import answered, apart, asked, chosen_row
from zaguan.desk.ticket.sheet import ticket_for
from zaguan.lib.errors import Refused
from zaguan.tickets import reference
from zaguan.tickets.models import Phase, Status, Ticket
from zaguan.tickets.postponing import snooze_choices
from zaguan.tickets.progress import progress_of
from zaguan.tickets.requirements import missing_for
from zaguan.tickets.statuses import default_status, set_status
from zaguan.tickets.transitions import why_not


@require_POST
@needs("tickets.set_status")
def status(request: AgentRequest, number: int) -> HttpResponse:
    """Set the status, with the reason that some ask for."""
    ticket = ticket_for(request, number)
    chosen = _chosen(request)
    reason, until = asked(request, "reason"), parse_datetime(asked(request, "until"))
    old = before(ticket)
    try:
        apart(
            request,
            "status",
            lambda version: set_status(
                ticket, chosen, by=request.user, reason=reason, until=until, version=version
            ),
        )
    except Refused as refused:
        if not _lacks(request, ticket, chosen, reason):
            raise
        return dialog(request, ticket, chosen).show(refused)
    return changed(request, ticket, chosen, old)


def _chosen(request: AgentRequest) -> Status:
    found: Status | None = chosen_row(reference.statuses, asked(request, "status"), "status")
    if found is None:
        raise Refused(_("Choose a status."), field="status")
    return found


def _lacks(request: AgentRequest, ticket: Ticket, status: Status, reason: str) -> bool:
    """Whether a dialog helps: something is missing, and htmx or a page without script can show it."""
    can_show = "HX-Current-URL" in request.headers or "HX-Request" not in request.headers
    open_ = status.phase != Phase.SNOOZED and not why_not(ticket, status, by=request.user)
    return can_show and open_ and bool(missing_for(ticket, status, reason=reason))


@require_http_methods(["GET", "POST"])
@needs("tickets.set_status")
def ask(request: AgentRequest, number: int) -> HttpResponse:
    """What is missing for a status (`?status=`): filled in and set at once; with `?only=1` what is sent next sets it."""
    ticket, chosen = ticket_for(request, number), _chosen(request)
    old, only = before(ticket), bool(request.GET.get("only"))

    def write() -> HttpResponse:
        fill_in(request, ticket, None if only else chosen)
        if not only:
            return changed(request, ticket, chosen, old)
        made = answered(request, ticket, _("Saved"))
        if "HX-Trigger" in made:
            made["HX-Trigger"] = json.dumps({**json.loads(made["HX-Trigger"]), "ticket:filled": {}})
        return made

    return dialog(request, ticket, chosen, only=only).run(write)


def changed(request: AgentRequest, ticket: Ticket, status: Status, old: dict[str, Any]) -> HttpResponse:
    """Say the new status. A closed ticket stays closed, and not everybody goes every way: then none back is offered."""
    was = reference.statuses.get(ticket.status_id)
    there = Ticket(pk=ticket.pk, status=status, type_id=ticket.type_id)
    is_open = was is not None and not why_not(there, was, by=request.user)
    way_back = "status" if is_open and status.phase != Phase.CLOSED else ""
    return answered(request, ticket, _said(ticket, status), way_back, **old)


def before(ticket: Ticket) -> dict[str, Any]:
    """What putting the status back needs."""
    old = {"status": ticket.status_id, "reason": ticket.status_reason}
    return old | ({"until": ticket.snoozed_until.isoformat()} if ticket.snoozed_until else {})


def _said(ticket: Ticket, status: Status) -> str:
    """The new status, and of a parent that is done how many of its children are not."""
    values: dict[str, Any] = {"status": status.label}
    if status.phase in (Phase.RESOLVED, Phase.CLOSED):
        values["count"] = progress_of(ticket.pk).open
        if values["count"]:
            return _("Status: %(status)s. Children still open: %(count)s, see “Related”.") % values
    return _("Status: %(status)s") % values


@require_POST
@needs("tickets.set_status")
def snooze(request: AgentRequest, number: int) -> HttpResponse:
    """Postpone until one of the usual moments, or until a day and time."""
    ticket = ticket_for(request, number)
    now = timezone.localtime()
    usual = {moment.name: moment.at for moment in snooze_choices(now)}
    typed = parse_datetime(asked(request, "moment"))
    until = usual.get(asked(request, "until"))
    if until is None and typed is not None:
        until = timezone.make_aware(typed) if timezone.is_naive(typed) else typed
    old = {"status": ticket.status_id, "reason": ticket.status_reason}
    set_status(ticket, default_status(Phase.SNOOZED), by=request.user, until=until)
    said = _("Postponed until %(when)s") % {
        "when": date_format(timezone.localtime(until), "SHORT_DATETIME_FORMAT") if until else ""
    }
    return answered(request, ticket, said, "status", **old)
