"""SLA warnings that fall on a night, a weekend or a holiday: told when the team works again, and never lost meanwhile."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
import time_machine
from django.conf import LazySettings

from zaguan.events.base import SYSTEM
from zaguan.events.models import Job
from zaguan.events.recording import record
from zaguan.events.working import work_off
from zaguan.notifications.mailing import send_due
from zaguan.notifications.models import Notification
from zaguan.notifications.preferring import choose
from zaguan.notifications.sending import PUSHING
from zaguan.notifications.wishing import wish
from zaguan.people import reference
from zaguan.people.models import Agent
from zaguan.sla import calendars
from zaguan.sla.events import TargetMissed
from zaguan.sla.models import Calendar, Holiday
from zaguan.sla.models.calendars import new_edition
from zaguan.sla.tests.promising import make_policy, target
from zaguan.sla.waking import wake_due
from zaguan.testing.makers import make_ticket
from zaguan.testing.sink import Sink
from zaguan.testing.world import World, make_world
from zaguan.tickets.assigning import assign
from zaguan.tickets.models import Ticket

pytestmark = pytest.mark.django_db(transaction=False)
# A Monday, 17:00 UTC; the team works from Monday to Friday, 9 to 18.
MONDAY = datetime(2026, 11, 16, 17, 0, tzinfo=UTC)
TUESDAY_9 = datetime(2026, 11, 17, 9, 0, tzinfo=UTC)
SOON = timedelta(minutes=2)


@pytest.fixture
def clock() -> Iterator[Any]:
    with time_machine.travel(MONDAY, tick=False) as moving:
        reference.forget_all()
        yield moving
    reference.forget_all()


@pytest.fixture
def world(settings: LazySettings, sink: Sink, clock: Any) -> World:
    """Ana wants mail of both kinds, in working time; mail goes to the sink."""
    settings.MAIL_URL = f"smtp://127.0.0.1:{sink.port}?security=none"
    made = make_world()
    week = {str(day): [["09:00", "18:00"]] for day in range(5)}
    Calendar.objects.filter(is_default=True).update(week=week, zone="UTC", country="", edition=new_edition())
    calendars.forget()
    choose(made.ana, {("sla_near", "mail"): True, ("sla_missed", "mail"): True}, by=made.ana)
    wish(made.ana, by=made.ana, in_working_time=True)
    return made


def promised(world: World, hours: float, **values: Any) -> Ticket:
    """A ticket of Ana's that is to be solved within so many hours, by night and by day, and is near at three quarters."""
    make_policy(target("resolution", hours, **values))
    ticket = make_ticket(world)
    assign(ticket, world.ana, by=world.ana)
    return ticket


def passes(clock: Any, until: datetime) -> None:
    """Time goes on, with the worker at work each quarter of an hour."""
    while (now := datetime.now(UTC)) < until:
        clock.shift(min(timedelta(minutes=15), until - now))
        while wake_due():
            pass
        while work_off("test"):
            pass


def told(agent: Agent) -> list[tuple[str, datetime | None]]:
    rows = Notification.objects.filter(agent=agent, kind__startswith="sla_").order_by("pk")
    return list(rows.values_list("kind", "mail_at"))


def test_in_working_time_it_is_told_at_once(world: World, clock: Any) -> None:
    promised(world, 1)
    passes(clock, MONDAY + timedelta(minutes=45))
    assert told(world.ana) == [("sla_near", MONDAY + timedelta(minutes=45) + SOON)]


def test_a_warning_of_the_night_is_told_when_the_team_begins(world: World, clock: Any) -> None:
    promised(world, 24)
    passes(clock, TUESDAY_9 - timedelta(minutes=15))
    assert told(world.ana) == []
    passes(clock, TUESDAY_9 + timedelta(hours=2, minutes=15))
    assert told(world.ana) == [("sla_near", TUESDAY_9 + timedelta(hours=2) + SOON)]


def test_warning_and_breach_of_one_night_come_in_one_mail_in_the_morning(
    world: World, clock: Any, sink: Sink
) -> None:
    ticket = promised(world, 4)  # near at 20:00, missed at 21:00
    passes(clock, MONDAY + timedelta(hours=5))
    morning = TUESDAY_9 + SOON
    assert told(world.ana) == [("sla_near", morning), ("sla_missed", morning)]
    assert set(Notification.objects.values_list("in_bell", flat=True)) == {True}
    assert send_due() == 0
    clock.move_to(morning)
    assert send_due() == 1
    (mail,) = sink.messages
    assert f"#{ticket.pk}" in mail.content.decode()
    assert not Notification.objects.filter(mail_at__isnull=False, mailed_at=None).exists()


