"""Time as files: a table for spreadsheets, and the timesheet that a customer gets each month."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from django.utils import timezone, translation
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _

from zaguan.lib.errors import Refused
from zaguan.lib.pdf import PdfError, render
from zaguan.lib.sheets import csv_lines, xlsx_file
from zaguan.people.models import Agent, Organisation
from zaguan.tickets.models import TimeEntry, TimeEntryQuerySet
from zaguan.tickets.rates import time_rule
from zaguan.tickets.time_calendar import zone_of
from zaguan.tickets.time_totals import Amount, TimeFilter, amount_of, entries_of, hours, month_of, totals

MOST_ROWS = 100_000
MOST_ON_PAPER = 5_000
_TEMPLATE = Path(__file__).with_name("timesheet.typ")


def head() -> list[str]:
    """The columns of the table."""
    return [
        _("Date"), _("Start"), _("End"), _("Kind"), _("Minutes"), _("Ticket"), _("Subject"), _("Agent"), _("Customer"),
        _("Activity"), _("Rate"), _("Value"), _("Currency"), _("State"), _("Note"),
    ]  # fmt: skip


def rows_of(entries: TimeEntryQuerySet) -> Iterator[list[Any]]:
    """The entries as rows of the table, in the desk's zone."""
    zone = zone_of(time_rule())
    found = entries.select_related("ticket", "agent", "organisation", "activity")[:MOST_ROWS]
    for e in found.iterator(chunk_size=2000):
        start, end = (t.astimezone(zone) if t else None for t in (e.started_at, e.ended_at))
        yield [
            e.day, start, end, e.get_kind_display(), e.minutes, e.ticket_id, e.ticket.subject, e.agent.name,
            e.organisation.name if e.organisation else "", e.activity.label if e.activity else "", e.rate, e.value,
            e.currency, e.get_state_display(), e.note,
        ]  # fmt: skip


def export(entries: TimeEntryQuerySet, kind: str) -> tuple[bytes, str]:
    """The table and its media type; `kind` is csv or xlsx."""
    if kind == "csv":
        return "".join(csv_lines(head(), rows_of(entries))).encode(), "text/csv; charset=utf-8"
    if kind == "xlsx":
        sheet = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
        with xlsx_file(head(), rows_of(entries)) as file:
            return file.read(), sheet
    raise Refused(_("Choose CSV or XLSX."), field="format")


def timesheet(viewer: Agent, organisation: Organisation, month: date, *, language: str = "") -> bytes:
    """The customer's timesheet of a month as PDF; what was rejected is not on it."""
    first, last = month_of(month)
    which = TimeFilter(first=first, last=last, organisation=organisation.pk)
    entries = entries_of(viewer, which).exclude(state=TimeEntry.State.REJECTED)
    with translation.override(language or translation.get_language()):
        try:
            return render(_TEMPLATE.read_text(), _paper(organisation, first, entries))
        except PdfError as error:
            raise Refused(
                _("The timesheet could not be drawn: %(why)s") % {"why": str(error)[-200:]}
            ) from error


def _paper(organisation: Organisation, first: date, entries: TimeEntryQuerySet) -> dict[str, Any]:
    whole, zone = amount_of(entries), zone_of(time_rule())
    found = entries.order_by("day", "started_at", "id").select_related("ticket", "agent", "activity")
    return {
        "title": _("Timesheet"),
        "customer": organisation.name,
        "month": date_format(first, "YEAR_MONTH_FORMAT"),
        "language": (translation.get_language() or "en").split("-")[0],
        "footer": _("Drawn on %(when)s")
        % {"when": date_format(timezone.localtime(), "SHORT_DATETIME_FORMAT")},
        "head": [_("Date"), _("Time"), _("What"), _("Agent"), _("Kind"), _("Hours"), _("Value")],
        "rows": [_line(entry, zone) for entry in found[:MOST_ON_PAPER]],
        "sums": [
            [group.label, hours(group.amount.minutes), _money(group.amount)]
            for group in totals(entries, "activity").groups
        ],
        "sums_title": _("By activity"),
        "total": [_("Total"), hours(whole.minutes), _money(whole)],
        "nothing": _("No time was logged in this month."),
    }


def _line(entry: TimeEntry, zone: ZoneInfo) -> list[str]:
    span = ""
    if entry.started_at and entry.ended_at:
        span = f"{entry.started_at.astimezone(zone):%H:%M}–{entry.ended_at.astimezone(zone):%H:%M}"
    what = [
        f"#{entry.ticket_id} {entry.ticket.subject}",
        entry.activity.label if entry.activity else "",
        entry.note,
    ]
    return [
        date_format(entry.day, "SHORT_DATE_FORMAT"), span, "\n".join(filter(None, what)), entry.agent.name,
        str(entry.get_kind_display()), hours(entry.minutes), _money(Amount(values=((entry.currency, entry.value),))),
    ]  # fmt: skip


def _money(amount: Amount) -> str:
    return " + ".join(f"{number_format(value, 2)} {currency}" for currency, value in amount.values if value)
