"""Hooks of mail providers: believed with proof only, and taken in once (bug 8)."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import time
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from zaguan.channels.email.accounts import keep_secrets
from zaguan.conversations.models import Delivery, Message, RawMessage
from zaguan.conversations.tests.mails import an_answer
from zaguan.people.models import Identity
from zaguan.testing.makers import make_ticket
from zaguan.testing.world import World
from zaguan.tickets.models import Phase, Ticket
from zaguan.tickets.statuses import default_status, set_status

pytestmark = pytest.mark.django_db
SECRET = "a-long-enough-secret"
MIME = (
    "From: Dan <dan@customer.example>\r\nTo: help@zaguan.example\r\nSubject: Por el proveedor\r\n"
    "Message-ID: <m1@customer.example>\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nHola, ¿qué tal?\r\n"
)
PIECES = {
    "FromFull": {"Email": "dan@customer.example", "Name": "Dan"},
    "ToFull": [{"Email": "help@zaguan.example", "Name": ""}],
    "OriginalRecipient": "help@zaguan.example",
    "Subject": "Por el proveedor",
    "TextBody": "Hola, ¿qué tal?",
    "HtmlBody": "<p>Hola, ¿qué tal?</p>",
    "Headers": [{"Name": "Message-ID", "Value": "<m1@customer.example>"}],
    "Attachments": [],
}


def set_up(world: World, provider: str, **secrets: str) -> str:
    world.inbox.settings = {"provider": provider}
    world.inbox.save()
    keep_secrets(world.inbox, **secrets)
    return f"/hooks/email/{world.inbox.public_id}/"


def post(url: str, body: Any, secret: str = SECRET, user: str = "zaguan") -> Any:
    proof = base64.b64encode(f"{user}:{secret}".encode()).decode()
    return Client().post(
        url, json.dumps(body), content_type="application/json", headers={"Authorization": f"Basic {proof}"}
    )


def test_mail_from_a_provider_becomes_a_ticket_once(world: World) -> None:
    url = set_up(world, "postmark", hook_secret=SECRET)
    for _retry in range(2):
        answer = post(url, PIECES)
        assert (answer.status_code, answer.json()) == (200, {"taken": 1})
    message = Message.objects.get()
    assert (message.subject, message.contact) == ("Por el proveedor", world.dan)
    assert message.text.strip() == "Hola, ¿qué tal?"
    assert RawMessage.objects.get().source == "hook"


@pytest.mark.parametrize(
    ("secrets", "given", "user"),
    [
        ({"hook_secret": SECRET}, "", "zaguan"),
        ({"hook_secret": SECRET}, "wrong", "zaguan"),
        ({"hook_secret": SECRET}, SECRET[:-1], "zaguan"),
        ({"hook_secret": SECRET}, SECRET, "somebody"),
        ({}, "", "zaguan"),
        ({}, SECRET, "zaguan"),
        ({"hook_secret": ""}, "", "zaguan"),
        ({"hook_secret": "short"}, "short", "zaguan"),
    ],
)
def test_without_proof_nothing_is_written(
    world: World, secrets: dict[str, str], given: str, user: str
) -> None:
    url = set_up(world, "postmark", **secrets)
    assert post(url, PIECES, given, user).status_code == 401
    assert not RawMessage.objects.exists()


def test_an_inbox_without_a_provider_takes_nothing(world: World) -> None:
    assert post(set_up(world, "", hook_secret=SECRET), PIECES).status_code == 401
    assert post(set_up(world, "nobody", hook_secret=SECRET), PIECES).status_code == 401


def test_unknown_inboxes_and_channels(world: World) -> None:
    set_up(world, "postmark", hook_secret=SECRET)
    assert post("/hooks/email/unknown/", PIECES).status_code == 404
    assert post(f"/hooks/viber/{world.inbox.public_id}/", PIECES).status_code == 404


def test_nonsense_is_no_crash(world: World) -> None:
    url = set_up(world, "postmark", hook_secret=SECRET)
    assert post(url, "nonsense").status_code == 400
    assert post(url, {"no": "mail"}).status_code in (200, 400)


def mailgun(key: str, **changed: str) -> dict[str, str]:
    stamp, token = str(int(time.time())), "t" * 50
    signature = hmac.new(key.encode(), f"{stamp}{token}".encode(), hashlib.sha256).hexdigest()
    fields = {"recipient": "help@zaguan.example", "sender": "dan@customer.example", "body-mime": MIME}
    return fields | {"timestamp": stamp, "token": token, "signature": signature} | changed


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        (mailgun("the key"), 200),
        (mailgun("another key"), 401),
        (mailgun("the key", signature=""), 401),
        (mailgun("the key", token="u" * 50), 401),
        ({"recipient": "help@zaguan.example", "body-mime": MIME}, 401),
    ],
)
def test_a_provider_that_signs_is_held_to_it(world: World, fields: dict[str, str], status: int) -> None:
    url = set_up(world, "mailgun", hook_secret=SECRET, hook_signing_key="the key")
    proof = base64.b64encode(f"zaguan:{SECRET}".encode()).decode()
    answer = Client().post(url, fields, headers={"Authorization": f"Basic {proof}"})
    assert answer.status_code == status
    assert Message.objects.count() == (status == 200)


def test_a_provider_that_signs_needs_its_key(world: World) -> None:
    url = set_up(world, "mailgun", hook_secret=SECRET)
    proof = base64.b64encode(f"zaguan:{SECRET}".encode()).decode()
    answer = Client().post(url, mailgun(""), headers={"Authorization": f"Basic {proof}"})
    assert answer.status_code == 401


@pytest.mark.parametrize(
    ("news", "state", "phase", "marked"),
    [
        ({"RecordType": "Delivery"}, "delivered", Phase.WAITING_CUSTOMER, False),
        (
            {"RecordType": "Bounce", "Type": "HardBounce", "Description": "No user"},
            "failed",
            Phase.OPEN,
            True,
        ),
        ({"RecordType": "SpamComplaint", "Type": "SpamComplaint"}, "sent", Phase.WAITING_CUSTOMER, True),
        ({"RecordType": "Open"}, "read", Phase.WAITING_CUSTOMER, False),
    ],
)
def test_news_of_a_delivery(world: World, news: dict[str, str], state: str, phase: str, marked: bool) -> None:
    url = set_up(world, "postmark", hook_secret=SECRET)
    ticket = make_ticket(world)
    thread = ticket.threads.create(inbox=world.inbox, channel="email")
    now = timezone.now()
    delivery = Delivery.objects.create(
        message=an_answer(thread), inbox=world.inbox, address="dan@customer.example", state="sent",
        provider_id="pm-1", run_at=now, changed_at=now,
    )  # fmt: skip
    set_status(ticket, default_status(Phase.WAITING_CUSTOMER), by=world.ana)
    body = {"MessageID": "pm-1", "Email": "dan@customer.example", "Recipient": "dan@customer.example"} | news
    for _again in range(2):
        assert post(f"{url}?what=tracking", body).status_code == 200
    delivery.refresh_from_db()
    assert delivery.state == state
    assert Ticket.objects.get(pk=ticket.pk).phase == phase
    assert (Identity.objects.get(value="dan@customer.example").bounced_at is not None) is marked


def test_news_of_a_mail_that_is_not_ours(world: World) -> None:
    url = set_up(world, "postmark", hook_secret=SECRET)
    body = {"RecordType": "Bounce", "Type": "HardBounce", "MessageID": "x", "Email": "dan@customer.example"}
    assert post(f"{url}?what=tracking", body).status_code == 200
    assert Identity.objects.get(value="dan@customer.example").bounced_at is None
