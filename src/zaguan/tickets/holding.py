"""What holds a ticket back: an approval that has to be decided before it can be resolved."""

from __future__ import annotations

from django.utils.translation import gettext as _

from zaguan.lib.errors import Refused
from zaguan.lib.text import excerpt
from zaguan.tickets.models import Approval, ApprovalState, Phase, Status, Ticket

_ENDS = (Phase.RESOLVED, Phase.CLOSED)


def why_held(ticket: Ticket) -> str:
    """The sentence that says what it waits for; "" when nothing holds it. Asks nothing of tickets without approvals."""
    if ticket.approval_state != ApprovalState.WAITING or ticket.is_done:
        return ""
    held = Approval.objects.filter(ticket=ticket, holds=True, state=Approval.State.WAITING)
    found = held.order_by("id").values_list("question", flat=True).first()
    if found is None:
        return ""
    return _("An approval has to be decided first: “%(question)s”.") % {"question": excerpt(found, 80)}


def is_end(status: Status) -> bool:
    """Whether the ticket would be done with it."""
    return status.phase in _ENDS


def refuse_held(ticket: Ticket, status: Status) -> None:
    """Raise Refused when the ticket has to wait for an approval before it enters this status."""
    sentence = why_held(ticket) if is_end(status) else ""
    if sentence:
        raise Refused(sentence, field="status")
