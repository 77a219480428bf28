"""Whose turn it is: each phase of a ticket is on one side, and each side has its clock (A5.4–A5.6)."""

from __future__ import annotations

from django.db.models import Q, TextChoices
from django.utils.translation import gettext_lazy as _

from zaguan.tickets.filter_flags import phase as in_phases
from zaguan.tickets.models import Phase


class Side(TextChoices):
    """`agent` is the desk, also while nobody is assigned; `nobody` is what is put off, solved or out of sight."""

    AGENT = "agent", _("Agent")
    CUSTOMER = "customer", _("Customer")
    THIRD = "third", _("Third party")
    NOBODY = "nobody", _("Nobody")


PHASES: dict[Side, tuple[Phase, ...]] = {
    Side.AGENT: (Phase.NEW, Phase.OPEN),
    Side.CUSTOMER: (Phase.WAITING_CUSTOMER,),
    Side.THIRD: (Phase.WAITING_THIRD,),
    Side.NOBODY: (Phase.SNOOZED, Phase.RESOLVED, Phase.CLOSED),
}
_SIDES = {phase.value: side for side, phases in PHASES.items() for phase in phases}


def side_of(phase: str) -> Side:
    """The side on which a phase lies."""
    return _SIDES[str(phase)]


def whose_turn(side: Side) -> Q:
    """Tickets whose clock runs on this side now; closed ones have none."""
    return in_phases(*(phase for phase in PHASES[side] if phase != Phase.CLOSED))
