"""How the approvals of a ticket stand, kept on the ticket itself."""

from __future__ import annotations

from zaguan.tickets.changing import store
from zaguan.tickets.models import Approval, ApprovalState, Ticket


def settle(ticket: Ticket) -> None:
    """Keep on the ticket how its approvals stand, so that pages and lists need not ask."""
    ticket.approval_state = state_of(ticket)
    store(ticket, "approval_state")


def state_of(ticket: Ticket) -> str | None:
    """Waiting while one waits, else as the last one was decided; None without any."""
    asked = Approval.objects.filter(ticket=ticket).exclude(state=Approval.State.WITHDRAWN)
    if asked.filter(state=Approval.State.WAITING).exists():
        return ApprovalState.WAITING
    return asked.order_by("-decided_at", "-id").values_list("state", flat=True).first()
