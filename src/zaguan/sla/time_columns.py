"""Columns of tables and exports: whose turn it is, and the time of each side."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from zaguan.sla.calendars import calendar_of_team, hours_of
from zaguan.sla.intervals import spans_of, sums
from zaguan.sla.sides import Side, side_of
from zaguan.sla.turns import turn_of
from zaguan.tickets.columns import Column, Value, register
from zaguan.tickets.models import Phase
from zaguan.tickets.rows import Row
from zaguan.ui.times import hours_span
from zaguan.ui.times import span as in_words

FIELDS = {
    "agent_time": (Side.AGENT, _("Agent's time"), _("Agent's time (minutes)")),
    "customer_time": (Side.CUSTOMER, _("Customer's time"), _("Customer's time (minutes)")),
    "third_time": (Side.THIRD, _("Third party's time"), _("Third party's time (minutes)")),
    "nobody_time": (Side.NOBODY, _("Nobody's time"), _("Nobody's time (minutes)")),
}


def load(rows: Sequence[Row]) -> Mapping[int, Mapping[str, Value]]:
    """The sums of a page of tickets, in minutes; one question for all of them."""
    ledgers, now = spans_of(row.id for row in rows), timezone.now()
    found: dict[int, dict[str, Value]] = {}
    for row in rows:
        ledger = ledgers.get(row.id, [])
        added = sums(ledger, hours_of(calendar_of_team(row.team_id)), now)
        found[row.id] = {name: added.elapsed[side] // 60 for name, (side, *_labels) in FIELDS.items()}
        found[row.id]["agent_business_time"] = added.business[Side.AGENT] // 60
        turn = turn_of(ledger)
        found[row.id]["turn_since"] = turn.since if turn else None
    return found


def _turn(row: Row) -> str:
    return "" if row.phase == Phase.CLOSED else str(side_of(row.phase).label)


def _words(minutes: int) -> str:
    return in_words(minutes * 60) if minutes else "–"


register(
    Column("turn", _("Whose turn"), _turn),
    Column("turn_since", _("Their turn since"), load=load),
    *(
        Column(name, label, load=load, words=_words, file_label=file_label)
        for name, (_side, label, file_label) in FIELDS.items()
    ),
    Column(
        "agent_business_time",
        _("Agent's business time"),
        load=load,
        words=lambda minutes: hours_span(minutes * 60) if minutes else "–",
        file_label=_("Agent's business time (minutes)"),
    ),
)
