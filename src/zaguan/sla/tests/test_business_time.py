"""The rules of business time, one by one."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from zaguan.sla.business_time import (
    ALWAYS,
    Hours,
    NeverOpens,
    add,
    between,
    is_open,
    next_opening,
    open_spans,
    subtract,
)

H = 3600
OFFICE = (((9 * H, 18 * H),),) * 5 + ((),) * 2
NEVER = ((),) * 7


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)


def test_a_deadline_moves_over_the_weekend() -> None:
    hours = Hours("Europe/Madrid", OFFICE)
    assert add(hours, at("2026-11-20T17:00+01:00"), 2 * H) == at("2026-11-23T10:00+01:00")


def test_no_time_at_all_is_over_with_the_next_opening() -> None:
    hours = Hours("Europe/Madrid", OFFICE)
    assert add(hours, at("2026-11-20T18:00+01:00"), 0) == at("2026-11-23T09:00+01:00")
    assert add(hours, at("2026-11-20T09:30+01:00"), 0) == at("2026-11-20T09:30+01:00")
    assert subtract(hours, at("2026-11-23T09:00+01:00"), 0) == at("2026-11-20T18:00+01:00")


def test_time_that_ends_with_the_day_ends_at_closing_and_not_on_the_next_morning() -> None:
    hours = Hours("Europe/Madrid", OFFICE)
    assert add(hours, at("2026-11-20T09:00+01:00"), 9 * H) == at("2026-11-20T18:00+01:00")


def test_a_night_shift_belongs_to_the_day_it_begins_on() -> None:
    nights = (((22 * H, 30 * H),),) * 7
    hours = Hours("America/Bogota", nights, {date(2026, 12, 25): ()})
    assert is_open(hours, at("2026-12-25T05:59-05:00"))
    assert not is_open(hours, at("2026-12-25T23:00-05:00"))
    assert not is_open(hours, at("2026-12-26T05:00-05:00"))


def test_the_hour_that_is_skipped_does_not_count_and_the_repeated_one_counts_twice() -> None:
    sunday = Hours("Europe/Madrid", ((),) * 6 + (((0, 24 * H),),))
    assert between(sunday, at("2026-03-28T00:00Z"), at("2026-03-31T00:00Z")) == 23 * H
    assert between(sunday, at("2026-10-24T00:00Z"), at("2026-10-27T00:00Z")) == 25 * H


def test_a_skipped_opening_time_is_read_as_if_the_clocks_had_not_changed() -> None:
    hours = Hours("Europe/Madrid", ((),) * 6 + (((2 * H + 1800, 5 * H),),))
    assert next_opening(hours, at("2026-03-29T00:00Z")) == at("2026-03-29T03:30+02:00")


def test_a_repeated_closing_time_means_the_first_time() -> None:
    hours = Hours("America/New_York", ((),) * 6 + (((0, H + 1800),),))
    assert between(hours, at("2026-11-01T04:00Z"), at("2026-11-01T08:00Z")) == 90 * 60


def test_a_day_that_a_zone_left_out_has_no_hours() -> None:
    hours = Hours("Pacific/Apia", ((),) * 4 + (((9 * H, 18 * H),),) + ((),) * 2)
    assert next_opening(hours, at("2011-12-29T12:00Z")) == at("2012-01-06T09:00+14:00")


@pytest.mark.parametrize("days", [{}, {date(2026, 1, 1): ()}])
def test_hours_that_never_open_say_so(days: dict[date, tuple[tuple[int, int], ...]]) -> None:
    hours = Hours("UTC", NEVER, days)
    assert next_opening(hours, at("2026-01-01T00:00Z")) is None
    assert between(hours, at("2000-01-01T00:00Z"), at("2026-01-01T00:00Z")) == 0
    with pytest.raises(NeverOpens):
        add(hours, at("2026-01-01T00:00Z"), 1)
    with pytest.raises(NeverOpens):
        subtract(hours, at("2026-01-01T00:00Z"), 1)


def test_a_single_open_day_is_found_from_afar_and_not_after_it() -> None:
    hours = Hours("UTC", NEVER, {date(2030, 5, 4): ((9 * H, 10 * H),)})
    assert add(hours, at("2026-01-01T00:00Z"), H) == at("2030-05-04T10:00Z")
    assert subtract(hours, at("2040-01-01T00:00Z"), H) == at("2030-05-04T09:00Z")
    assert next_opening(hours, at("2030-05-04T10:00Z")) is None
    with pytest.raises(NeverOpens):
        add(hours, at("2026-01-01T00:00Z"), H + 1)


def test_a_target_of_centuries_is_refused_and_not_walked() -> None:
    with pytest.raises(NeverOpens):
        add(Hours("UTC", ((),) * 6 + (((0, 60),),)), at("2026-01-01T00:00Z"), 10**12)


def test_years_that_meet_give_one_stretch() -> None:
    spans = list(open_spans(ALWAYS, at("2025-12-31T12:00Z"), at("2027-01-01T12:00Z")))
    assert spans == [(at("2025-12-31T12:00Z"), at("2027-01-01T12:00Z"))]


def test_counting_backwards_counts_nothing() -> None:
    assert between(ALWAYS, at("2026-01-02T00:00Z"), at("2026-01-01T00:00Z")) == 0


@pytest.mark.parametrize("span", [(5, 5), (10, 5), (-1, 5), (0, 2 * 86400 + 1)])
def test_what_is_no_span_of_a_day_is_refused(span: tuple[int, int]) -> None:
    with pytest.raises(ValueError, match="Not spans"):
        Hours("UTC", ((span,),) * 7)
