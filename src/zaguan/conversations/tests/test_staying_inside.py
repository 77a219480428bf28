"""What is internal, or belongs elsewhere, stays inside (R14)."""

from __future__ import annotations

import pytest

from zaguan.conversations.attachments import store
from zaguan.conversations.noting import add_note
from zaguan.conversations.replying import Outgoing, reply
from zaguan.lib.errors import Refused
from zaguan.testing.makers import make_question
from zaguan.testing.world import World

pytestmark = pytest.mark.django_db
DAN, EVA = "dan@customer.example", "eva@partner.example"


def test_notes_cannot_be_answered_forwarded_or_their_files_sent(world: World) -> None:
    ticket, _question = make_question(world)
    secret = store(b"secreto", "secreto.txt", by=world.ana)
    note = add_note(ticket, "<p>canario</p>", by=world.ana, attachments=[secret])
    for mode in ("reply", "reply_all", "forward"):
        with pytest.raises(Refused):
            reply(ticket, Outgoing(html="<p>x</p>", mode=mode, answers=note, to=[(EVA, "")]), by=world.ana)
    with pytest.raises(Refused):
        reply(ticket, Outgoing(html="<p>x</p>", attachments=[secret]), by=world.ana)
    assert reply(ticket, Outgoing(html="<p>x</p>"), by=world.ana).answers != note


def test_files_of_other_tickets_and_of_colleagues_cannot_be_sent(world: World) -> None:
    ticket, _question = make_question(world)
    _other, foreign = make_question(world)
    theirs = store(b"x", "x.txt", message=foreign)
    colleagues = store(b"x", "x.txt", by=world.bo)
    for file in (theirs, colleagues):
        with pytest.raises(Refused):
            reply(ticket, Outgoing(html="<p>x</p>", attachments=[file]), by=world.ana)


def test_a_message_of_another_ticket_cannot_be_answered_here(world: World) -> None:
    ticket, _question = make_question(world)
    _other, foreign = make_question(world)
    with pytest.raises(Refused):
        reply(ticket, Outgoing(html="<p>x</p>", answers=foreign), by=world.ana)


def test_a_forwarded_file_stays_where_it_was(world: World) -> None:
    ticket, question = make_question(world)
    file = store(b"factura", "factura.pdf", message=question)
    outgoing = Outgoing(html="", mode="forward", answers=question, to=[(EVA, "")], attachments=[file])
    message = reply(ticket, outgoing, by=world.ana)
    assert [copy.sha256 for copy in message.attachments.all()] == [file.sha256]
    file.refresh_from_db()
    assert file.message == question
