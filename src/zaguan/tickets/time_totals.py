"""Sums of time: per ticket, agent, customer and activity, within a period; a page of entries at a time."""

from __future__ import annotations

import calendar
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Count, Sum
from django.utils.translation import gettext as _

from zaguan.people.models import Agent, Organisation
from zaguan.tickets.models import Ticket, TimeActivity, TimeEntry, TimeEntryQuerySet, TimeKind
from zaguan.tickets.reference import agents

# What one can sum by, and its column.
GROUPS = {
    "agent": "agent_id",
    "organisation": "organisation_id",
    "activity": "activity_id",
    "ticket": "ticket_id",
    "kind": "kind",
    "day": "day",
}
MOST = 100


@dataclass(frozen=True, kw_only=True)
class TimeFilter:
    """Which entries; ids where nothing else is said."""

    first: date | None = None
    last: date | None = None
    agent: int | None = None
    organisation: int | None = None
    activity: int | None = None
    ticket: int | None = None
    state: str = ""
    kind: str = ""


@dataclass(frozen=True)
class Amount:
    """Minutes, and what they are worth in each currency."""

    minutes: int = 0
    entries: int = 0
    values: tuple[tuple[str, Decimal], ...] = ()


@dataclass(frozen=True)
class Group:
    """One line of a sum: whom or what it is about."""

    key: Any
    label: str
    amount: Amount


@dataclass(frozen=True)
class Totals:
    whole: Amount = field(default_factory=Amount)
    groups: list[Group] = field(default_factory=list)


def month_of(day: date) -> tuple[date, date]:
    """The first and the last day of its month."""
    return day.replace(day=1), day.replace(day=calendar.monthrange(day.year, day.month)[1])


def entries_of(viewer: Agent, which: TimeFilter) -> TimeEntryQuerySet:
    """The entries that the viewer may see, newest day first."""
    given: dict[str, Any] = {
        "day__gte": which.first,
        "day__lte": which.last,
        "agent_id": which.agent,
        "organisation_id": which.organisation,
        "activity_id": which.activity,
        "ticket_id": which.ticket,
        "state": which.state or None,
        "kind": which.kind or None,
    }
    rows = TimeEntry.objects.visible_to(viewer).filter(**{k: v for k, v in given.items() if v is not None})
    return rows.order_by("-day", "-id")


def amount_of(rows: TimeEntryQuerySet) -> Amount:
    """The sum of some entries."""
    found = _by(rows, ())
    return found[0][1] if found else Amount()


def totals(rows: TimeEntryQuerySet, by: str) -> Totals:
    """The sum of the whole, and of each group, the largest first."""
    groups = [Group(key[0], "", amount) for key, amount in _by(rows, (GROUPS[by],))]
    groups.sort(key=lambda group: -group.amount.minutes)
    shown = groups[:MOST]
    names = _names(rows, by, [group.key for group in shown])
    labelled = [Group(g.key, names.get(g.key) or _("None"), g.amount) for g in shown]
    return Totals(amount_of(rows), labelled)


def _by(rows: TimeEntryQuerySet, columns: tuple[str, ...]) -> list[tuple[tuple[Any, ...], Amount]]:
    summed = (
        rows.order_by()
        .values_list(*columns, "currency")
        .annotate(minutes_sum=Sum("minutes"), value_sum=Sum("value"), many=Count("pk"))
    )
    found: dict[tuple[Any, ...], Amount] = {}
    for *key, currency, minutes, value, many in summed:
        before = found.get(tuple(key), Amount())
        values = (*before.values, (currency, Decimal(value).quantize(Decimal("0.01"))))
        found[tuple(key)] = Amount(before.minutes + minutes, before.entries + many, values)
    return list(found.items())


def _names(rows: TimeEntryQuerySet, by: str, keys: list[Any]) -> dict[Any, str]:
    if by == "agent":
        return {pk: agent.name for pk in keys if (agent := agents.get(pk))}
    if by == "kind":
        return {kind: str(TimeKind(kind).label) for kind in keys}
    if by == "day":
        return {day: day.isoformat() for day in keys}
    if by == "ticket":
        known = Ticket.objects.filter(pk__in=keys).values_list("pk", "subject")
        return {pk: f"#{pk} {subject}" for pk, subject in known}
    table: Any = Organisation if by == "organisation" else TimeActivity
    return {row.pk: str(row) for row in table.objects.filter(pk__in=[key for key in keys if key])}


def hours(minutes: int) -> str:
    """Minutes as 1:05, with a sign when there are fewer than none."""
    sign = "−" if minutes < 0 else ""
    return f"{sign}{abs(minutes) // 60}:{abs(minutes) % 60:02d}"
