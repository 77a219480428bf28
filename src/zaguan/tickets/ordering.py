"""The orders of a ticket list, and pages by key: a page starts after a row, never after a number of rows."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from django.db.models import Q
from django.db.models.functions import Coalesce
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from zaguan.lib.errors import Refused
from zaguan.tickets.models import DONE_RANK


@dataclass(frozen=True)
class Order:
    """Columns to sort by, the last of which is always the id.

    `coarse`: the first one has a handful of values, so that a page is read value by value, each part along an index.
    """

    name: str
    label: str | Promise
    columns: tuple[str, ...]
    coarse: bool = False
    # What the order speaks of: only those who wait have a waiting time.
    within: Q = field(default_factory=Q)

    @property
    def unindexed(self) -> list[Any]:
        """The same order, written so that the database sorts and does not walk along an index."""
        first, name = self.columns[0], self.names[0]
        hidden = Coalesce(name, name)
        return [hidden.desc() if first.startswith("-") else hidden.asc(), *self.columns[1:]]

    @property
    def names(self) -> tuple[str, ...]:
        """The columns without their signs."""
        return tuple(column.lstrip("-") for column in self.columns)


UNFINISHED = Q(rank__lt=DONE_RANK)
# Above every rank of an urgency.
_HIGHEST = 32_767
# Before every deadline.
_BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)
ORDERS = {
    order.name: order
    for order in (
        Order("active", gettext_lazy("Last activity"), ("rank", "-active_at", "-id"), coarse=True),
        Order(
            "waiting",
            gettext_lazy("Waiting longest"),
            ("waiting_since", "id"),
            within=Q(waiting_since__isnull=False),
        ),
        Order(
            "urgency",
            gettext_lazy("Most urgent"),
            ("-urgency_rank", "-active_at", "-id"),
            coarse=True,
            within=UNFINISHED,
        ),
        Order("created", gettext_lazy("Newest"), ("-created_at", "-id")),
        Order(
            "promised",
            gettext_lazy("Promised first"),
            ("promised_at", "id"),
            within=Q(promised_at__isnull=False) & UNFINISHED,
        ),
        Order(
            "due",
            gettext_lazy("Nearest deadline"),
            ("due_at", "id"),
            within=Q(due_at__isnull=False) & UNFINISHED,
        ),
        # For the tickets of one person or organisation, where open and closed stand mixed.
        Order("recent", gettext_lazy("Most recent"), ("-active_at", "-id")),
    )
}


def order_named(name: str) -> Order:
    """The order with this name; an unknown one is the usual order."""
    return ORDERS.get(name, ORDERS["active"])


def segments(order: Order, key: Sequence[Any]) -> list[Q]:
    """The parts of what comes after `key`, in order; everything when there is no key."""
    if not key and order.names[0] == "urgency_rank":
        # Always true. SQLite knows no numbers of rows: with a limit on both, it takes the index that needs no sorting.
        return [Q(urgency_rank__lt=_HIGHEST)]
    if not key and order.names[0] == "due_at":
        # The same.
        return [Q(due_at__gt=_BEGINNING)]
    if not key:
        return [Q()]
    if not order.coarse:
        return [_after(order.columns, key)]
    first, name = order.columns[0], order.names[0]
    beyond = {f"{name}__{'lt' if first.startswith('-') else 'gt'}": key[0]}
    return [Q(**{name: key[0]}) & _after(order.columns[1:], key[1:]), Q(**beyond)]


def _after(columns: Sequence[str], key: Sequence[Any]) -> Q:
    # The first condition is the one that an index can follow; the second one settles equal times.
    column, sign = columns[0].lstrip("-"), "lt" if columns[0].startswith("-") else "gt"
    tie = "lt" if columns[1].startswith("-") else "gt"
    beyond = Q(**{f"{column}__{sign}": key[0]}) | Q(**{f"id__{tie}": key[1]})
    return Q(**{f"{column}__{sign}e": key[0]}) & beyond


def write_cursor(order: Order, row: Any) -> str:
    """Where the page after `row` starts, to be handed out and back."""
    key = [getattr(row, name) for name in order.names]
    plain = [value.isoformat() if isinstance(value, datetime) else value for value in key]
    text = json.dumps([order.name, *plain], separators=(",", ":"))
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def read_cursor(order: Order, cursor: str) -> list[Any]:
    """The key in a cursor of this order; raises Refused for one that was not written by us."""
    if not cursor:
        return []
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        name, *key = json.loads(base64.b64decode(padded, altchars=b"-_", validate=True))
        return [_value(column, value) for column, value in zip(_names(order, name), key, strict=True)]
    except (ValueError, TypeError, binascii.Error) as error:
        raise Refused(
            _("This page of the list is no longer there. Start again from the top."), field="cursor"
        ) from error


def _names(order: Order, name: str) -> tuple[str, ...]:
    if name != order.name:
        raise ValueError(name)
    return order.names


def _value(column: str, value: Any) -> Any:
    if column in ("id", "rank", "urgency_rank"):
        if not isinstance(value, int):
            raise TypeError(column)
        return value
    moment = datetime.fromisoformat(value)
    if moment.tzinfo is None:
        raise ValueError(value)
    return moment
