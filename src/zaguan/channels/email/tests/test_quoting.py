"""What stands below an answer, and what never does (E2, E3, R14)."""

from __future__ import annotations

from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

import pytest

from zaguan.channels.base import DeliveryError
from zaguan.channels.email.composing import compose
from zaguan.conversations.attachments import store
from zaguan.conversations.models import Message
from zaguan.conversations.noting import add_note
from zaguan.conversations.replying import Outgoing, reply
from zaguan.testing.makers import make_message, make_ticket
from zaguan.testing.world import World
from zaguan.tickets.models import Ticket

PNG = b"\x89PNG\r\n\x1a\n" + b"\1" * 60
DAN = "dan@customer.example"
CANARY = "canario-interno-7319"


def asked(world: World, text: str = "No imprime.", **fields: Any) -> tuple[Ticket, Message]:
    ticket = make_ticket(world)
    values = {"sender_address": DAN, "sender_name": "Dan Díaz", "external_id": "q1@customer.example"}
    return ticket, make_message(ticket, world, text, **(values | fields))


def parsed(message: Message, **options: Any) -> EmailMessage:
    found = message_from_bytes(compose(message, **options), policy=policy.default)
    assert isinstance(found, EmailMessage)
    assert not [defect for part in found.walk() for defect in part.defects]
    return found


def reload(message: Message) -> Message:
    return Message.objects.get(pk=message.pk)


def text_of_part(mail: EmailMessage, kind: str) -> str:
    part = mail.get_body((kind,))
    assert part is not None
    return str(part.get_content()).replace("\r\n", "\n")


def test_only_the_last_message_is_quoted(world: World) -> None:
    older = '<details class="zg-quote"><summary>···</summary><p>lo de antes</p></details>'
    ticket, _question = asked(world, "Nuevo\n> lo de antes", html=f"<p>Nuevo</p>{older}", reply_text="Nuevo")
    mail = parsed(reply(ticket, Outgoing(html="<p>Sí</p>"), by=world.ana))
    assert "lo de antes" not in mail.as_string()
    assert "Nuevo" in text_of_part(mail, "plain")
    forwarded = parsed(
        reply(ticket, Outgoing(html="", mode="forward", to=[("eva@x.example", "")]), by=world.ana)
    )
    assert "lo de antes" in text_of_part(forwarded, "plain")
    assert "lo de antes" in text_of_part(forwarded, "html")


def test_quoted_history_loads_nothing_from_outside(world: World) -> None:
    html = '<p style="background:url(https://t.example/x)">Hola <img data-remote-src="https://t.example/p.gif"></p>'
    ticket, _question = asked(world, html=html)
    mail = parsed(reply(ticket, Outgoing(html="<p>Sí</p>"), by=world.ana))
    assert "t.example" not in mail.as_string()


def test_inline_images_travel_in_answer_and_quote(world: World) -> None:
    ticket, question = asked(world, html='<p>Mira <img src="cid:c1@x"></p>')
    quoted = store(PNG, "suya.png", message=question, content_id="c1@x", is_inline=True)
    mine = store(PNG + b"2", "mía.png", by=world.ana)
    html = f'<p>Así <img src="/desk/attachments/{mine.public_id}/"></p>'
    mail = parsed(reply(ticket, Outgoing(html=html, attachments=[mine]), by=world.ana))
    body = text_of_part(mail, "html")
    by_id = {part["Content-ID"]: part.get_content() for part in mail.walk() if part["Content-ID"]}
    assert by_id == {f"<{mine.public_id}@zaguan>": PNG + b"2", f"<{quoted.public_id}@zaguan>": PNG}
    assert body.count("cid:") == 2
    assert list(mail.iter_attachments()) == []


def test_no_private_address_of_an_agent_leaves(world: World) -> None:
    ticket, _question = asked(world)
    raw = compose(reply(ticket, Outgoing(html="<p>x</p>", bcc=[("jefe@madre.example", "")]), by=world.ana))
    assert world.ana.email.encode() not in raw
    assert b"jefe" not in raw


def test_internal_words_never_leave(world: World) -> None:
    """R14, bug 17: whatever a caller queues, the sender looks for itself."""
    ticket, question = asked(world)
    note = add_note(ticket, f"<p>{CANARY}</p>", by=world.ana)
    with pytest.raises(DeliveryError):
        compose(note)
    for change in ({"visibility": "internal"}, {"direction": "in"}):
        message = reply(ticket, Outgoing(html=f"<p>{CANARY}</p>"), by=world.ana)
        Message.objects.filter(pk=message.pk).update(**change)
        with pytest.raises(DeliveryError):
            compose(reload(message))
    for mode in ("reply", "forward"):
        message = reply(
            ticket, Outgoing(html="<p>x</p>", mode=mode, to=[(DAN, "")], answers=question), by=world.ana
        )
        Message.objects.filter(pk=message.pk).update(answers=note)
        assert CANARY.encode() not in compose(reload(message))
    Ticket.objects.filter(pk=ticket.pk).update(is_internal=True)
    with pytest.raises(DeliveryError):
        compose(reload(message))


def test_a_question_that_became_internal_is_not_quoted(world: World) -> None:
    ticket, question = asked(world, CANARY)
    message = reply(ticket, Outgoing(html="<p>x</p>"), by=world.ana)
    Message.objects.filter(pk=question.pk).update(visibility="internal")
    raw = compose(reload(message))
    assert CANARY.encode() not in raw
    assert b"In-Reply-To" in raw
