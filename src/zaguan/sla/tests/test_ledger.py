"""The ledger from events alone: whatever happened, the sides add up to the age, and the spans touch."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zaguan.sla.business_time import ALWAYS, Hours
from zaguan.sla.intervals import sums
from zaguan.sla.ledger import Happening, Span, Standing, replay, whole
from zaguan.sla.sides import Side, side_of
from zaguan.tickets.models import Phase

PHASES = list(Phase)
STATUSES = {phase.value: number for number, phase in enumerate(PHASES, start=1)}
OFFICE = ((9 * 3600, 13 * 3600), (15 * 3600, 18 * 3600))
# Around both changes of the clock in each of them; 2 and 12 November are holidays, a Sunday in March is not.
PLACES = {
    "Europe/Madrid": (datetime(2026, 3, 27, tzinfo=UTC), datetime(2026, 10, 23, tzinfo=UTC)),
    "America/Santiago": (datetime(2026, 4, 3, tzinfo=UTC), datetime(2026, 9, 4, tzinfo=UTC)),
    "Asia/Kolkata": (datetime(2026, 10, 30, tzinfo=UTC),),
}
HOURS = {
    zone: Hours(
        zone,
        (OFFICE, OFFICE, OFFICE, OFFICE, ((8 * 3600, 30 * 3600),), (), ()),
        {
            date(2026, 11, 2): (),
            date(2026, 10, 25): ((3600, 4 * 3600),),
            date(2026, 3, 29): ((3600, 4 * 3600),),
        },
    )
    for zone in PLACES
}
T0 = datetime(2026, 3, 2, 10, tzinfo=UTC)


def status(before: Phase, after: Phase, at: datetime) -> Happening:
    data = {"statuses": [STATUSES[before], STATUSES[after]], "phases": [before.value, after.value]}
    return Happening("tickets.StatusChanged", at, data)


def opened(at: datetime, phase: Phase = Phase.NEW) -> Happening:
    data: dict[str, Any] = {
        "status_id": STATUSES[phase],
        "phase": phase.value,
        "team_id": 1,
        "assignee_id": None,
    }
    return Happening("tickets.TicketOpened", at, data)


def told(phase: Phase = Phase.NEW) -> Standing:
    return Standing(STATUSES[phase], phase.value, None, 1)


def after(**much: int) -> datetime:
    return T0 + timedelta(**much)


def sides(spans: list[Span]) -> list[tuple[str, datetime, datetime | None]]:
    return [(span.side.value, span.start, span.end) for span in spans]


def test_each_status_gives_its_side_the_time() -> None:
    spans = replay(
        T0,
        told(),
        [
            opened(T0),
            status(Phase.NEW, Phase.OPEN, after(hours=1)),
            status(Phase.OPEN, Phase.WAITING_CUSTOMER, after(hours=2)),
            status(Phase.WAITING_CUSTOMER, Phase.WAITING_THIRD, after(hours=5)),
            status(Phase.WAITING_THIRD, Phase.RESOLVED, after(hours=9)),
            status(Phase.RESOLVED, Phase.CLOSED, after(hours=10)),
        ],
    )
    found = sums(spans, ALWAYS, after(days=9))
    assert [found.elapsed[side] // 3600 for side in Side] == [2, 3, 4, 1]
    assert found.age == 10 * 3600
    assert found.unassigned == 2 * 3600


def test_what_happens_within_one_second_is_one_change() -> None:
    spans = replay(
        T0,
        told(),
        [
            opened(T0),
            status(Phase.NEW, Phase.OPEN, after(milliseconds=3)),
            status(Phase.OPEN, Phase.WAITING_CUSTOMER, after(milliseconds=9)),
        ],
    )
    assert sides(spans) == [("customer", T0, None)]


def test_closed_time_is_nobodys_once_the_ticket_comes_back() -> None:
    events = [
        opened(T0),
        status(Phase.NEW, Phase.CLOSED, after(hours=1)),
        status(Phase.CLOSED, Phase.OPEN, after(hours=4)),
    ]
    assert sides(replay(T0, told(), events[:2])) == [("agent", T0, after(hours=1))]
    assert sides(replay(T0, told(), events)) == [
        ("agent", T0, after(hours=1)),
        ("nobody", after(hours=1), after(hours=4)),
        ("agent", after(hours=4), None),
    ]


def test_a_merged_ticket_ends_and_goes_on_when_that_is_undone() -> None:
    away = Happening("tickets.TicketMergedAway", after(hours=1), {"into": 7})
    back = Happening("tickets.MergeUndone", after(hours=3), {"other_id": 7, "outwards": False})
    survivor = Happening("tickets.MergeUndone", after(hours=3), {"other_id": 7, "outwards": True})
    assert sides(replay(T0, told(), [opened(T0), away])) == [("agent", T0, after(hours=1))]
    assert sides(replay(T0, told(), [opened(T0), survivor])) == [("agent", T0, None)]
    assert [side for side, _start, _end in sides(replay(T0, told(), [opened(T0), away, back]))] == [
        "agent",
        "nobody",
        "agent",
    ]


def test_a_merge_that_is_undone_at_once_leaves_no_trace() -> None:
    away = Happening("tickets.TicketMergedAway", after(seconds=60), {"into": 7})
    back = Happening("tickets.MergeUndone", after(seconds=60, milliseconds=400), {"outwards": False})
    assert sides(replay(T0, told(), [opened(T0), away, back])) == [("agent", T0, None)]


def test_the_age_begins_with_the_date_that_was_given() -> None:
    entered = after(days=3)
    spans = replay(T0, told(), [opened(entered), status(Phase.NEW, Phase.OPEN, entered)])
    assert sides(spans) == [("agent", T0, entered), ("agent", entered, None)]
    assert sums(spans, ALWAYS, entered).age == 3 * 86400


def test_a_ticket_without_events_has_what_it_says_of_itself() -> None:
    running = replay(T0, told(Phase.WAITING_THIRD), [])
    assert sides(running) == [("third", T0, None)]
    closed = replay(T0, told(Phase.CLOSED), [], after(hours=2))
    assert sides(closed) == [("nobody", T0, after(hours=2))]


def test_a_clock_that_is_set_back_never_takes_time_away() -> None:
    spans = replay(T0, told(), [opened(T0), status(Phase.NEW, Phase.OPEN, after(hours=-1))])
    assert sides(spans) == [("agent", T0, None)]


# One step: seconds that pass (some below one second, some over a change of the clock), and what happens then.
moves = st.sampled_from(
    [*(phase.value for phase in PHASES), "away", "back", "agent 1", "agent 2", "nobody", "team"]
)
steps = st.lists(
    st.tuples(
        st.sampled_from([-5.0, 0.0, 0.3, 0.9, 1.0, 59.0, 3600.0, 31_000.0, 90_000.0, 180_001.7]), moves
    ),
    max_size=12,
)


def _happen(before: Standing, move: str, at: datetime) -> Happening | None:
    if move in STATUSES:
        return None if before.phase == move else status(Phase(before.phase), Phase(move), at)
    if move == "away":
        return None if before.is_away else Happening("tickets.TicketTrashed", at, {})
    if move == "back":
        return Happening("tickets.TicketRestored", at, {}) if before.is_away else None
    if move == "team":
        return Happening("tickets.TeamChanged", at, {"teams": [before.team_id, 3 - (before.team_id or 1)]})
    agent = int(move[-1]) if move.startswith("agent") else None
    return Happening("tickets.TicketAssigned", at, {"assignees": [before.assignee_id, agent]})


def _life(
    start: datetime, chosen: list[tuple[float, str]], backdated: float
) -> tuple[list[Happening], datetime]:
    from zaguan.sla.ledger import after_event

    at, standing = start + timedelta(seconds=backdated), told()
    events = [opened(at)]
    for seconds, move in chosen:
        at += timedelta(seconds=seconds)
        event = _happen(standing, move, at)
        if event is not None:
            events.append(event)
            standing = after_event(standing, event)
    return events, at


@pytest.mark.parametrize("zone", PLACES)
@settings(max_examples=60, deadline=None)
@given(data=st.data(), chosen=steps, backdated=st.sampled_from([0.0, 0.4, 260_000.0]))
def test_the_sides_add_up_to_the_age(
    zone: str, data: Any, chosen: list[tuple[float, str]], backdated: float
) -> None:
    start = data.draw(st.sampled_from(PLACES[zone])) + timedelta(seconds=data.draw(st.integers(0, 200_000)))
    events, last = _life(start, chosen, backdated)
    spans = replay(start, told(), events)
    now = max(last, start) + timedelta(hours=30)
    found = sums(spans, HOURS[zone], now)
    over = spans[-1].end
    age = (over or whole(now)) - whole(start)
    assert sum(found.elapsed.values()) == found.age == age.total_seconds()
    assert sum(found.business.values()) == sums_of_whole(spans, zone, now)
    assert all(found.business[side] <= found.elapsed[side] for side in Side)
    assert found.unassigned <= found.elapsed[Side.AGENT]
    assert all(one.end == two.start for one, two in pairwise(spans))
    assert all(span.end is not None for span in spans[:-1])
    assert all(span.start < span.end for span in spans[1:] if span.end is not None)


def sums_of_whole(spans: list[Span], zone: str, now: datetime) -> int:
    """The opening hours of the whole life, counted in one piece."""
    from zaguan.sla.business_time import between

    return between(HOURS[zone], spans[0].start, spans[-1].end or whole(now))


def test_every_phase_is_on_a_side() -> None:
    assert {phase.value: side_of(phase).value for phase in Phase} == {
        "new": "agent",
        "open": "agent",
        "customer": "customer",
        "third": "third",
        "snoozed": "nobody",
        "resolved": "nobody",
        "closed": "nobody",
    }


def test_the_places_really_change_their_clocks() -> None:
    for name in ("Europe/Madrid", "America/Santiago"):
        zone = ZoneInfo(name)
        for start in PLACES[name]:
            offsets = {(start + timedelta(days=n)).astimezone(zone).utcoffset() for n in range(6)}
            assert len(offsets) == 2
