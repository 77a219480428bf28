"""Public holidays of a library's snapshots, and calendars of the wild, against ours."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

from tests.conformance.tally import Tally
from zaguan.sla import public_holidays
from zaguan.sla.feed_reading import days_of


def holidays(files: list[Path]) -> Tally:
    """Days of a library's snapshots."""
    tally = Tally("holidays of countries and regions")
    for path in files:
        country, _dash, region = path.stem.partition("_")
        region = "" if region == "COMMON" else region
        wanted = set(json.loads(path.read_text()))
        tally.cases += 1
        for year in sorted({int(day[:4]) for day in wanted}):
            known = {day for day in wanted if day.startswith(f"{year}-")}
            public = _iso(public_holidays.days(country, region, year))
            every = _iso(public_holidays.days(country, region, year, optional=True))
            tally.check("public days", f"{path.stem} {year}", public <= known, public - known)
            tally.check("all days", f"{path.stem} {year}", known <= every, known - every)
    return tally


def _iso(days: Any) -> set[str]:
    return {day.isoformat() for day in days}


def feeds(files: list[Path]) -> Tally:
    """Calendars of the wild."""
    tally = Tally("iCalendar feeds")
    for path in files:
        tally.cases += 1
        try:
            found = days_of(path.read_bytes(), date(2012, 1, 1), date(2022, 12, 31))
        except Exception as crash:  # noqa: BLE001 (a crash is what this looks for)
            tally.crashes.append(f"{path.name}: {crash!r}")
            continue
        wanted = set(_all_day(path.read_text()))
        tally.check("all-day events", path.name, wanted <= set(found.values()), found, wanted)
    return tally


def _all_day(text: str) -> Iterator[str]:
    """Names of events whose start has no time, read in another way."""
    for event in text.split("BEGIN:VEVENT")[1:]:
        lines = event.splitlines()
        if any(line.startswith("DTSTART;VALUE=DATE:") for line in lines):
            yield from (line.removeprefix("SUMMARY:") for line in lines if line.startswith("SUMMARY:"))
