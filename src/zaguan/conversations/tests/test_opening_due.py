"""Tickets that open by themselves: at their time, across daylight saving, each once, and never before (A3.7)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone, translation

from zaguan.conversations.attachments import remove_unsent, store
from zaguan.conversations.models import Attachment, Delivery, Message
from zaguan.conversations.opening_due import open_due
from zaguan.conversations.planning import Plan
from zaguan.lib.errors import Refused
from zaguan.testing.world import World
from zaguan.tickets.models import Schedule, Ticket
from zaguan.tickets.recurring import in_words, next_dates, written
from zaguan.tickets.scheduling import cancel, pause, plan_ticket, resume

pytestmark = pytest.mark.django_db
MADRID, BOGOTA = "Europe/Madrid", "America/Bogota"


def _plan(world: World, **fields: Any) -> Schedule:
    plan = Plan(
        subject="Revisar copias", team=world.support.pk, is_internal=True, channel="note", html="<p>Mirar</p>"
    )
    for name in ("requester", "kind", "is_internal", "channel", "inbox", "files", "assignee"):
        if name in fields:
            setattr(plan, name, fields.pop(name))
    values: dict[str, Any] = {
        "values": plan.as_json(), "subject": plan.subject, "team": world.support,
        "starts_at": timezone.now() + timedelta(hours=1), "zone": MADRID, "rule": "",
    }  # fmt: skip
    return plan_ticket(None, by=world.ana, **(values | fields))


def _due(schedule: Schedule) -> None:
    Schedule.objects.filter(pk=schedule.pk).update(next_at=timezone.now() - timedelta(seconds=1))


def test_it_opens_once_at_its_time_with_its_first_note(world: World) -> None:
    schedule = _plan(world)
    assert (open_due(), Ticket.objects.count()) == (0, 0)
    _due(schedule)
    assert (open_due(), open_due()) == (1, 0)
    ticket = Ticket.objects.get()
    assert (ticket.subject, ticket.team, ticket.note_count) == ("Revisar copias", world.support, 1)
    schedule.refresh_from_db()
    assert (schedule.next_at, schedule.last_ticket, schedule.count) == (None, ticket, 1)


def test_a_mail_goes_out_when_it_opens_and_its_file_with_it_each_time(world: World) -> None:
    file = store(b"abc", "plan.txt", "text/plain", by=world.ana)
    schedule = _plan(
        world, requester=world.dan.pk, kind="reply", is_internal=False, channel="email", inbox=world.inbox.pk,
        files=[file.public_id], rule="FREQ=DAILY",
    )  # fmt: skip
    Attachment.objects.update(created_at=timezone.now() - timedelta(days=90))
    remove_unsent()
    for _time in range(2):
        _due(schedule)
        open_due()
    assert Message.objects.filter(direction="out", attachments__name="plan.txt").count() == 2
    assert Delivery.objects.filter(address="dan@customer.example").count() == 2


def test_after_an_outage_one_ticket_opens_and_not_one_for_each_missed_time(world: World) -> None:
    schedule = _plan(world, rule="FREQ=DAILY")
    long_ago = timezone.now() - timedelta(days=9)
    Schedule.objects.filter(pk=schedule.pk).update(next_at=long_ago, starts_at=long_ago)
    assert (open_due(), open_due()) == (1, 0)
    schedule.refresh_from_db()
    assert schedule.next_at is not None
    assert schedule.next_at > timezone.now()


def test_paused_and_cancelled_ones_open_nothing(world: World) -> None:
    schedule = _plan(world, rule="FREQ=DAILY")
    pause(schedule, by=world.ana)
    _due(schedule)
    assert open_due() == 0
    back = resume(schedule, by=world.ana)
    assert back.next_at is not None
    assert back.next_at > timezone.now()
    cancel(schedule, by=world.ana)
    assert open_due() == 0
    assert not Ticket.objects.exists()


def test_what_cannot_open_says_why_and_waits_for_its_next_time(world: World) -> None:
    schedule = _plan(world, is_internal=False, channel="web", rule="FREQ=WEEKLY")
    _due(schedule)
    assert open_due() == 0
    schedule.refresh_from_db()
    assert schedule.problem
    assert schedule.next_at is not None


def test_nine_oclock_stays_nine_oclock_when_clocks_change() -> None:
    start = datetime(2027, 3, 26, 8, tzinfo=UTC)  # 9 in Madrid, two days before summer time
    found = next_dates(start, MADRID, "FREQ=DAILY", after=None)
    assert [at.hour for at in found] == [8, 8, 7, 7, 7]
    assert [at.astimezone(timezone.get_fixed_timezone(0)).day for at in found] == [26, 27, 28, 29, 30]
    assert {at.hour for at in next_dates(start, BOGOTA, "FREQ=DAILY", after=None)} == {8}


def test_a_time_that_a_change_of_clocks_leaves_out_comes_an_hour_later_and_a_double_one_once() -> None:
    gap = next_dates(datetime(2027, 3, 27, 1, 30, tzinfo=UTC), MADRID, "FREQ=DAILY;COUNT=2", after=None)
    assert gap[1] == datetime(2027, 3, 28, 1, 30, tzinfo=UTC)  # 2:30 does not exist; 3:30 summer time
    double = next_dates(datetime(2027, 10, 30, 0, 30, tzinfo=UTC), MADRID, "FREQ=DAILY;COUNT=3", after=None)
    assert double[1] == datetime(2027, 10, 31, 0, 30, tzinfo=UTC)
    assert len(double) == 3


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        ("", "Once, on "),
        ("FREQ=DAILY", "Every day, at 09:00"),
        ("FREQ=DAILY;INTERVAL=3;COUNT=4", "Every 3 days, at 09:00, 4 times"),
        ("FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR", "Every working day, at 09:00"),
        ("FREQ=WEEKLY;BYDAY=MO,TH", "Every week on Monday and Thursday, at 09:00"),
        ("FREQ=MONTHLY;BYDAY=-1FR", "Every month on the last Friday, at 09:00"),
        ("FREQ=MONTHLY;BYMONTHDAY=5", "Every month on day 5, at 09:00"),
    ],
)
def test_a_rule_reads_as_a_sentence(rule: str, words: str) -> None:
    with translation.override("en"):
        assert in_words(rule, datetime(2027, 3, 26, 8, tzinfo=UTC), MADRID).startswith(words)


@pytest.mark.parametrize(
    "rule",
    [
        "FREQ=HOURLY",
        "every monday",
        "FREQ=DAILY;FREQ=WEEKLY",
        "FREQ=DAILY;BYDAY=XX",
        "FREQ=DAILY;UNTIL=soon",
        "FREQ=WEEKLY;X=1",
    ],
)
def test_what_is_no_rule_is_refused(rule: str) -> None:
    with pytest.raises(Refused):
        next_dates(timezone.now(), MADRID, written(rule), after=None)


def test_a_rule_that_never_comes_is_refused_quickly(world: World) -> None:
    for rule in (
        "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30",
        "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30",
        "FREQ=DAILY;UNTIL=20200101",
    ):
        with pytest.raises(Refused):
            _plan(world, rule=rule, starts_at=timezone.now() - timedelta(days=1))
    with pytest.raises(Refused):
        _plan(world, zone="Marte/Olimpo")
