"""Through which account, under which name and subject an answer leaves."""

from __future__ import annotations

import pytest

from zaguan.conversations.models import Inbox, Message
from zaguan.conversations.replying import Outgoing, proposed, reply
from zaguan.conversations.subjects import subject_for
from zaguan.lib.errors import Refused
from zaguan.testing.makers import make_question, make_ticket
from zaguan.testing.world import World
from zaguan.tickets.models import CarbonCopy, Ticket

pytestmark = pytest.mark.django_db
DAN, EVA = "dan@customer.example", "eva@partner.example"


def test_copies_of_the_ticket_get_the_answer(world: World) -> None:
    ticket, question = make_question(world)
    CarbonCopy.objects.create(ticket=ticket, email=EVA, name="Eva")
    found = proposed(ticket, "reply", question)
    message = reply(ticket, Outgoing(html="<p>x</p>"), by=world.ana)
    assert (message.to, message.cc) == ([[DAN, "Dan Díaz"]], [[EVA, "Eva"]])
    assert [list(each) for each in found.cc] == message.cc


def test_a_ticket_from_elsewhere_is_answered_from_its_teams_account(world: World) -> None:
    other = Inbox.objects.create(
        kind="email", name="Ventas", address="sales@zaguan.example", team=world.sales
    )
    ticket = make_ticket(world, channel="api", inbox_id=None, team=world.sales)
    message = reply(ticket, Outgoing(html="<p>x</p>"), by=world.ana)
    assert message.sender_address == other.address
    again = reply(ticket, Outgoing(html="<p>y</p>"), by=world.ana)
    assert again.thread == message.thread


def test_without_any_mail_account_it_is_said(world: World) -> None:
    ticket, _question = make_question(world)
    Inbox.objects.update(is_active=False)
    with pytest.raises(Refused) as refusal:
        reply(ticket, Outgoing(html="<p>x</p>"), by=world.ana)
    assert refusal.value.field == "inbox"


@pytest.mark.parametrize(
    ("setting", "name"),
    [("agent", "Ana"), ("via", "Ana vía Support"), ("team", "Support"), ("inbox", "Support mail")],
)
def test_the_name_in_from(world: World, setting: str, name: str) -> None:
    world.inbox.settings = {"from_name": setting}
    world.inbox.save()
    ticket, _question = make_question(world)
    message = reply(ticket, Outgoing(html="<p>x</p>"), by=world.ana)
    assert (message.sender_name, message.sender_address) == (name, "help@zaguan.example")


@pytest.mark.parametrize(
    ("mode", "said", "wanted", "expected"),
    [
        ("reply", "Impresora", "", "Re: Impresora [#7]"),
        ("reply", "RE: AW: Re[2]: Impresora", "", "Re: Impresora [#7]"),
        ("reply", "Re: Impresora [#7]", "", "Re: Impresora [#7]"),
        ("reply", "Impresora [#12]", "", "Re: Impresora [#12] [#7]"),
        ("reply", "Impresora", "La impresora", "Re: Impresora [#7]"),
        ("reply", "Impresora", "Otra cosa", "Otra cosa [#7]"),
        ("forward", "Re: Impresora", "", "Fwd: Impresora [#7]"),
        ("new", "", "Su pedido", "Su pedido [#7]"),
        ("reply", "a\r\nBcc: x@y.example", "", "Re: a Bcc: x@y.example [#7]"),
        ("reply", "x" * 400, "", "Re: " + "x" * 291 + " [#7]"),
    ],
)
def test_subjects(mode: str, said: str, wanted: str, expected: str) -> None:
    from zaguan.conversations.models import Thread

    ticket = Ticket(pk=7, subject="La impresora")
    answers = Message(subject=said) if mode != "new" else None
    assert subject_for(ticket, Thread(subject=""), mode, answers, wanted) == expected
