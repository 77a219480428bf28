"""The time of each side on a printed ticket: in the full copy only, it is no business of the customer."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext as _

from zaguan.conversations.printing import Copy, facts
from zaguan.sla.sides import Side
from zaguan.sla.standing import clocks_of
from zaguan.tickets.models import Ticket
from zaguan.ui.times import hours_span, span


@facts
def time_of_sides(ticket: Ticket, copy: Copy) -> Iterable[tuple[str, str]]:
    """One line for each side that had time, elapsed and within opening hours."""
    if copy != "full":
        return
    clocks = clocks_of(ticket)
    labels = {
        Side.AGENT: _("Agent's time"),
        Side.CUSTOMER: _("Customer's time"),
        Side.THIRD: _("Third party's time"),
        Side.NOBODY: _("Nobody's time"),
    }
    for side in clocks.shown_sides:
        values = {"time": span(clocks.sums.elapsed[side]), "business": hours_span(clocks.sums.business[side])}
        yield labels[side], _("%(time)s (within opening hours %(business)s)") % values
