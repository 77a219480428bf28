"""Any series of events, around changes of the clock and holidays: the sides add up to the age, and the spans touch."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zaguan.sla.business_time import Hours, between
from zaguan.sla.intervals import sums
from zaguan.sla.ledger import Happening, Span, Standing, after_event, replay, whole
from zaguan.sla.sides import Side
from zaguan.sla.tests.test_ledger import STATUSES, opened, status, told
from zaguan.tickets.models import Phase

PHASES = list(Phase)
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
    return between(HOURS[zone], spans[0].start, spans[-1].end or whole(now))


def test_the_places_really_change_their_clocks() -> None:
    for name in ("Europe/Madrid", "America/Santiago"):
        zone = ZoneInfo(name)
        for start in PLACES[name]:
            offsets = {(start + timedelta(days=n)).astimezone(zone).utcoffset() for n in range(6)}
            assert len(offsets) == 2
