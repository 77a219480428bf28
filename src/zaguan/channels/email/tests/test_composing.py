"""The mail that leaves: the same bytes each time, right headers, nothing internal, nothing injected."""

from __future__ import annotations

import re
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import getaddresses
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zaguan.channels.base import DeliveryError
from zaguan.channels.email.composing import compose
from zaguan.channels.email.writing import file_part, mailbox, people_field, text_field, text_part
from zaguan.conversations.attachments import store
from zaguan.conversations.models import Message
from zaguan.conversations.noting import add_note
from zaguan.conversations.replying import Outgoing, reply
from zaguan.conversations.signing import is_own_instance, thread_of_address, thread_of_message_id
from zaguan.testing.makers import make_message, make_ticket
from zaguan.testing.world import World, make_world
from zaguan.tickets.models import Ticket

PNG = b"\x89PNG\r\n\x1a\n" + b"\1" * 60
DAN = "dan@customer.example"
CANARY = "canario-interno-7319"


@pytest.fixture
def world(db: None) -> World:
    return make_world()


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
    assert thread_of_message_id(second.external_id) == second.thread
    assert thread_of_address(mail["Reply-To"].addresses[0].addr_spec) == second.thread
    assert is_own_instance(mail["X-Zaguan-Instance"])
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


# --- headers

NAMES = st.text(st.characters(codec=None), max_size=120)


@given(NAMES)
def test_no_name_can_break_out_of_its_field(name: str) -> None:
    field = people_field(
        "To", [("a@x.example", name), ("b@x.example", "Pérez, Ana"), ("c@x.example", 'O"Neil, Bo')]
    )
    assert re.fullmatch(rb"To: [^\r\n]*(?:\r\n [^\r\n]*)*", field.encode("utf-8", "surrogatepass"))
    assert field.isascii()
    value = field.removeprefix("To: ").replace("\r\n", "")
    assert [address for _name, address in getaddresses([value])] == [
        "a@x.example",
        "b@x.example",
        "c@x.example",
    ]


@given(st.text(max_size=300))
def test_no_subject_can_break_out_of_its_field(subject: str) -> None:
    field = text_field("Subject", subject)
    assert re.fullmatch(r"Subject:[^\r\n]*(?:\r\n[ \t]+[^\r\n]*)*", field)
    assert field.isascii()


@given(st.lists(st.sampled_from(["año", "x", "=?utf-8?q?a?=", "日本語の件名", "word", "😀"]), max_size=30))
def test_subjects_come_back_as_they_were(words: list[str]) -> None:
    subject = " ".join(words)
    mail = message_from_bytes(text_field("Subject", subject).encode() + b"\r\n\r\n", policy=policy.default)
    assert mail["Subject"] == subject


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Ana", "Ana <a@x.example>"),
        ("Díaz, Dan", "=?utf-8?q?D=C3=ADaz=2C_Dan?= <a@x.example>"),
        ("Pérez\r\nBcc: b@x.example", "=?utf-8?b?UMOpcmV6IEJjYzogYkB4LmV4YW1wbGU=?= <a@x.example>"),
        ("boss@bank.example", '"boss@bank.example" <a@x.example>'),
        ("a@x.example", "a@x.example"),
        ("evil\u202eelpmaxe", "evilelpmaxe <a@x.example>"),
    ],
)
def test_mailboxes(name: str, expected: str) -> None:
    assert mailbox(("a@x.example", name)) == expected


@given(st.text(max_size=500))
def test_text_parts_come_back_and_keep_short_lines(text: str) -> None:
    raw = text_part("plain", text).written()
    assert max(len(line) for line in raw.split(b"\r\n")) <= 78
    assert b"\n" not in raw.replace(b"\r\n", b"")
    mail = message_from_bytes(raw, policy=policy.default)
    payload = mail.get_payload(decode=True)
    assert isinstance(payload, bytes)
    expected = text.replace("\r\n", "\n").replace("\r", "\n").rstrip("\n")
    assert payload.decode().replace("\r\n", "\n").rstrip("\n") == expected


@given(st.text(max_size=250))
def test_file_names_cannot_break_out(name: str) -> None:
    raw = file_part(name, "application/pdf", b"x").written()
    assert raw.count(b"Content-") == 3
    assert max(len(line) for line in raw.split(b"\r\n")) < 100
