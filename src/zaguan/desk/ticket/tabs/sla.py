"""The tab of what was promised: why it is due when it is (A3.10, A6.3)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from zaguan.desk.access import AgentRequest
from zaguan.desk.ticket.moments import exact
from zaguan.desk.ticket.sheet import Sheet
from zaguan.desk.ticket.tab_register import Tab, register
from zaguan.sla.models import Clock
from zaguan.sla.reading import Account, Beside, ClockAccount, Stretch, account_of, beside, clocks_of
from zaguan.sla.rows import Row
from zaguan.sla.words import cause_label, target_label
from zaguan.ui.rows import Clock as Shown
from zaguan.ui.times import hours_span, span

STATES = {"running": "running", "paused": "paused", "met": "met", "breached": "late"}


@dataclass(frozen=True)
class Told:
    """One clock as the page tells it: what it is, how it stands, the sentence that answers “why?”, and its stretches."""

    clock: ClockAccount
    shown: Shown
    sentence: str
    stretches: list[tuple[Stretch, str, str]]

    def length(self, seconds: int) -> str:
        """What it counts: opening time without days, for a day of it has fewer than 24 hours."""
        if seconds < 60:
            return "0 min"
        return hours_span(seconds) if self.clock.in_business_time else span(seconds)


def _context(request: AgentRequest, sheet: Sheet) -> dict[str, Any]:
    account = account_of(sheet.number)
    told = [_told(clock) for clock in account.clocks] if account else []
    return {
        "account": account,
        "open": [each for each in told if each.clock.is_open],
        "ended": [each for each in told if not each.clock.is_open],
        "terms": [str(term) for term in account.terms] if account else [],
        "calendar": _calendar(account),
        "beside": [(other, _relation(other), _clocks(other.clocks)) for other in beside(sheet.viewer, sheet.ticket)],
        "promised": exact(sheet.ticket.promised_at),
        "may_manage": sheet.viewer.can("sla.manage"),
    }  # fmt: skip


def _calendar(account: Account | None) -> str:
    """The opening hours that count, where they count at all."""
    names = {clock.calendar.name for clock in account.clocks if clock.calendar} if account else set()
    return ", ".join(sorted(names))


def _relation(other: Beside) -> str:
    return (
        _("Back-office ticket") if other.relation == "back_office" else _("Conversation that waits for this")
    )


def _clocks(rows: list[Row]) -> list[tuple[str, str, str]]:
    """Target, state in words, and when it is due."""
    return [(target_label(row.kind), _state(row.state, row.is_near), exact(row.due_at)) for row in rows]


def _state(state: str, is_near: bool) -> str:
    return _("At risk") if is_near else str(Clock.State(state).label)


def _told(clock: ClockAccount) -> Told:
    state = "risk" if clock.is_near else STATES[clock.state]
    late = clock.left if clock.is_open else None
    used = min(100, 100 * clock.used // clock.length) if clock.length else 0
    shown = Shown(state=state, left=late, used=used, label=_state(clock.state, clock.is_near))
    stretches = [(one, exact(one.start), exact(one.end)) for one in clock.stretches]
    return Told(clock, shown, _why(clock), stretches)


def _why(clock: ClockAccount) -> str:
    """The answer in one sentence: from when, how much, by which hours, what was left out, until when."""
    values = {
        "start": exact(clock.started_at),
        "length": hours_span(clock.length) if clock.in_business_time else span(clock.length),
        "pauses": span(sum((one.end - one.start).total_seconds() for one in clock.stretches if one.is_pause and one.end)),
        "due": exact(clock.due_at),
    }  # fmt: skip
    if clock.due_at is None and clock.is_open:
        cause = next((cause_label(one.cause) for one in reversed(clock.stretches) if one.is_pause), "")
        return _("Started %(start)s with %(length)s. It rests now: %(cause)s.") % {**values, "cause": cause}
    if clock.due_at is None:
        return _("Started %(start)s with %(length)s, and ended while it rested.") % values
    paused = any(one.is_pause and one.end for one in clock.stretches)
    if clock.in_business_time and paused:
        return (
            _("Started %(start)s; %(length)s of opening time, %(pauses)s of pauses left out: due %(due)s.")
            % values
        )
    if clock.in_business_time:
        return _("Started %(start)s; %(length)s of opening time: due %(due)s.") % values
    if paused:
        return _("Started %(start)s; %(length)s, %(pauses)s of pauses left out: due %(due)s.") % values
    return _("Started %(start)s; %(length)s: due %(due)s.") % values


register(
    Tab(
        key="sla", label=gettext_lazy("SLA details"), icon="timer", template="desk/ticket/tabs/sla.jinja",
        context=_context, count=lambda sheet: sum(row.is_open for row in clocks_of(sheet.number)), position=70,
    )
)  # fmt: skip
