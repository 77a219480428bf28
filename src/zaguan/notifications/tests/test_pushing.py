"""Push to devices through a real push service: who sends, what arrives, and what each answer means."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import time, timedelta

import pytest
from django.conf import LazySettings
from django.utils import timezone

from zaguan.events.models import Job
from zaguan.events.working import work_off
from zaguan.notifications.devices import add_device
from zaguan.notifications.models import Notification, PushSubscription
from zaguan.notifications.reading import read_all
from zaguan.notifications.sending import notify
from zaguan.notifications.tests.push_service import PushService, push_service
from zaguan.notifications.wishing import wish
from zaguan.people.models import Agent
from zaguan.testing.makers import make_ticket
from zaguan.testing.world import World, make_world
from zaguan.tickets.models import Ticket

pytestmark = pytest.mark.django_db


@pytest.fixture
def service() -> Iterator[PushService]:
    with push_service() as running:
        yield running
        assert not running.faults


@pytest.fixture
def world(settings: LazySettings) -> World:
    settings.PUSH_TO_OWN_NETWORK = True
    return make_world()


def device_of(agent: Agent, service: PushService) -> PushSubscription:
    return add_device(
        agent, endpoint=service.endpoint, p256dh=service.p256dh, auth=service.auth, name="Firefox", by=agent
    )


def tell(world: World) -> Ticket:
    ticket = make_ticket(world, subject="La impresora")
    notify([world.ana], kind="rule", ticket_id=ticket.pk, text="Ven pronto")
    return ticket


def worked() -> None:
    while work_off("test"):
        pass


def test_a_device_gets_what_its_agent_is_told_without_a_word_of_it(
    world: World, service: PushService
) -> None:
    device = device_of(world.ana, service)
    ticket = tell(world)
    worked()
    (message,) = service.arrived
    assert message["url"].endswith(f"/desk/notifications/{Notification.objects.get().pk}/")
    assert str(ticket.pk) in message["body"]
    assert "impresora" not in str(message)
    assert "Ven pronto" not in str(message)
    assert service.headers[0]["topic"] == f"t{ticket.pk}"
    assert service.headers[0]["urgency"] == "high"
    device.refresh_from_db()
    assert device.succeeded_at is not None


def test_the_text_is_shown_to_who_wishes_it(world: World, service: PushService) -> None:
    wish(world.ana, by=world.ana, show_text=True)
    device_of(world.ana, service)
    tell(world)
    worked()
    (message,) = service.arrived
    assert message["body"] == "Ven pronto"
    assert "La impresora" in message["title"]


def test_what_was_read_or_went_out_of_sight_is_not_pushed(world: World, service: PushService) -> None:
    device_of(world.ana, service)
    tell(world)
    read_all(world.ana)
    Ticket.objects.filter(pk=tell(world).pk).update(team=world.sales)
    worked()
    assert service.arrived == []


@pytest.mark.parametrize("code", [404, 410])
def test_a_device_that_is_gone_is_forgotten(world: World, service: PushService, code: int) -> None:
    device_of(world.ana, service)
    service.answer = code
    tell(world)
    worked()
    assert not PushSubscription.objects.exists()
    assert not Job.objects.exists()


@pytest.mark.parametrize(("code", "wait", "least"), [(429, "90", 85), (503, "", 25), (500, "9999999", 3000)])
def test_a_busy_service_is_asked_again_when_it_says(
    world: World, service: PushService, code: int, wait: str, least: int
) -> None:
    device_of(world.ana, service)
    service.answer, service.retry_after = code, wait
    tell(world)
    worked()
    (job,) = Job.objects.all()
    assert timedelta(seconds=least) < job.run_at - timezone.now() < timedelta(seconds=3700)
    service.answer = 201
    Job.objects.update(run_at=timezone.now())
    worked()
    assert len(service.arrived) == 1


def test_quiet_hours_leave_the_device_in_peace(world: World, service: PushService) -> None:
    device_of(world.ana, service)
    wish(world.ana, by=world.ana, quiet=True, quiet_days=list(range(7)), quiet_from=time(0), quiet_to=time(0))
    tell(world)
    worked()
    assert service.arrived == []
    row = Notification.objects.get()
    assert row.in_bell
    assert row.mail_at is not None
