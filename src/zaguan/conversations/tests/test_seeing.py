"""What an agent has read: up to the message that was before their eyes, and not what came in meanwhile."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from zaguan.conversations.models import Mention, Message, Seen
from zaguan.conversations.noting import add_note
from zaguan.conversations.receiving import receive
from zaguan.conversations.seeing import mark_seen
from zaguan.conversations.tests.mails import a_mail, an_answer
from zaguan.people.models import Agent
from zaguan.testing.makers import make_question
from zaguan.testing.world import World
from zaguan.tickets.models import Ticket
from zaguan.tickets.rows import rows_of

pytestmark = pytest.mark.django_db


def is_unread(agent: Agent, ticket: Ticket) -> bool:
    return rows_of(agent, [ticket.pk])[0].unread


def comes_in(world: World, ticket: Ticket, number: int) -> Message:
    ours = an_answer(ticket.threads.get(), world.ana)
    mail = a_mail(
        text=f"Otra {number}", in_reply_to=ours.external_id, external_id=f"a{number}@customer.example"
    )
    message = receive(mail, world.inbox).message
    assert message is not None
    assert message.ticket_id == ticket.pk
    return message


def test_what_came_in_after_the_page_was_drawn_stays_unread(world: World) -> None:
    ticket, _question = make_question(world)
    shown = comes_in(world, ticket, 1)
    comes_in(world, ticket, 2)
    mark_seen(world.ana, ticket, last=shown.pk)
    assert is_unread(world.ana, ticket)


def test_what_was_shown_to_its_end_is_read(world: World) -> None:
    ticket, _question = make_question(world)
    shown = comes_in(world, ticket, 1)
    assert is_unread(world.ana, ticket)
    mark_seen(world.ana, ticket, last=shown.pk)
    assert not is_unread(world.ana, ticket)


def test_it_never_moves_backwards(world: World) -> None:
    ticket, first = make_question(world)
    last = comes_in(world, ticket, 1)
    mark_seen(world.ana, ticket, last=last.pk)
    mark_seen(world.ana, ticket, last=first.pk)
    assert not is_unread(world.ana, ticket)
    assert Seen.objects.get().at == last.created_at


def test_a_mail_that_is_being_written_just_now_is_later(world: World) -> None:
    ticket, question = make_question(world)
    Message.objects.filter(pk=question.pk).update(created_at=timezone.now() - timedelta(minutes=1))
    mark_seen(world.ana, ticket, last=question.pk)
    assert Seen.objects.get().at < timezone.now() - timedelta(seconds=50)


def test_mentions_in_what_was_not_shown_stay_unread(world: World) -> None:
    ticket, question = make_question(world)
    add_note(ticket, f'<p><span data-mention="{world.bo.pk}">@Bo</span></p>', by=world.ana)
    mark_seen(world.bo, ticket, last=question.pk)
    assert Mention.objects.get().read_at is None
