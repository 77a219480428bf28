"""The mail that leaves: the same bytes each time, right headers, nothing internal, nothing injected."""

from __future__ import annotations

import re
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

import pytest

from zaguan.channels.base import DeliveryError
from zaguan.channels.email.composing import compose
from zaguan.conversations.attachments import store
from zaguan.conversations.models import Message
from zaguan.conversations.replying import Outgoing, reply
from zaguan.conversations.signing import instance_id, thread_of_message_id, token_of_address
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


def test_the_same_message_is_the_same_mail(world: World) -> None:
    ticket, question = asked(world, html="<p>No imprime</p>")
    store(PNG, "foto.png", message=question, content_id="c1@x", is_inline=True)
    files = [store(b"hola", "a.txt", by=world.ana), store(PNG, "b.png", by=world.ana)]
    html = f'<p>Va <img src="/x/{files[1].public_id}"></p>'
    message = reply(ticket, Outgoing(html=html, attachments=files), by=world.ana)
    first = compose(reload(message))
    world.ana.signature, world.support.name = "Otra firma", "Otro nombre"
    world.ana.save()
    world.support.save()
    assert compose(reload(message)) == first
    assert re.search(rb"\r\n.{999,}", first) is None
    assert b"\n" not in first.replace(b"\r\n", b"")


def test_headers_keep_the_thread_together(world: World) -> None:
    ticket, question = asked(world)
    first = reply(ticket, Outgoing(html="<p>Uno</p>"), by=world.ana)
    make_message(ticket, world, "¿Y?", sender_address=DAN, external_id="q2@customer.example")
    second = reply(ticket, Outgoing(html="<p>Dos</p>"), by=world.ana)
    mail = parsed(second)
    assert mail["Message-ID"] == f"<{second.external_id}>"
    assert mail["In-Reply-To"] == "<q2@customer.example>"
    chain = re.findall(r"<([^>]+)>", mail["References"])
    assert chain == [question.external_id, first.external_id, "q2@customer.example"]
    assert second.thread is not None
    assert thread_of_message_id(second.external_id) == second.thread
    assert token_of_address(mail["Reply-To"].addresses[0].addr_spec) == second.thread.token
    assert mail["X-Zaguan-Instance"] == instance_id()
    assert mail["Date"].datetime == second.created_at.replace(microsecond=0)


def test_a_long_thread_keeps_its_first_and_its_newest_ids(world: World) -> None:
    ticket, _question = asked(world)
    for n in range(40):
        make_message(ticket, world, "x", external_id=f"m{n}@customer.example", sender_address=DAN)
    chain = re.findall(
        r"<([^>]+)>", parsed(reply(ticket, Outgoing(html="<p>x</p>"), by=world.ana))["References"]
    )
    assert len(chain) == 20
    assert chain[:2] == ["q1@customer.example", "m0@customer.example"]
    assert chain[-1] == "m39@customer.example"


def test_both_parts_say_the_same_with_signature_and_history_below(world: World) -> None:
    ticket, _question = asked(world, html='<p>No <b>imprime</b> <img src="cid:c1@x"></p>', sender_name="Dan")
    world.ana.signature = "Ana\nSoporte"
    mail = parsed(reply(ticket, Outgoing(html="<p>Ya <b>vamos</b>.</p>"), by=world.ana))
    text, html = text_of_part(mail, "plain"), text_of_part(mail, "html")
    assert text.index("Ya vamos.") < text.index("-- \nAna\nSoporte") < text.index("> No imprime.")
    assert html.index("<b>vamos</b>") < html.index("Soporte") < html.index("<b>imprime</b>")
    assert '<blockquote class="gmail_quote"' in html
    assert "Dan" in html
    # A file that is not there leaves no broken image behind.
    assert "cid:" not in html


def test_attachments_keep_their_names_and_bytes(world: World) -> None:
    ticket, _question = asked(world)
    names = ["a.txt", "año 2026.pdf", 'com"illas.txt', "长" * 150 + ".pdf", "correo.eml"]
    kinds = ["text/plain", "application/pdf", "text/plain", "application/pdf", "message/rfc822"]
    files = [store(n.encode(), n, k, by=world.ana) for n, k in zip(names, kinds, strict=True)]
    mail = parsed(reply(ticket, Outgoing(html="<p>Van</p>", attachments=files), by=world.ana))
    got = {part.get_filename(): part.get_payload(decode=True) for part in mail.iter_attachments()}
    assert got == {file.name: name.encode() for file, name in zip(files, names, strict=True)}


def test_only_machines_say_that_they_are_machines(world: World) -> None:
    ticket, _question = asked(world)
    person = parsed(reply(ticket, Outgoing(html="<p>x</p>"), by=world.ana))
    assert not {"Auto-Submitted", "Precedence", "X-Auto-Response-Suppress"} & set(person.keys())
    machine = parsed(reply(ticket, Outgoing(html="<p>x</p>", automatic=True), by=world.bo))
    assert machine["Auto-Submitted"] == "auto-replied"
    assert machine["X-Auto-Response-Suppress"] == "All"
    assert machine["Precedence"] == "bulk"


def test_a_lost_file_is_said(world: World) -> None:
    ticket, _question = asked(world)
    file = store(b"x", "x.txt", by=world.ana)
    message = reply(ticket, Outgoing(html="<p>x</p>", attachments=[file]), by=world.ana)
    message.attachments.update(stored_as="attachments/no/where")
    with pytest.raises(DeliveryError, match=r"x\.txt"):
        compose(reload(message))


def test_addresses_beyond_ascii(world: World) -> None:
    ticket, _question = asked(world)
    people = [("josé@correo.example", "José"), ("eva@münchen.example", "Eva")]
    message = reply(ticket, Outgoing(html="<p>x</p>", cc=people), by=world.ana)
    assert parsed(message)["Cc"] == "Eva <eva@xn--mnchen-3ya.example>"
    assert "josé@correo.example".encode() in compose(message, utf8=True)
