"""“Send me a test push”: what came of it, in words; and what a device may be."""

from __future__ import annotations

import socket
from collections.abc import Iterator

import pytest
from django.conf import LazySettings
from django.utils.translation import override

from zaguan.lib import webpush
from zaguan.lib.errors import Refused
from zaguan.notifications import server_key
from zaguan.notifications.devices import add_device
from zaguan.notifications.models import PushSubscription, ServerKey
from zaguan.notifications.pushing import try_out
from zaguan.notifications.tests.push_service import PushService, push_service
from zaguan.people.models import Agent
from zaguan.testing.world import World, make_world

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _english(_own_language: None) -> Iterator[None]:
    """Sentences are read here."""
    with override("en"):
        yield


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


@pytest.mark.parametrize("endpoint", ["https://127.0.0.1/x", "https://0.0.0.0/x", "http://push.example/x"])
def test_no_address_leads_into_our_own_network(
    world: World, service: PushService, settings: LazySettings, endpoint: str
) -> None:
    settings.PUSH_TO_OWN_NETWORK = False
    device = device_of(world.ana, service)
    device.endpoint = endpoint
    answer = try_out(device)
    assert answer.why == "address", answer.sentence


def test_a_name_that_changes_its_address_leads_nowhere(
    world: World, service: PushService, settings: LazySettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is called at the address that was checked, and not looked up again."""
    settings.PUSH_TO_OWN_NETWORK = False
    device = device_of(world.ana, service)
    device.endpoint = "https://push.example/x"
    called: list[str] = []
    answers = iter(["2001:db8::1", "93.184.215.14", "127.0.0.1", "127.0.0.1"])

    def looked_up(*_args: object, **_named: object) -> list[object]:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (next(answers), 443))]

    def connect(_line: socket.socket, address: tuple[str, int]) -> None:
        called.append(address[0])
        raise ConnectionRefusedError

    monkeypatch.setattr(socket, "getaddrinfo", looked_up)
    monkeypatch.setattr(socket.socket, "connect", connect)
    assert [try_out(device).why, try_out(device).why] == ["address", "network"]
    assert called == ["93.184.215.14"]


def test_an_agent_has_only_so_many_devices(world: World, service: PushService) -> None:
    for number in range(20):
        one = {"endpoint": f"https://push.example/{number}", "p256dh": service.p256dh, "auth": service.auth}
        add_device(world.ana, name="", by=world.ana, **one)
    with pytest.raises(Refused):
        device_of(world.ana, service)
