"""The ledger from events alone: whatever happened, the sides add up to the age, and the spans touch."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from zaguan.sla.business_time import ALWAYS
from zaguan.sla.intervals import sums
from zaguan.sla.ledger import Happening, Span, Standing, replay
from zaguan.sla.sides import Side, side_of
from zaguan.tickets.models import Phase

PHASES = list(Phase)
STATUSES = {phase.value: number for number, phase in enumerate(PHASES, start=1)}
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
