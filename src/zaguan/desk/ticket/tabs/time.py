"""The tab of time: the agent's clock, the sums, and every entry (A17)."""

from __future__ import annotations

from typing import Any

from django.utils.formats import date_format, number_format
from django.utils.translation import gettext_lazy as _

from zaguan.desk.access import AgentRequest
from zaguan.desk.ticket.sheet import Sheet
from zaguan.desk.ticket.tab_register import Tab, register
from zaguan.tickets.hour_banks import balances
from zaguan.tickets.models import HourBank, TimeEntry
from zaguan.tickets.time_totals import Amount, TimeFilter, entries_of, hours, totals
from zaguan.tickets.timers import elapsed, timer_on

SIZE = 100


def worth(amount: Amount) -> str:
    """What it is worth, in each currency."""
    return " + ".join(f"{number_format(value, 2)} {currency}" for currency, value in amount.values if value)


def _context(request: AgentRequest, sheet: Sheet) -> dict[str, Any]:
    viewer = sheet.viewer
    rows = entries_of(viewer, TimeFilter(ticket=sheet.number))
    by_agent = totals(rows, "agent")
    clock = timer_on(viewer, sheet.ticket)
    return {
        "entries": [_shown(entry, sheet) for entry in rows.select_related("agent", "activity")[:SIZE]],
        "whole": (hours(by_agent.whole.minutes), worth(by_agent.whole)),
        "sums": [(g.label, hours(g.amount.minutes), worth(g.amount)) for g in by_agent.groups],
        "clock": clock,
        "counted": elapsed(clock) if clock else 0,
        "banks": _banks(sheet),
        "may_log": viewer.can("tickets.log_time"),
        "may_approve": viewer.can("tickets.approve_time"),
    }


def _shown(entry: TimeEntry, sheet: Sheet) -> dict[str, Any]:
    mine = entry.agent_id == sheet.viewer.pk
    return {
        "e": entry,
        "length": hours(entry.minutes),
        "day": date_format(entry.day, "SHORT_DATE_FORMAT"),
        "worth": worth(Amount(values=((entry.currency, entry.value),))),
        "may_change": mine or sheet.viewer.can("tickets.approve_time"),
        "is_settled": entry.state in ("submitted", "approved"),
    }


def _banks(sheet: Sheet) -> list[tuple[str, str, bool]]:
    organisation = sheet.ticket.organisation_id
    if organisation is None:
        return []
    banks = HourBank.objects.visible_to(sheet.viewer).filter(organisation=organisation, closed_at=None)
    return [(each.bank.name, hours(each.left), each.is_low) for each in balances(list(banks))]


def _count(sheet: Sheet) -> int:
    return sheet.ticket.time_entries.count()


register(
    Tab(
        key="time", label=_("Time spent"), icon="clock", template="desk/ticket/tabs/time.jinja", context=_context,
        count=_count, position=70,
    )
)  # fmt: skip
