"""Why did this happen? What rules did on a ticket: what they saw, what they changed, and the chain of causes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from zaguan.automation.rule_log import Told, run_behind, runs_on, told
from zaguan.desk.access import AgentRequest, needs
from zaguan.desk.ticket.dialogs import ActionDialog
from zaguan.desk.ticket.options_menu import Option, register
from zaguan.desk.ticket.sheet import ticket_for
from zaguan.events.history import events_of
from zaguan.lib.numbers import whole
from zaguan.people.models import Agent
from zaguan.tickets.history import Entry, entry_of
from zaguan.tickets.models import Ticket

# A chain is cut after five rules by itself; a page of runs shows so many.
LONGEST, SHOWN = 6, 30


@dataclass(frozen=True)
class Why:
    """One run with the event that caused it, and the run that had caused that event."""

    run: Told
    cause: Entry | None
    before: int | None


def chain_of(ticket: Ticket, run: Told, viewer: Agent) -> list[Why]:
    """From what was asked about back to the first cause."""
    found: list[Why] = []
    now: Told | None = run
    while now is not None and len(found) < LONGEST and now.id not in {why.run.id for why in found}:
        row = events_of(ticket.pk).filter(pk=now.event_id).first() if now.event_id else None
        behind = run_behind(row.pk, viewer) if row is not None and row.actor_kind == "rule" else None
        found.append(Why(now, entry_of(row, viewer) if row else None, behind.pk if behind else None))
        now = told(behind) if behind is not None else None
    return found


@require_GET
@needs("desk.use")
def why(request: AgentRequest, number: int) -> HttpResponse:
    """About one event (`?event=`), about one run (`?run=`), or about the last thing that a rule did here."""
    ticket = ticket_for(request, number)
    event, asked = whole(request.GET.get("event", "")), whole(request.GET.get("run", ""))
    seen = runs_on(ticket.pk, request.user)
    run = (
        run_behind(event, request.user) if event else seen.filter(pk=asked).first() if asked else seen.first()
    )
    if run is not None and run.ticket_id != ticket.pk:
        run = None
    context: dict[str, Any] = {
        "chain": chain_of(ticket, told(run), request.user) if run else [],
        "others": [told(each) for each in seen.exclude(pk=run.pk if run else 0)[:SHOWN]],
        "about_event": bool(event),
        "may_edit": request.user.can("automation.manage_rules"),
    }
    dialog = ActionDialog(
        request, ticket, "desk/ticket/why.jinja", _("Why did this happen?"), is_wide=True, context=context
    )
    return dialog.show()


register(
    Option(
        key="why", label=gettext_lazy("Why did this happen?"), icon="circle-help", path="why/", permission="desk.use",
        group="file", position=60,
    )
)  # fmt: skip
