"""Somebody outside is asked, and answers: for the tests of side threads."""

from __future__ import annotations

from typing import Any

from zaguan.channels.email.composing import compose
from zaguan.conversations.models import Message, SideThread, Thread
from zaguan.conversations.receiving import Outcome, receive
from zaguan.conversations.side_threads import Question, start_side_thread
from zaguan.conversations.signing import reply_address
from zaguan.conversations.tests.mails import a_mail
from zaguan.testing.world import World
from zaguan.tickets.models import Ticket

DAN, SUE = "dan@customer.example", "sue@supplier.example"
SECRET = "kanarienvogel"


def ask(world: World, ticket: Ticket, **values: Any) -> SideThread:
    given: dict[str, Any] = {"to": [(SUE, "Sue")], "subject": "¿Qué pieza es?", "html": "<p>¿La conocen?</p>"}
    return start_side_thread(ticket, Question(**(given | values)), by=world.ana)


def answer(side: SideThread, sender: str = SUE, text: str = SECRET, **fields: Any) -> Outcome:
    """What comes back to the reply address of the side thread."""
    thread = Thread.objects.select_related("inbox").get(pk=side.thread_id)
    assert thread.inbox is not None
    released = fields.pop("released", False)
    authenticated = fields.pop("authenticated", False)
    to = fields.pop("to", reply_address(thread, thread.inbox))
    incoming = a_mail(sender, text, to=to, subject="Re: ¿Qué pieza es?", **fields)
    return receive(incoming, thread.inbox, released=released, authenticated=authenticated)


def mail_of(message: Message) -> str:
    return compose(
        Message.objects.select_related("ticket", "thread__inbox", "answers").get(pk=message.pk)
    ).decode()


def first_of(side: SideThread) -> Message:
    return Message.objects.filter(thread=side.thread_id).earliest("id")
