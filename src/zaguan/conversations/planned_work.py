"""What a planned ticket opens with beside its first words: a promise, and working time (A2.7, A3.7, A17)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta, tzinfo
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from django.utils import timezone
from django.utils.translation import gettext as _

from zaguan.lib.errors import Refused
from zaguan.people.models import Agent
from zaguan.tickets.models import Ticket, TimeActivity
from zaguan.tickets.promising import set_promise
from zaguan.tickets.rates import time_rule
from zaguan.tickets.time_parts import NewTime, parts_of
from zaguan.tickets.time_spent import log_time


def kept_time(new: NewTime) -> dict[str, Any]:
    """Working time as a plan keeps it: by the clock, without a day. Raises Refused for what could never be logged."""
    parts_of(new, time_rule())
    said = {
        "start": _clock(new.started_at),
        "end": _clock(new.ended_at),
        "minutes": new.minutes,
        "kind": new.kind,
        "activity": new.activity.pk if new.activity else None,
        "value": str(new.value) if new.value is not None else "",
        "note": new.note,
        "zone": timezone.get_current_timezone_name(),
    }
    return {name: value for name, value in said.items() if value not in (None, "")}


def time_on(kept: Mapping[str, Any], day: date | None = None) -> NewTime:
    """The same on a day, today when none is named; an activity that is gone is left out."""
    zone = ZoneInfo(kept["zone"]) if "zone" in kept else timezone.get_current_timezone()
    on = day or timezone.localdate(timezone=zone)
    start, end = (_on(on, kept.get(name, ""), zone) for name in ("start", "end"))
    if start and end and end <= start:
        # Past midnight.
        end += timedelta(days=1)
    return NewTime(
        day=on,
        started_at=start,
        ended_at=end,
        minutes=kept.get("minutes"),
        kind=kept.get("kind", ""),
        activity=TimeActivity.objects.filter(pk=kept.get("activity") or 0).first(),
        value=Decimal(kept["value"]) if kept.get("value") else None,
        note=kept.get("note", ""),
    )


def _clock(moment: datetime | None) -> str:
    return f"{timezone.localtime(moment):%H:%M}" if moment else ""


def _on(day: date, clock: str, zone: tzinfo) -> datetime | None:
    if not clock:
        return None
    hour, _colon, minute = clock.partition(":")
    return datetime(day.year, day.month, day.day, int(hour), int(minute), tzinfo=zone)


def minutes_until(promised: datetime, opens: datetime) -> int:
    """How long after it opens a ticket is promised to be solved. Raises Refused for a time before that."""
    minutes = round((promised - opens).total_seconds() / 60)
    if minutes < 1:
        raise Refused(_("The expected solution lies after the ticket opens."), field="promised_at")
    return minutes


def add_work(
    ticket: Ticket,
    *,
    promise: int | None,
    public: bool,
    time: Mapping[str, Any],
    by: Any,
    unfit: list[str] | None,
) -> None:
    """Promise and log what was planned; with `unfit`, what cannot be is told there and does not stop anything."""
    if promise:
        at = timezone.now().replace(second=0, microsecond=0) + timedelta(minutes=promise)
        try:
            set_promise(ticket, at, by=by, public=public)
        except Refused as refused:
            _tell(unfit, refused, _("Expected solution: %(reason)s"))
    if time:
        try:
            _log(ticket, time_on(time), by=by)
        except Refused as refused:
            _tell(unfit, refused, _("Working time: %(reason)s"))


def _log(ticket: Ticket, new: NewTime, *, by: Any) -> None:
    if not isinstance(by, Agent):
        raise Refused(_("Whoever planned it has left, so the time is nobody's."), field="time")
    new.message_id = ticket.messages.order_by("id").values_list("pk", flat=True).last()
    log_time(ticket, new, by=by)


def _tell(unfit: list[str] | None, refused: Refused, sentence: str) -> None:
    if unfit is None:
        raise refused
    unfit.append(sentence % {"reason": refused.sentence})
