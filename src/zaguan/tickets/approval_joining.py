"""Approvals go along when their ticket is merged into another one, and come back with it."""

from __future__ import annotations

from typing import Any

from zaguan.tickets.approval_state import state_of
from zaguan.tickets.merging import along
from zaguan.tickets.models import Approval, Ticket


def _move(source: Ticket, target: Ticket) -> list[int]:
    numbers = list(Approval.objects.filter(ticket=source).values_list("pk", flat=True))
    if numbers:
        Approval.objects.filter(pk__in=numbers).update(ticket=target)
        _settle(source, target)
    return numbers


def _back(moved: Any, source: Ticket, target: Ticket) -> None:
    if moved:
        Approval.objects.filter(pk__in=moved, ticket=target).update(ticket=source)
        _settle(source, target)


def _settle(*tickets: Ticket) -> None:
    for ticket in tickets:
        ticket.approval_state = state_of(ticket)
        Ticket.objects.filter(pk=ticket.pk).update(approval_state=ticket.approval_state)


along("approvals", _move, _back)
