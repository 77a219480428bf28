"""Time spent on tickets: log it, change it, take it away (A17)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from zaguan.events.recording import record
from zaguan.lib.errors import Refused
from zaguan.people.models import Agent
from zaguan.tickets.hour_banks import bank_for, warn_when_low
from zaguan.tickets.models import Ticket, TimeActivity, TimeEntry, TimeKind, TimeRule
from zaguan.tickets.rates import rate_for, time_rule, value_of
from zaguan.tickets.time_calendar import Segment, segments, zone_of
from zaguan.tickets.work_events import TimeChanged, TimeLogged

LONGEST = timedelta(hours=24)
MOST_MINUTES = 24 * 60
State = TimeEntry.State


@dataclass(kw_only=True)
class NewTime:
    """A stretch of work. With start and end its kinds come from the calendar, unless one is named."""

    day: date | None = None
    started_at: datetime | None = None
    ended_at: datetime | None = None
    kind: str = ""
    # What counts; as long as it took when None.
    minutes: int | None = None
    activity: TimeActivity | None = None
    rate: Decimal | None = None
    value: Decimal | None = None
    note: str = ""
    message_id: int | None = None


@transaction.atomic
def log_time(ticket: Ticket, new: NewTime, *, by: Any, agent: Agent | None = None) -> list[TimeEntry]:
    """Log work of `agent` (who does it, unless told otherwise); one entry for each kind of time it touches."""
    worker = agent or by
    rule = time_rule()
    parts = _parts(new, rule)
    rate = new.rate if new.rate is not None else rate_for(new.activity, ticket.organisation_id)
    entries = [_entry(ticket, worker, new, part, rate, rule) for part in parts]
    if new.value is not None:
        _share(entries, new.value)
    for entry in entries:
        entry.save()
    record(
        TimeLogged(
            ticket_id=ticket.pk,
            entries=[entry.pk for entry in entries],
            agent_id=worker.pk,
            minutes=sum(entry.minutes for entry in entries),
            day=entries[0].day.isoformat(),
            activity=new.activity.label if new.activity else "",
            note=new.note,
        ),
        by=by,
    )
    for bank in {entry.bank for entry in entries if entry.bank}:
        warn_when_low(bank, ticket.pk)
    return entries


def _parts(new: NewTime, rule: TimeRule) -> list[Segment]:
    """The pieces with the minutes that count."""
    if new.minutes is not None and not 0 < new.minutes <= MOST_MINUTES:
        raise Refused(_("Say how long it took: from 1 minute to 24 hours."), field="minutes")
    if new.kind and new.kind not in TimeKind.values:
        raise Refused(_("There is no such kind of time."), field="kind")
    if new.started_at is None or new.ended_at is None:
        return [_whole(new, rule)]
    if not timedelta(0) < new.ended_at - new.started_at <= LONGEST:
        raise Refused(_("It ends after it begins, and at most 24 hours later."), field="ended_at")
    found = segments(new.started_at, new.ended_at, rule)
    if new.kind or not found:
        found = [Segment(new.kind or TimeKind.NORMAL, new.started_at, new.ended_at, _took(new))]
    return _scaled(found, new.minutes) if new.minutes is not None else found


def _took(new: NewTime) -> int:
    assert new.started_at is not None
    assert new.ended_at is not None
    return max(round((new.ended_at - new.started_at).total_seconds() / 60), 1)


def _whole(new: NewTime, rule: TimeRule) -> Segment:
    if new.minutes is None:
        raise Refused(_("Say how long it took: from 1 minute to 24 hours."), field="minutes")
    day = new.day or timezone.localdate(timezone=zone_of(rule))
    start = new.started_at or datetime.combine(day, datetime.min.time(), tzinfo=zone_of(rule))
    return Segment(new.kind or TimeKind.NORMAL, start, start, new.minutes)


def _scaled(parts: list[Segment], minutes: int) -> list[Segment]:
    """The counted minutes in the same proportions; what comes to nothing is left out."""
    total, taken, found = sum(part.minutes for part in parts), 0, []
    until = 0
    for part in parts:
        until += part.minutes
        share = round(minutes * until / total) - taken
        taken += share
        if share:
            found.append(Segment(part.kind, part.start, part.end, share))
    return found


def _entry(
    ticket: Ticket, worker: Agent, new: NewTime, part: Segment, rate: Decimal, rule: TimeRule
) -> TimeEntry:
    day = part.start.astimezone(zone_of(rule)).date()
    timed = part.end > part.start
    return TimeEntry(
        ticket=ticket,
        message_id=new.message_id,
        agent=worker,
        organisation_id=ticket.organisation_id,
        bank=bank_for(ticket.organisation_id, day),
        activity=new.activity,
        day=day,
        started_at=part.start if timed else new.started_at,
        ended_at=part.end if timed else None,
        kind=part.kind,
        minutes=part.minutes,
        rate=rate,
        value=value_of(part.minutes, rate, part.kind, rule),
        currency=rule.currency,
        note=new.note.strip()[:500],
    )


def _share(entries: list[TimeEntry], value: Decimal) -> None:
    """A value that was typed belongs to the whole stretch."""
    total, until, given = sum(entry.minutes for entry in entries), 0, Decimal(0)
    for entry in entries:
        until += entry.minutes
        share = (value * until / total).quantize(Decimal("0.01")) - given
        entry.value, given = share, given + share


CHANGEABLE = ("day", "started_at", "ended_at", "kind", "minutes", "activity", "rate", "value", "note")


@transaction.atomic
def change_time(entry: TimeEntry | int, *, by: Any, **values: Any) -> TimeEntry:
    """Change one entry; its value follows unless one is given. Refused once it was submitted or approved."""
    fresh = locked_entry(entry)
    _refuse_settled(fresh)
    old = {name: getattr(fresh, name) for name in values}
    for name in values:
        if name not in CHANGEABLE:
            raise ValueError(name)
        setattr(fresh, name, values[name])
    _check(fresh)
    if "activity" in values and "rate" not in values:
        fresh.rate = rate_for(fresh.activity, fresh.organisation_id)
    if "value" not in values:
        fresh.value = value_of(fresh.minutes, fresh.rate, fresh.kind, time_rule())
    changes = {n: [_plain(old[n]), _plain(getattr(fresh, n))] for n in values if old[n] != getattr(fresh, n)}
    fresh.state = State.OPEN
    fresh.save()
    if changes:
        event = TimeChanged(
            ticket_id=fresh.ticket_id,
            entry_id=fresh.pk,
            agent_id=fresh.agent_id,
            minutes=fresh.minutes,
            changes=changes,
        )
        record(event, by=by)
        if fresh.bank:
            warn_when_low(fresh.bank, fresh.ticket_id)
    return fresh


def _plain(value: Any) -> Any:
    return value if value is None or isinstance(value, int) else str(getattr(value, "label", value))


def _check(entry: TimeEntry) -> None:
    if not 0 < entry.minutes <= MOST_MINUTES:
        raise Refused(_("Say how long it took: from 1 minute to 24 hours."), field="minutes")
    if entry.kind not in TimeKind.values:
        raise Refused(_("There is no such kind of time."), field="kind")
    if entry.ended_at is None:
        return
    if entry.started_at is None or not timedelta(0) < entry.ended_at - entry.started_at <= LONGEST:
        raise Refused(_("It ends after it begins, and at most 24 hours later."), field="ended_at")


def locked_entry(entry: TimeEntry | int) -> TimeEntry:
    """The entry, locked until the transaction ends."""
    number = entry if isinstance(entry, int) else entry.pk
    return TimeEntry.objects.select_for_update(of=("self",)).select_related("bank", "activity").get(pk=number)


def _refuse_settled(entry: TimeEntry) -> None:
    if entry.state in (State.SUBMITTED, State.APPROVED):
        raise Refused(_("This time was handed in already. Have it rejected before you change it."))


@transaction.atomic
def delete_time(entry: TimeEntry | int, *, by: Any) -> None:
    """Take an entry away that was not handed in."""
    fresh = locked_entry(entry)
    _refuse_settled(fresh)
    event = TimeChanged(
        ticket_id=fresh.ticket_id,
        entry_id=fresh.pk,
        agent_id=fresh.agent_id,
        minutes=fresh.minutes,
        deleted=True,
    )
    fresh.delete()
    record(event, by=by)
