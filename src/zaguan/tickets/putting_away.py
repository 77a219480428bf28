"""Out of sight and back: a merged or trashed ticket keeps its status, but leaves every list and every clock."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.dateparse import parse_datetime

from zaguan.tickets.changing import store
from zaguan.tickets.models import Ticket

# What lists and clocks go by.
_COLUMNS = ("rank", "waiting_since", "snoozed_until", "closes_at", "merged_into")


def header_of(ticket: Ticket, *names: str) -> dict[str, Any]:
    """The named columns as plain values, to be kept beside what changed them."""
    return {name: _plain(getattr(ticket, _attribute(name))) for name in names}


def take_header(ticket: Ticket, header: dict[str, Any]) -> list[str]:
    """Put kept values back into their columns; returns the columns' names. Writes nothing."""
    for name, value in header.items():
        setattr(ticket, _attribute(name), _value(name, value))
    return list(header)


def put_away(ticket: Ticket, rank: int, *, into: Ticket | None = None) -> dict[str, Any]:
    """Take a ticket out of sight; returns what `bring_back` needs. Call with the lock held."""
    header = header_of(ticket, *_COLUMNS)
    ticket.rank, ticket.merged_into = rank, into
    ticket.waiting_since = ticket.snoozed_until = ticket.closes_at = None
    store(ticket, *_COLUMNS)
    return header


def bring_back(ticket: Ticket, header: dict[str, Any]) -> None:
    """Put it where it was. What came due meanwhile happens next time the clock looks. Call with the lock held."""
    store(ticket, *take_header(ticket, header))


def _attribute(name: str) -> str:
    return str(Ticket._meta.get_field(name).attname)  # type: ignore[union-attr]


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else value


def _value(name: str, value: Any) -> Any:
    is_moment = Ticket._meta.get_field(name).get_internal_type() == "DateTimeField"
    return parse_datetime(value) if is_moment and value else value