def test_no_device_rings_at_night_and_what_it_would_have_shown_comes_by_mail(
    world: World, clock: Any
) -> None:
    choose(world.ana, {("sla_near", "mail"): False, ("sla_near", "push"): True}, by=world.ana)
    promised(world, 4)
    passes(clock, MONDAY + timedelta(hours=3, minutes=15))
    assert told(world.ana) == [("sla_near", TUESDAY_9 + SOON)]
    assert not Job.objects.filter(task=PUSHING).exists()


def test_a_long_weekend_loses_no_warning(world: World, clock: Any) -> None:
    calendar = Calendar.objects.get(is_default=True)
    for day in (17, 18, 19, 20):
        Holiday.objects.create(calendar=calendar, day=date(2026, 11, day), name="Feria")
    Calendar.objects.update(edition=new_edition())
    calendars.forget()
    promised(world, 4)
    passes(clock, MONDAY + timedelta(hours=5))
    week_later = TUESDAY_9 + timedelta(days=6)
    assert [at for _kind, at in told(world.ana)] == [week_later + SOON] * 2
    clock.move_to(week_later - timedelta(days=2))
    assert send_due() == 0
    clock.move_to(week_later + SOON)
    assert send_due() == 1


def test_what_could_not_be_sent_for_two_days_after_its_rest_is_no_news(
    world: World, clock: Any, settings: LazySettings
) -> None:
    settings.MAIL_URL = "smtp://127.0.0.1:1?security=none"
    promised(world, 4)
    passes(clock, MONDAY + timedelta(hours=5))
    for moment, left in (
        (TUESDAY_9 + timedelta(days=1, hours=23), 2),
        (TUESDAY_9 + timedelta(days=2, hours=1), 0),
    ):
        clock.move_to(moment)
        assert send_due() == 0
        assert Notification.objects.filter(mail_at__isnull=False, mailed_at=None).count() == left


def test_who_does_not_wish_so_hears_of_a_breach_at_once_or_after_their_quiet_hours(
    world: World, clock: Any
) -> None:
    wish(world.ana, by=world.ana, in_working_time=False)
    promised(world, 2, warn_percent=None)
    passes(clock, MONDAY + timedelta(hours=2))
    assert told(world.ana) == [("sla_missed", MONDAY + timedelta(hours=2) + SOON)]
    everyday = list(range(7))
    wish(world.ana, by=world.ana, quiet=True, quiet_days=everyday, quiet_from=time(20), quiet_to=time(7))
    world.ana.time_zone = "UTC"
    world.ana.save()
    promised(world, 2, warn_percent=None)
    passes(clock, MONDAY + timedelta(hours=4, minutes=15))
    assert told(world.ana)[-1] == ("sla_missed", datetime(2026, 11, 17, 7, 0, tzinfo=UTC))


def test_another_wish_in_the_evening_does_not_wake_what_rests(world: World, clock: Any) -> None:
    promised(world, 4)
    passes(clock, MONDAY + timedelta(hours=5))
    wish(world.ana, by=world.ana, show_text=True)
    assert [at for _kind, at in told(world.ana)] == [TUESDAY_9 + SOON] * 2
    wish(world.ana, by=world.ana, in_working_time=False)
    assert [at for _kind, at in told(world.ana)] == [MONDAY + timedelta(hours=5) + SOON] * 2


def test_who_waits_for_a_ticket_of_another_team_hears_that_it_is_late(world: World, clock: Any) -> None:
    front, back = make_ticket(world), make_ticket(world)
    assign(front, world.ana, by=world.ana)
    assign(back, world.rita, by=world.rita)
    due = MONDAY.isoformat()
    event = TargetMissed(ticket_id=back.pk, clock_id=1, target="first", due_at=due, waiting=[front.pk])
    record(event, by=SYSTEM)
    passes(clock, MONDAY + timedelta(minutes=1))
    assert [kind for kind, _at in told(world.ana)] == ["sla_missed"]
    assert [kind for kind, _at in told(world.rita)] == ["sla_missed"]
