"""Opening hours of other products' tests against ours.

Left out, since they ask for what we do not offer: days instead of hours (*_days, business_days) and an addition that does not
roll forward to the next opening (add_no_roll; its source says itself that it differs).
"""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from tests.conformance.closed_days import feeds, holidays
from tests.conformance.tally import Tally
from zaguan.sla.business_time import ALWAYS, Hours, add, between, is_open, open_spans, subtract
from zaguan.sla.opening_index import Spans, moment_of
from zaguan.sla.spans_of_day import seconds

_WEEK = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_FAR = timedelta(days=60)


def run(data: Path) -> list[Tally]:
    """One tally per source; none when the folder is not there."""
    folder = data / "business-time"
    if not folder.is_dir():
        return []
    return [
        _public(json.loads((folder / "oracle-public/business-time-cases.json").read_text())),
        _computed(json.loads((folder / "oracle-computed/business-time-dst-holidays.json").read_text())),
        holidays(sorted((folder / "holidays-snapshots").glob("*.json"))),
        feeds(sorted((folder / "zammad-calendars").glob("*.ics"))),
    ]


def _hours(schedule: dict[str, Any]) -> Hours:
    week = tuple(seconds(schedule["hours"].get(day, [])) for day in _WEEK)
    days = {date.fromisoformat(day): seconds(spans) for day, spans in schedule.get("shifts", {}).items()}
    for text, breaks in schedule.get("breaks", {}).items():
        day = date.fromisoformat(text)
        days[day] = _without(days.get(day, week[day.weekday()]), seconds(breaks))
    days |= dict.fromkeys(map(date.fromisoformat, schedule.get("holidays", [])), ())
    return Hours(schedule["tz"], week, days)


def _without(spans: Spans, breaks: Spans) -> Spans:
    for first, last in breaks:
        parts = [part for start, end in spans for part in ((start, min(end, first)), (max(start, last), end))]
        spans = tuple(part for part in parts if part[0] < part[1])
    return spans


def _at(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)


_OPS: dict[str, Callable[[Hours, dict[str, Any]], Any]] = {
    "add": lambda hours, case: add(hours, _at(case["start"]), _seconds(case)),
    "sub": lambda hours, case: subtract(hours, _at(case["start"]), _seconds(case)),
    "diff": lambda hours, case: between(hours, _at(case["start"]), _at(case["end"])),
    "is_open": lambda hours, case: is_open(hours, _at(case["at"])),
    "local_to_utc": lambda hours, case: _wall(hours, case["local"]),
    "periods": lambda hours, case: _periods(hours, _at(case["start"]), case["count"]),
}


def _seconds(case: dict[str, Any]) -> int:
    return int(case["seconds"]) if "seconds" in case else int(case["minutes"]) * 60


def _wall(hours: Hours, local: str) -> datetime:
    wall = datetime.fromisoformat(local)
    second = wall.hour * 3600 + wall.minute * 60 + wall.second
    return datetime.fromtimestamp(moment_of(wall.date(), second, ZoneInfo(hours.zone)), UTC)


def _periods(hours: Hours, start: datetime, count: int) -> list[list[datetime]]:
    return [list(span) for span in islice(open_spans(hours, start, start + _FAR), count)]


def _wanted(case: dict[str, Any]) -> Any:
    found = case.get("expected", case.get("expected_minutes", 0))
    if "expected_minutes" in case:
        return found * 60
    if case["op"] == "periods":
        return [[_at(edge) for edge in span] for span in found]
    return _at(found) if isinstance(found, str) else found


def _check(tally: Tally, case: dict[str, Any], hours: Hours) -> None:
    if case["op"] not in _OPS:
        return
    tally.cases += 1
    name = str(case.get("name", case.get("id")))
    try:
        got = _OPS[case["op"]](hours, case)
    except Exception as crash:  # noqa: BLE001 (a crash is what this looks for)
        tally.crashes.append(f"{name}: {crash!r}")
        return
    tally.check(case["op"], name, got == _wanted(case), got, _wanted(case))


def _public(found: dict[str, Any]) -> Tally:
    tally = Tally("business time of other products")
    for case in found["cases"]:
        _check(tally, case, _hours(case["schedule"]))
    for each in found["scenarios"]["items"]:
        tally.cases += 1
        wanted = each.get("expected", each.get("expected_at"))
        got = _minutes(each) if "to_min" in each else _minute_due(each["from_min"], each["span"])
        tally.check("scenario", each["name"], got == wanted, got, wanted)
    return tally


# A day, and the minutes of it in which the scenario's clock runs; the ticket is closed at minute 120.
_BEGIN = datetime(2026, 1, 1, tzinfo=UTC)
_RUNS, _CLOSED = ((0, 90), (120, 10**6)), 120


def _minutes(each: dict[str, Any]) -> int:
    total = 0
    for since, until in _RUNS:
        first, last = max(since, each["from_min"]), min(until, _CLOSED, each["to_min"])
        total += between(ALWAYS, _BEGIN + timedelta(minutes=first), _BEGIN + timedelta(minutes=last))
    return total // 60


def _minute_due(start: int, left: int) -> int:
    for since, until in _RUNS:
        first = max(since, start)
        if first + left <= until:
            due = add(ALWAYS, _BEGIN + timedelta(minutes=first), left * 60)
            return (due - _BEGIN) // timedelta(minutes=1)
        left -= max(until - first, 0)
    return -1


def _computed(found: dict[str, Any]) -> Tally:
    tally = Tally("business time computed")
    schedules = {name: _hours(schedule) for name, schedule in found["schedules"].items()}
    for case in found["cases"]:
        _check(tally, case, schedules[case["schedule"]])
    for case in found["sla_with_pauses"]["items"]:
        tally.cases += 1
        hours, created = schedules[case["schedule"]], _at(case["created"])
        first = add(hours, created, case["first_response_minutes"] * 60)
        tally.check("first answer due", case["id"], first == _at(case["first_response_due"]), first)
        due = _paused(hours, created, case)
        tally.check(
            "resolution due", case["id"], due == _at(case["resolution_due"]), due, case["resolution_due"]
        )
    for case in found["policy_choices"]:
        # Both readings are right; ours turns each edge into a moment once.
        tally.cases += 1
        got = between(_hours(case["schedule"]), _at(case["start"]), _at(case["end"]))
        tally.check("reading", case["name"], got == case["interval_reading_minutes"] * 60, got)
    return tally


def _paused(hours: Hours, created: datetime, case: dict[str, Any]) -> datetime:
    left, since = case["resolution_minutes"] * 60, created
    for start, end in case["waiting_for_customer"]:
        due = add(hours, since, left)
        if due <= _at(start):
            return due
        left -= between(hours, since, _at(start))
        since = _at(end)
    return add(hours, since, left)
