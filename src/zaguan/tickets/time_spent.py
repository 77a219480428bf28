"""Time spent on tickets: log it, change it, take it away (A17)."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from zaguan.events.recording import record
from zaguan.lib.errors import Refused
from zaguan.people.models import Agent
from zaguan.tickets.hour_banks import bank_for, warn_when_low
from zaguan.tickets.models import Ticket, TimeEntry, TimeKind, TimeRule
from zaguan.tickets.rates import rate_for, time_rule, value_of
from zaguan.tickets.time_calendar import Segment, zone_of
from zaguan.tickets.time_parts import LONGEST, MOST_MINUTES, NewTime, parts_of
from zaguan.tickets.work_events import TimeChanged, TimeLogged

State = TimeEntry.State


@transaction.atomic
def log_time(ticket: Ticket, new: NewTime, *, by: Any, agent: Agent | None = None) -> list[TimeEntry]:
    """Log work of `agent` (who does it, unless told otherwise); one entry for each kind of time it touches."""
    worker = agent or by
    rule = time_rule()
    parts = parts_of(new, rule)
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
