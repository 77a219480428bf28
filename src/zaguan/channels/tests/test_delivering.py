"""From the agent's answer to a real SMTP server: sent once, to the right people, with its outcome shown."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from zaguan.channels.delivering import claim, deliver_due
from zaguan.channels.email import sending
from zaguan.channels.email.composing import compose
from zaguan.channels.email.connecting import connect
from zaguan.channels.email.sending import mail_goes_to_folder
from zaguan.channels.pausing import pause, resume
from zaguan.channels.tests.answering import answer, asked, sending_world, states
from zaguan.conversations.models import Delivery, Message
from zaguan.conversations.replying import Outgoing, reply
from zaguan.conversations.withdrawing import withdraw
from zaguan.events.models import EventRecord
from zaguan.lib.errors import Refused
from zaguan.testing.servers import Sink
from zaguan.testing.world import World

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(sink: Sink) -> World:
    return sending_world(sink)


def test_an_answer_reaches_the_customer_once(world: World, sink: Sink) -> None:
    message = answer(world, asked(world))
    assert deliver_due() == 1
    assert deliver_due() == 0
    assert [(m.sender, m.recipients) for m in sink.messages] == [
        ("help@zaguan.example", ["dan@customer.example"])
    ]
    mail = sink.messages[0].message
    assert mail["Subject"] == f"Re: La impresora no imprime [#{message.ticket_id}]"
    assert mail["From"] == "Ana vía Support <help@zaguan.example>"
    assert mail["In-Reply-To"] == "<q1@customer.example>"
    assert states(message) == {"dan@customer.example": "sent"}
    changed = EventRecord.objects.get(kind="conversations.DeliveryChanged")
    assert (changed.ticket_id, changed.data["state"]) == (message.ticket_id, "sent")


def test_nothing_leaves_before_the_moment_of_undo_is_over(world: World, sink: Sink) -> None:
    message = reply(asked(world), Outgoing(html="<p>Hola</p>"), by=world.ana)
    assert deliver_due() == 0
    withdraw(message, by=world.ana)
    Delivery.objects.update(run_at=timezone.now())
    assert deliver_due() == 0
    assert sink.messages == []


def test_a_claimed_message_can_no_longer_be_taken_back(world: World) -> None:
    message = answer(world, asked(world))
    assert claim(10, "other:1")
    with pytest.raises(Refused):
        withdraw(message, by=world.ana)


def test_all_recipients_of_a_message_share_one_transaction(world: World, sink: Sink) -> None:
    answer(world, asked(world), cc=[("eva@partner.example", "Eva")], bcc=[("jefe@zaguan-madre.example", "")])
    deliver_due()
    [taken] = sink.messages
    assert taken.recipients == ["dan@customer.example", "eva@partner.example", "jefe@zaguan-madre.example"]
    assert b"jefe" not in taken.content


def test_several_messages_use_one_connection(
    world: World, sink: Sink, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[int] = []

    def counted(*given: Any) -> Any:
        opened.append(1)
        return connect(*given)

    monkeypatch.setattr(sending, "connect", counted)
    for _each in range(4):
        answer(world, asked(world))
    assert deliver_due() == 4
    assert len(sink.messages) == 4
    assert opened == [1]


def test_without_a_server_mail_goes_to_the_folder_and_says_so(
    world: World, sink: Sink, settings: Any, tmp_path: Path
) -> None:
    settings.OUTBOX_FOLDER = tmp_path / "outbox"
    world.inbox.settings = {}
    world.inbox.save()
    assert mail_goes_to_folder(world.inbox)
    message = answer(world, asked(world))
    deliver_due()
    [file] = (tmp_path / "outbox").iterdir()
    assert b"In-Reply-To: <q1@customer.example>" in file.read_bytes()
    delivery = message.deliveries.get()
    assert (delivery.state, delivery.code) == ("sent", "folder")
    assert delivery.answer


def test_the_installation_may_name_one_server_for_all(world: World, sink: Sink, settings: Any) -> None:
    world.inbox.settings = {}
    world.inbox.save()
    settings.MAIL_URL = f"smtp://127.0.0.1:{sink.port}"
    assert not mail_goes_to_folder(world.inbox)
    answer(world, asked(world))
    deliver_due()
    assert len(sink.messages) == 1


def test_nothing_leaves_while_sending_is_paused(world: World, sink: Sink) -> None:
    answer(world, asked(world))
    pause()
    try:
        assert deliver_due() == 0
        assert sink.messages == []
    finally:
        resume()
    assert deliver_due() == 1


def test_one_message_that_cannot_be_composed_holds_up_no_other(
    world: World, sink: Sink, monkeypatch: pytest.MonkeyPatch
) -> None:
    poison, good = answer(world, asked(world)), answer(world, asked(world))

    def sometimes(message: Message, **options: Any) -> bytes:
        if message.pk == poison.pk:
            raise KeyError("poison")
        return compose(message, **options)

    monkeypatch.setattr(sending, "compose", sometimes)
    deliver_due()
    assert states(good) == {"dan@customer.example": "sent"}
    assert states(poison) == {"dan@customer.example": "queued"}
    assert len(sink.messages) == 1
