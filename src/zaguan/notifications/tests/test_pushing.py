"""Push to devices through a real push service: who sends, what arrives, and what each answer means."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import time, timedelta

import pytest
from django.conf import LazySettings
from django.utils import timezone

from zaguan.events.models import Job
from zaguan.events.working import work_off
from zaguan.lib import webpush
from zaguan.lib.errors import Refused
from zaguan.notifications import server_key
from zaguan.notifications.devices import add_device
from zaguan.notifications.models import Notification, PushSubscription, ServerKey
from zaguan.notifications.pushing import try_out
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


def test_a_test_push_arrives_at_once(world: World, service: PushService) -> None:
    answer = try_out(device_of(world.ana, service))
    assert answer.ok
    assert service.arrived[0]["tag"] == "test"


@pytest.mark.parametrize(
    ("code", "said", "why", "words"),
    [
        (410, "", "gone", "given this device up"),
        (403, "bad key", "key", "bad key"),
        (429, "slow down", "busy", "slow down"),
        (400, "no such thing", "refused", "no such thing"),
        (413, "", "size", "too large"),
    ],
)
def test_the_services_answer_is_said_in_words(
    world: World, service: PushService, code: int, said: str, why: str, words: str
) -> None:
    device = device_of(world.ana, service)
    service.answer, service.said = code, said
    answer = try_out(device)
    assert (answer.ok, answer.why) == (False, why)
    assert words in answer.sentence


def test_a_network_that_blocks_is_said_in_words(world: World, service: PushService) -> None:
    device = device_of(world.ana, service)
    PushSubscription.objects.filter(pk=device.pk).update(endpoint="http://127.0.0.1:9/x")
    device.refresh_from_db()
    answer = try_out(device)
    assert answer.why == "network"
    device.refresh_from_db()
    assert device.failure == answer.sentence


def test_a_device_of_an_older_key_is_told_so(world: World, service: PushService) -> None:
    device = device_of(world.ana, service)
    ServerKey.objects.update(sealed_private="lost")
    answer = try_out(device)
    assert answer.why == "key"
    assert service.arrived == []
    assert PushSubscription.objects.exists()


def test_the_key_is_made_once_and_kept_sealed(world: World) -> None:
    first, second = server_key.sender(), server_key.sender()
    assert first.public == second.public
    row = ServerKey.objects.get()
    assert webpush.private_number(first.key) not in row.sealed_private


@pytest.mark.parametrize("endpoint", ["https://127.0.0.1/x", "https://10.1.2.3/x", "http://push.example/x"])
def test_no_address_leads_into_our_own_network(
    world: World, service: PushService, settings: LazySettings, endpoint: str
) -> None:
    settings.PUSH_TO_OWN_NETWORK = False
    device = device_of(world.ana, service)
    device.endpoint = endpoint
    assert try_out(device).why == "address"


def test_an_agent_has_only_so_many_devices(world: World, service: PushService) -> None:
    for number in range(20):
        one = {"endpoint": f"https://push.example/{number}", "p256dh": service.p256dh, "auth": service.auth}
        add_device(world.ana, name="", by=world.ana, **one)
    with pytest.raises(Refused):
        device_of(world.ana, service)
