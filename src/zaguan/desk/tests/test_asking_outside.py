"""The dialog shows exactly what leaves; the tab shows what came back, and the conversation shows none of it."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client

from zaguan.conversations.attachments import store
from zaguan.conversations.models import Delivery, Mention, Message, SideThread
from zaguan.conversations.noting import add_note
from zaguan.conversations.receiving import receive
from zaguan.conversations.seeing import mark_seen
from zaguan.conversations.signing import reply_address
from zaguan.conversations.tests.mails import a_mail
from zaguan.people.models import Role
from zaguan.search.finding import find
from zaguan.testing.makers import make_question
from zaguan.testing.world import World
from zaguan.tickets.models import Ticket

pytestmark = pytest.mark.django_db
SUE, SECRET = "sue@supplier.example", "kanarienvogel"


def typed(**more: str) -> dict[str, str]:
    values = {"to": f"Sue <{SUE}>", "subject": "Una pieza", "question_text": "¿La conocen?", "days": "30"}
    return values | {"messages": "100", "ticket": "on", "key": "k1"} | more


def seen(page: str) -> str:
    found = re.search(r'name="seen" value="([0-9a-f]{64})"', page)
    assert found is not None
    return found[1]


def asked(client: Client, ticket: Ticket, **more: str) -> SideThread:
    path = f"/desk/tickets/{ticket.pk}/outside/"
    digest = seen(client.post(path, typed(**more)).content.decode())
    client.post(path, typed(seen=digest, **more))
    return SideThread.objects.latest("id")


def answer(side: SideThread, text: str = SECRET, sender: str = SUE, **more: Any) -> Message:
    thread = side.thread
    assert thread.inbox is not None
    message = receive(
        a_mail(sender, text, to=reply_address(thread, thread.inbox), **more), thread.inbox
    ).message
    assert message is not None
    return message


def test_nothing_leaves_before_it_was_seen_and_then_exactly_that(world: World, ana: Client) -> None:
    ticket, _question = make_question(world)
    path = f"/desk/tickets/{ticket.pk}/outside/"
    page = ana.post(path, typed()).content.decode()
    assert not SideThread.objects.exists()
    assert "No imprime." in page
    digest = seen(page)
    # A choice that changed since, and a message that came since, are shown once more.
    assert seen(ana.post(path, typed(seen=digest, messages="0")).content.decode()) != digest
    assert not SideThread.objects.exists()
    answered = ana.post(path, typed(seen=digest))
    assert (answered.status_code, answered["Location"]) == (302, f"/desk/tickets/{ticket.pk}/?tab=outside")
    ana.post(path, typed(seen=digest))
    assert Delivery.objects.count() == 1
    assert Message.objects.get(channel="side").html in page


def test_a_refusal_keeps_what_was_typed(world: World, ana: Client) -> None:
    ticket, _question = make_question(world)
    answered = ana.post(f"/desk/tickets/{ticket.pk}/outside/", typed(to="dan@customer.example"))
    assert answered.status_code == 422
    assert "¿La conocen?" in answered.content.decode()


@pytest.mark.parametrize("count", ["", "abc", "101", "-1"])
def test_a_number_of_messages_that_is_none(world: World, ana: Client, count: str) -> None:
    ticket, _question = make_question(world)
    answered = ana.post(f"/desk/tickets/{ticket.pk}/outside/", typed(messages=count))
    assert answered.status_code == (200 if count == "" else 422)


def test_the_tab_shows_it_and_the_conversation_does_not(world: World, ana: Client) -> None:
    ticket, _question = make_question(world)
    side = asked(ana, ticket)
    answer(side, html=f"<p>{SECRET}</p>")
    tab = ana.get(f"/desk/tickets/{ticket.pk}/?tab=outside").content.decode()
    message = Message.objects.get(channel="side", direction="in")
    assert f"/desk/messages/{message.pk}/body/" in tab
    frame = ana.get(f"/desk/messages/{message.pk}/body/").content.decode()
    assert SECRET in frame
    page = ana.get(f"/desk/tickets/{ticket.pk}/").content.decode()
    assert SECRET not in page
    assert f"/desk/messages/{message.pk}/" not in page
    assert ana.get(f"/desk/tickets/{ticket.pk}/tabs/").json()["outside"] == 1


def test_who_was_not_asked_is_named_as_such(world: World, ana: Client) -> None:
    ticket, _question = make_question(world)
    side = asked(ana, ticket)
    path = f"/desk/tickets/{ticket.pk}/?tab=outside"
    answer(side)
    assert ana.get(path).content.decode().count("chip--warn") == 0
    answer(side, sender="otra@supplier.example")
    answer(side, sender="dan@customer.example")
    tab = ana.get(path).content.decode()
    assert tab.count("chip--warn") == 1
    assert tab.count("chip--danger") == 1


def test_writing_on_closing_and_opening_again(world: World, ana: Client) -> None:
    ticket, _question = make_question(world)
    side = asked(ana, ticket)
    path = f"/desk/tickets/{ticket.pk}/outside/{side.pk}/"
    for _click in range(2):
        ana.post(path, {"side_text": "¿Y el precio?", "key": "k2"})
    assert Message.objects.filter(channel="side").count() == 2
    for do, closed in (("close", True), ("reopen", False)):
        ana.post(path, {"do": do})
        side.refresh_from_db()
        assert (side.closed_at is not None) is closed


def test_a_mention_waits_until_the_tab_was_opened(world: World, ana: Client) -> None:
    ticket, question = make_question(world)
    message = answer(asked(ana, ticket))
    mark_seen(world.ana, ticket, last=message.pk + 5)
    assert Mention.objects.get(agent=world.ana).read_at is None
    ana.get(f"/desk/tickets/{ticket.pk}/?tab=outside")
    assert Mention.objects.get(agent=world.ana).read_at is not None
    del question


def test_a_side_message_does_not_keep_the_ticket_unread(world: World, ana: Client) -> None:
    ticket, question = make_question(world)
    answer(asked(ana, ticket))
    Ticket.objects.filter(pk=ticket.pk).update(last_customer_at=question.created_at)
    mark_seen(world.ana, ticket, last=question.pk)
    rows = ana.get("/desk/views/all/").content.decode()
    assert "data-unread" not in rows


def test_suggestions_leave_the_customer_out(world: World, ana: Client) -> None:
    ticket, _question = make_question(world)
    path = f"/desk/tickets/{ticket.pk}/outside/people/"
    assert ana.get(path, {"q": "dan"}).json() == []
    assert [each["sub"] for each in ana.get(path, {"q": "eve"}).json()] == ["eve@stranger.example"]


def test_without_the_permission_there_is_neither_option_nor_form(world: World, ana: Client) -> None:
    ticket, _question = make_question(world)
    side = asked(ana, ticket)
    role = Role.objects.get(pk=world.ana.role_id)
    role.permissions = [name for name in role.permissions if name != "conversations.escalate"]
    role.save()
    page = ana.get(f"/desk/tickets/{ticket.pk}/?tab=outside").content.decode()
    assert "Una pieza" in page
    assert f"/outside/{side.pk}/" not in page
    assert ana.get(f"/desk/tickets/{ticket.pk}/outside/").status_code == 403


def test_what_was_said_is_found_as_internal(world: World, ana: Client) -> None:
    ticket, _question = make_question(world)
    answer(asked(ana, ticket))
    assert [hit.row.id for hit in find(world.ana, SECRET).tickets] == [ticket.pk]
    assert not find(world.cleo, SECRET).tickets


def test_files_and_document_flow_say_where_it_came_from(world: World, ana: Client) -> None:
    ticket, _question = make_question(world)
    add_note(ticket, "<p>x</p>", by=world.ana)
    message = answer(asked(ana, ticket))
    store(b"plan", "plan.pdf", message=message)
    tab = ana.get(f"/desk/tickets/{ticket.pk}/?tab=attachments").content.decode()
    assert f"?tab=outside#message-{message.pk}" in tab
    flow = ana.get(f"/desk/tickets/{ticket.pk}/?tab=document_flow")
    assert f"?tab=outside#message-{message.pk}" in flow.content.decode()
    exchanged = ana.get(f"/desk/tickets/{ticket.pk}/?tab=interactions").content.decode()
    assert SECRET not in exchanged
