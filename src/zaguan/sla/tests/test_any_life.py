"""Tickets to which anything happens, through the desk's own verbs: the ledger stays true."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.db import transaction
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st

from zaguan.conversations.merging import merge, undo_merge
from zaguan.conversations.receiving import receive
from zaguan.conversations.tests.mails import a_mail
from zaguan.lib.errors import Refused
from zaguan.people import reference
from zaguan.sla import calendars
from zaguan.sla.business_time import is_open
from zaguan.sla.calendars import hours_of
from zaguan.sla.models import Calendar
from zaguan.sla.models.calendars import new_edition
from zaguan.sla.tests.checking import check
from zaguan.testing.makers import make_message, make_ticket
from zaguan.testing.world import World, make_world
from zaguan.tickets.assigning import assign, leave_team, set_team
from zaguan.tickets.coming_due import wake_and_close_due
from zaguan.tickets.models import Merge, Phase, Ticket
from zaguan.tickets.statuses import default_status, reopen_closed, set_status
from zaguan.tickets.trash import restore, trash

pytestmark = pytest.mark.django_db
# Two days before the clocks of Europe change, and the day before holidays of Madrid.
BEGINNINGS = tuple(
    datetime(2026, month, day, 10, 0, 0, tzinfo=UTC) for month, day in ((3, 27), (4, 1), (10, 23), (11, 1))
)
OFFICE = [["09:00", "14:00"], ["16:00", "19:30"]]
moves = st.sampled_from(
    [
        *("open", "customer", "third", "resolved", "closed", "snoozed"),
        *("ana", "bo", "nobody", "sales", "support", "no team"),
        *("trash", "restore", "merge", "undo", "reopen", "clock", "mail"),
    ]
)
waits = st.sampled_from([0.0, 0.4, 1.0, 61.5, 3600.0, 40_000.0, 200_000.0, -3.0])


@settings(max_examples=15, deadline=None, derandomize=True)
@given(
    start=st.sampled_from(BEGINNINGS),
    steps=st.lists(st.tuples(waits, moves), min_size=3, max_size=10),
    ago=st.sampled_from([0, 90_000]),
)
def test_whatever_happens_the_sides_add_up_to_the_age(
    start: datetime, steps: list[tuple[float, str]], ago: int
) -> None:
    with time_machine.travel(start, tick=False) as moving, transaction.atomic():
        reference.forget_all()
        world = make_world()
        _work_in_madrid()
        scene = _Scene(world, ago)
        for seconds, move in steps:
            moving.shift(seconds)
            scene.do(move)
        moving.shift(1000)
        for number in Ticket.objects.values_list("pk", flat=True):
            check(number)
        transaction.set_rollback(True)
    calendars.forget()


def _work_in_madrid() -> None:
    week = {str(day): OFFICE for day in range(4)} | {"4": [["22:00", "06:00"]]}
    values = {"zone": "Europe/Madrid", "week": week, "country": "ES", "region": "MD"}
    Calendar.objects.filter(is_default=True).update(**values, edition=new_edition())
    calendars.forget()
    hours = hours_of(None)
    assert [is_open(hours, datetime(2026, 4, day, 8, tzinfo=UTC)) for day in (1, 2)] == [True, False]


class _Scene:
    """Two tickets to which things happen; what the desk refuses does not happen."""

    def __init__(self, world: World, ago: int) -> None:
        self.world = world
        outcome = receive(a_mail(external_id="a@customer.example"), world.inbox)
        assert outcome.ticket is not None
        self.ticket = outcome.ticket
        self.other = make_ticket(world, opened_at=timezone.now() - timedelta(seconds=ago))
        make_message(self.other, world)

    def do(self, move: str) -> None:
        try:
            with transaction.atomic():
                self._do(move)
        except Refused:
            pass

    def _do(self, move: str) -> None:
        ana, bo, ticket = self.world.ana, self.world.bo, Ticket.objects.get(pk=self.ticket.pk)
        later = timezone.now() + timedelta(hours=1)
        doing: dict[str, Callable[[], object]] = {
            "snoozed": lambda: set_status(ticket, default_status(Phase.SNOOZED), by=ana, until=later),
            "ana": lambda: assign(ticket, ana, by=ana),
            "bo": lambda: assign(ticket, bo, by=ana),
            "nobody": lambda: assign(ticket, None, by=ana),
            "sales": lambda: set_team(ticket, self.world.sales, by=ana),
            "support": lambda: set_team(ticket, self.world.support, by=ana),
            "no team": lambda: leave_team(ticket, by=ana),
            "trash": lambda: trash(ticket, by=bo),
            "restore": lambda: restore(ticket, by=bo),
            "merge": lambda: merge(self.other.pk, [ticket.pk], by=ana, different_people=True),
            "undo": lambda: [undo_merge(done, by=ana) for done in Merge.objects.filter(undone_at=None)],
            "reopen": lambda: self._reopen(ticket),
            "mail": lambda: receive(a_mail(in_reply_to="a@customer.example"), self.world.inbox),
            "clock": wake_and_close_due,
        }
        doing.get(move, lambda: set_status(ticket, default_status(Phase(move)), by=ana))()

    def _reopen(self, ticket: Ticket) -> None:
        if ticket.phase == Phase.CLOSED and not ticket.is_hidden:
            reopen_closed(ticket, by=self.world.dan)
