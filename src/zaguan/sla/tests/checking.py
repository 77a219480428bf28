"""What must hold of every ledger, whatever happened."""

from __future__ import annotations

from itertools import pairwise

from django.utils import timezone

from zaguan.sla.business_time import between
from zaguan.sla.calendars import hours_of
from zaguan.sla.intervals import rebuild, spans, sums
from zaguan.tickets.models import Phase, Ticket


def check(number: int) -> None:
    """It is what the events say, without gap, as old as the ticket, and ends with how the ticket stands."""
    found = spans(number)
    assert found == rebuild(number)
    assert all(one.end == two.start for one, two in pairwise(found))
    facts = Ticket.objects.get(pk=number)
    added = sums(found, hours_of(None), timezone.now())
    end = found[-1].end or timezone.now().replace(microsecond=0)
    assert (
        sum(added.elapsed.values())
        == added.age
        == (end - facts.created_at.replace(microsecond=0)).total_seconds()
    )
    hours = hours_of(None)
    assert sum(added.business.values()) == between(hours, found[0].start, end)
    assert all(added.business[side] <= added.elapsed[side] for side in added.elapsed)
    assert (found[-1].end is not None) == (facts.phase == Phase.CLOSED or facts.is_hidden)
    if found[-1].end is None:
        last = found[-1]
        assert (last.status_id, last.assignee_id, last.team_id) == (
            facts.status_id,
            facts.assignee_id,
            facts.team_id,
        )
