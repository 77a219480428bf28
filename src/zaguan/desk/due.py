"""How the nearest deadline of a ticket looks in a list and at the head of its page: state, time left, and words."""

from __future__ import annotations

from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _
from markupsafe import Markup

from zaguan.desk.templating import template
from zaguan.sla.words import target_label
from zaguan.tickets.models import SlaState
from zaguan.ui.rows import Clock

STATES = {
    SlaState.ON_TRACK: "running",
    SlaState.AT_RISK: "risk",
    SlaState.BREACHED: "late",
    SlaState.PAUSED: "paused",
    SlaState.MET: "met",
}
# How full the arc is; what share of the time has gone is told by the page of the ticket's SLA.
_USED = {"running": 25, "risk": 80}


def clock_of(
    state: str | None, due_at: datetime | None, kind: str | None, *, met: bool = False
) -> Clock | None:
    """The clock of a ticket, None where nothing is promised. What was met is shown only where `met` asks for it."""
    if not state or (state == SlaState.MET and not met):
        return None
    shown = STATES[SlaState(state)]
    left = (due_at - timezone.now()).total_seconds() if due_at else None
    if left is not None and left < 0 and shown in _USED:
        # The worker says so within two seconds.
        shown = "late"
    label = str(SlaState(state).label)
    if kind:
        label = _("%(target)s, %(state)s") % {"target": target_label(kind), "state": label}
    return Clock(state=shown, left=left, used=_USED.get(shown, 0), label=label)


def clock_chip(clock: Clock) -> Markup:
    """The clock as a chip."""
    drawn: Markup = template("ui/chip.jinja").module.clock_chip(clock)  # type: ignore[attr-defined]
    return drawn
