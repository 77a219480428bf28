"""Answers, notes and drafts from the composer: once, with the right status, never over somebody's newer words."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.test import Client

from zaguan.conversations.attachments import store
from zaguan.conversations.models import Attachment, Draft, Message
from zaguan.people.models import Agent
from zaguan.testing.makers import make_message, make_ticket
from zaguan.testing.world import World
from zaguan.tickets.models import Phase, Status, Ticket

SignIn = Callable[[Agent], Client]
HX = {"HX-Request": "true", "Accept": "application/json"}


def _reply(client: Client, ticket: Ticket, **fields: Any) -> Any:
    values = {
        "how": "reply",
        "to": "dan@customer.example",
        "cc": "",
        "reply_html": "<p>Hola Dan</p>",
    } | fields
    return client.post(f"/desk/tickets/{ticket.pk}/reply/", values, headers=HX)


def _answered() -> Status:
    return Status.objects.get(phase=Phase.WAITING_CUSTOMER, is_default=True)


def test_an_answer_leaves_with_its_status(world: World, signed_in: SignIn) -> None:
    ticket = make_ticket(world)
    asked = make_message(ticket, world, sender_address="dan@customer.example")
    answer = _reply(
        signed_in(world.ana), ticket, answers=asked.pk, then=_answered().pk, last_seen_id=asked.pk
    )
    assert answer.status_code == 200
    sent = Message.objects.get(ticket=ticket, direction="out")
    assert sent.to == [["dan@customer.example", ""]]
    assert sent.answers == asked
    assert answer.json()["undo"] == f"/desk/messages/{sent.pk}/withdraw/"
    ticket.refresh_from_db()
    assert ticket.status == _answered()
    world.ana.refresh_from_db()
    assert world.ana.preferences["send_status"] == _answered().pk


def test_sending_alone_sets_no_waiting_status(world: World, signed_in: SignIn) -> None:
    ticket = make_ticket(world)
    make_message(ticket, world)
    _reply(signed_in(world.ana), ticket, then="")
    ticket.refresh_from_db()
    assert ticket.phase == Phase.OPEN


def test_a_newer_message_stops_the_answer_and_keeps_the_text(world: World, signed_in: SignIn) -> None:
    ticket = make_ticket(world)
    seen = make_message(ticket, world)
    newer = make_message(ticket, world, "Ya está resuelto, gracias")
    client = signed_in(world.ana)
    answer = _reply(client, ticket, last_seen_id=seen.pk)
    assert answer.status_code == 409
    changes = answer.json()["changes"]
    assert [change["message_id"] for change in changes] == [newer.pk]
    assert "resuelto" in changes[0]["excerpt"]
    assert not Message.objects.filter(ticket=ticket, direction="out").exists()
    assert _reply(client, ticket, last_seen_id=newer.pk).status_code == 200


def test_pressing_twice_sends_once(world: World, signed_in: SignIn) -> None:
    ticket = make_ticket(world)
    make_message(ticket, world)
    client = signed_in(world.ana)
    first = _reply(client, ticket, key="abc")
    second = _reply(client, ticket, key="abc")
    assert first.json()["message"] == second.json()["message"]
    assert Message.objects.filter(ticket=ticket, direction="out").count() == 1


def test_without_script_a_refused_text_waits_as_draft(world: World, signed_in: SignIn) -> None:
    ticket = make_ticket(world)
    make_message(ticket, world)
    client = signed_in(world.ana)
    values = {"to": "not an address", "reply_text": "Primera línea\n\nSegunda", "how": "reply"}
    answer = client.post(f"/desk/tickets/{ticket.pk}/reply/", values)
    assert answer.status_code == 302
    draft = Draft.objects.get(agent=world.ana, ticket=ticket, kind="reply")
    assert draft.html == "<p>Primera línea</p><p>Segunda</p>"
    page = client.get(answer["Location"]).content.decode()
    assert "Primera línea" in page


def test_drafts_of_answer_and_note_are_apart_and_come_back(world: World, signed_in: SignIn) -> None:
    ticket = make_ticket(world)
    make_message(ticket, world)
    client = signed_in(world.ana)
    address = f"/desk/tickets/{ticket.pk}/draft/"
    people = {"how": "reply_all", "to": "Otro <otro@else.example>", "cc": "jefa@customer.example"}
    client.post(address, {"kind": "reply", "html": "<p>media respuesta</p>", **people})
    client.post(address, {"kind": "note", "html": "<p>media nota</p>"})
    page = client.get(f"/desk/tickets/{ticket.pk}/").content.decode()
    assert "&lt;p&gt;media respuesta&lt;/p&gt;" in page
    assert "&lt;p&gt;media nota&lt;/p&gt;" in page
    assert "otro@else.example" in page
    other = signed_in(world.bo).get(f"/desk/tickets/{ticket.pk}/").content.decode()
    assert "media respuesta" not in other
    client.post(address, {"kind": "note", "html": ""})
    assert [draft.kind for draft in Draft.objects.filter(ticket=ticket)] == ["reply"]


def test_a_message_can_be_taken_back_and_its_words_return(world: World, signed_in: SignIn) -> None:
    ticket = make_ticket(world)
    make_message(ticket, world)
    client = signed_in(world.ana)
    sent = _reply(client, ticket, reply_html="<p>Demasiado pronto</p>").json()
    assert signed_in(world.bo).post(sent["undo"], headers=HX).status_code == 404
    assert client.post(sent["undo"], headers=HX).status_code == 204
    assert not Message.objects.visible_to(world.ana).filter(pk=sent["message"]).exists()
    assert "Demasiado pronto" in client.get(f"/desk/tickets/{ticket.pk}/?part=composer").content.decode()


def test_recipients_follow_the_way_of_answering(world: World, signed_in: SignIn) -> None:
    ticket = make_ticket(world)
    message = make_message(
        ticket,
        world,
        sender_address="dan@customer.example",
        to=[["help@zaguan.example", ""]],
        cc=[["jefa@customer.example", "Jefa"]],
    )
    client = signed_in(world.ana)
    address = f"/desk/tickets/{ticket.pk}/recipients/?answer={message.pk}&how="
    alone = client.get(f"{address}reply").content.decode()
    assert 'value="dan@customer.example"' in alone
    assert 'value="Jefa &lt;jefa@customer.example&gt;"' not in alone
    assert 'value="Jefa &lt;jefa@customer.example&gt;"' in client.get(f"{address}reply_all").content.decode()
    forward = client.get(f"{address}forward").content.decode()
    assert 'value="dan@customer.example"' not in forward
    assert "Fwd: La impresora no imprime" in forward


def test_files_of_others_cannot_be_sent(world: World, signed_in: SignIn) -> None:
    ticket = make_ticket(world)
    make_message(ticket, world)
    theirs = Attachment.objects.create(
        public_id="x" * 24,
        uploaded_by=world.bo,
        name="secreto.txt",
        content_type="text/plain",
        size=1,
        stored_as="-",
    )
    answer = _reply(signed_in(world.ana), ticket, reply_file=theirs.public_id)
    assert (answer.status_code, answer.json()["field"]) == (422, "attachments")
    assert not Message.objects.filter(ticket=ticket, direction="out").exists()


def test_nothing_leaves_without_a_file_that_its_writer_saw(world: World, signed_in: SignIn) -> None:
    ticket, client = make_ticket(world), signed_in(world.ana)
    make_message(ticket, world)
    file = store(b"hola", "a.txt", by=world.ana).public_id
    assert _reply(client, ticket, reply_file=file, key="k1").status_code == 200
    assert _reply(client, ticket, reply_file=file, key="k1").status_code == 200
    assert _reply(client, ticket, reply_file=file, key="k2").status_code == 422
    assert Message.objects.get(ticket=ticket, direction="out").attachments.count() == 1


def test_who_may_not_write_gets_403(world: World, signed_in: SignIn) -> None:
    ticket = make_ticket(world)
    client = signed_in(world.rita)
    assert _reply(client, ticket).status_code == 403
    assert client.post(f"/desk/tickets/{ticket.pk}/note/", {"note_html": "x"}).status_code == 403
    assert not Message.objects.filter(ticket=ticket).exists()


def test_nothing_is_sent_from_an_internal_ticket(world: World, signed_in: SignIn) -> None:
    ticket = make_ticket(world, is_internal=True)
    client = signed_in(world.ana)
    assert _reply(client, ticket).status_code == 422
    assert 'data-send="reply"' not in client.get(f"/desk/tickets/{ticket.pk}/").content.decode()
