"""What people outside answer comes in beside the customer's conversation, and nowhere else (A9)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from zaguan.channels.base import DeliveryError
from zaguan.conversations.attachments import store
from zaguan.conversations.cloning import clone
from zaguan.conversations.incoming import Bounce, Machine
from zaguan.conversations.models import SIDE, Delivery, Mention, Message, SideThread, Thread
from zaguan.conversations.printing import contents
from zaguan.conversations.reading import messages_of
from zaguan.conversations.receiving import HELD, JOINED, receive
from zaguan.conversations.replying import Outgoing, reply
from zaguan.conversations.side_threads import write_beside
from zaguan.conversations.splitting import split
from zaguan.conversations.tests.mails import a_mail
from zaguan.conversations.tests.sides import DAN, SECRET, SUE, answer, ask, first_of, mail_of
from zaguan.conversations.withdrawing import withdraw
from zaguan.lib.errors import Refused
from zaguan.people.models import Identity
from zaguan.testing.makers import make_message, make_question
from zaguan.testing.world import World
from zaguan.tickets.assigning import assign
from zaguan.tickets.models import Phase, Ticket
from zaguan.tickets.statuses import default_status, set_status

pytestmark = pytest.mark.django_db


def test_the_answer_stays_inside(world: World) -> None:
    ticket, _question = make_question(world)
    side = ask(world, ticket)
    before = Ticket.objects.get(pk=ticket.pk)
    outcome = answer(side, html=f"<p>{SECRET}</p>")
    assert outcome.outcome == JOINED
    assert outcome.message is not None
    message = outcome.message
    assert (message.visibility, message.channel, message.contact) == ("internal", SIDE, None)
    assert message.details["side"] == {"sender": "asked"}
    after = Ticket.objects.get(pk=ticket.pk)
    same = ("last_customer_at", "waiting_since", "message_count", "note_count", "excerpt", "status_id")
    assert [getattr(after, n) for n in same] == [getattr(before, n) for n in same]
    assert after.active_at == message.created_at
    assert SECRET not in "".join(m.text for m in messages_of(after)[0])


def test_the_customer_gets_nothing_of_it_however_one_writes(world: World) -> None:
    ticket, question = make_question(world)
    side = ask(world, ticket)
    answered = answer(side).message
    assert answered is not None
    file = store(b"plan", "plan.pdf", message=answered)
    for mode in ("reply", "reply_all", "forward"):
        with pytest.raises(Refused):
            reply(
                ticket, Outgoing(html="<p>x</p>", mode=mode, answers=answered, to=[(DAN, "")]), by=world.ana
            )
    with pytest.raises(Refused):
        reply(ticket, Outgoing(html="<p>x</p>", attachments=[file]), by=world.ana)
    sent = reply(ticket, Outgoing(html="<p>Hola</p>", mode="reply_all"), by=world.ana)
    assert (sent.answers, sent.thread) == (question, question.thread)
    assert [d.address for d in sent.deliveries.all()] == [DAN]
    mail = mail_of(sent)
    side_thread = Thread.objects.get(pk=side.thread_id)
    assert SECRET not in mail
    assert SUE not in mail
    assert side_thread.token not in mail
    copy = contents(ticket, viewer=world.ana, copy="customer")
    assert SECRET not in str(copy.data)
    assert not clone(ticket, by=world.ana, with_conversation=True).messages.filter(channel=SIDE).exists()


def test_a_split_leaves_side_threads_where_they_are(world: World) -> None:
    ticket, _question = make_question(world)
    second = make_message(ticket, world, "Otra cosa", sender_address=DAN)
    side = ask(world, ticket)
    answered = answer(side).message
    assert answered is not None
    new = split(second, by=world.ana, with_later=True)
    assert not new.messages.filter(channel=SIDE).exists()
    assert ticket.messages.filter(channel=SIDE).count() == 2
    with pytest.raises(Refused):
        split(answered, by=world.ana)


def test_a_sent_question_does_not_become_a_draft_to_the_customer(world: World) -> None:
    ticket, _question = make_question(world)
    with pytest.raises(Refused):
        withdraw(first_of(ask(world, ticket)), by=world.ana)


def test_the_last_gate_lets_out_only_to_who_was_asked(world: World) -> None:
    ticket, _question = make_question(world)
    message = first_of(ask(world, ticket))
    Message.objects.filter(pk=message.pk).update(to=[[SUE, ""], [DAN, ""]])
    with pytest.raises(DeliveryError):
        mail_of(message)
    Message.objects.filter(pk=message.pk).update(to=[[SUE, ""]], visibility="private")
    with pytest.raises(DeliveryError):
        mail_of(message)
    Message.objects.filter(pk=message.pk).update(visibility="internal")
    assert SUE in mail_of(message)
    # Who was asked turns out to be the customer.
    Identity.objects.create(contact=world.dan, kind="email", value=SUE)
    with pytest.raises(DeliveryError):
        mail_of(message)
    with pytest.raises(Refused):
        write_beside(SideThread.objects.get(), "<p>x</p>", by=world.ana)


def test_a_private_answer_in_a_side_thread_leaves_nobody(world: World) -> None:
    ticket, _question = make_question(world)
    thread = Thread.objects.get(pk=ask(world, ticket).thread_id)
    message = make_message(ticket, world, SECRET, direction="out", to=[[SUE, ""]])
    Message.objects.filter(pk=message.pk).update(thread=thread)
    with pytest.raises(DeliveryError):
        mail_of(message)


def test_those_who_wait_are_told_and_the_ticket_goes_on(world: World) -> None:
    ticket, _question = make_question(world)
    assign(ticket, world.bo, by=world.bo)
    set_status(ticket, default_status(Phase.WAITING_THIRD), by=world.ana)
    side = ask(world, ticket)
    message = answer(side).message
    told = set(Mention.objects.filter(message=message, read_at=None).values_list("agent__name", flat=True))
    assert told == {"Ana", "Bo"}
    assert Ticket.objects.get(pk=ticket.pk).phase == Phase.OPEN


def test_a_resolved_ticket_stays_so(world: World) -> None:
    ticket, _question = make_question(world)
    side = ask(world, ticket)
    set_status(ticket, default_status(Phase.RESOLVED), by=world.ana)
    answer(side)
    assert Ticket.objects.get(pk=ticket.pk).phase == Phase.RESOLVED


def test_machines_wake_nobody_and_get_no_answer(world: World) -> None:
    ticket, _question = make_question(world)
    side = ask(world, ticket)
    outcome = answer(side, text="Estoy de vacaciones", machine=Machine(auto_reply=True))
    assert outcome.message is not None
    assert outcome.message.is_automatic
    assert not Mention.objects.exists()
    assert Delivery.objects.count() == 1
    assert answer(side, machine=Machine(loop=True)).outcome == HELD


def test_a_bounce_is_shown_in_the_side_thread_and_told(world: World) -> None:
    ticket, _question = make_question(world)
    side = ask(world, ticket)
    sent = first_of(side)
    bounce = Bounce(SUE, "failed", "5.1.1", "No existe", about=sent.external_id, permanent=True)
    before = Ticket.objects.get(pk=ticket.pk).message_count
    outcome = answer(side, "mailer-daemon@supplier.example", machine=Machine(notice=True), bounces=(bounce,))
    assert outcome.message is not None
    assert outcome.message.thread_id == side.thread_id
    assert Delivery.objects.get().state == "failed"
    assert Mention.objects.filter(agent=world.ana, message=outcome.message).exists()
    assert Ticket.objects.get(pk=ticket.pk).message_count == before


@pytest.mark.parametrize(
    ("sender", "kind"),
    [("other@supplier.example", "unknown"), (DAN, "customer"), ("help@zaguan.example", "unknown")],
)
def test_others_who_got_the_address_are_shown_as_such(world: World, sender: str, kind: str) -> None:
    ticket, _question = make_question(world)
    outcome = answer(ask(world, ticket), sender)
    assert outcome.message is not None
    assert outcome.ticket == ticket
    assert outcome.message.details["side"] == {"sender": kind}
    assert outcome.message.visibility == "internal"


def test_a_colleague_by_mail_is_shown_as_themselves_when_proved(world: World) -> None:
    ticket, _question = make_question(world)
    side = ask(world, ticket)
    proved = answer(side, world.ana.email, authenticated=True).message
    forged = answer(side, world.ana.email).message
    assert proved is not None
    assert proved.agent == world.ana
    assert forged is not None
    assert forged.agent is None
    assert forged.details["side"]["sender"] == "unknown"


def test_without_the_address_the_ids_lead_back_for_who_was_asked(world: World) -> None:
    world.inbox.settings = {"plus_addressing": False}
    world.inbox.save()
    ticket, _question = make_question(world)
    side = ask(world, ticket)
    plain = {"to": "help@zaguan.example"}
    first = answer(side, in_reply_to=first_of(side).external_id, external_id="s1@supplier.example", **plain)
    assert first.message is not None
    assert first.message.thread_id == side.thread_id
    # A mail that knows only the outsider's own id, from who was asked and from somebody else.
    again = answer(side, in_reply_to="s1@supplier.example", **plain)
    assert again.message is not None
    assert again.message.thread_id == side.thread_id
    stranger = answer(side, "eve@stranger.example", in_reply_to="s1@supplier.example", **plain)
    assert stranger.ticket != ticket


def test_by_number_who_was_asked_lands_beside_and_never_in_the_conversation(world: World) -> None:
    ticket, _question = make_question(world)
    side = ask(world, ticket)
    mail = a_mail(SUE, SECRET, subject=f"La pieza [#{ticket.pk}]")
    message = receive(mail, world.inbox).message
    assert message is not None
    assert message.thread_id == side.thread_id


def test_after_its_time_an_answer_waits_among_the_held(world: World) -> None:
    ticket, _question = make_question(world)
    side = ask(world, ticket, days=1)
    SideThread.objects.update(expires_at=timezone.now() - timedelta(minutes=1))
    outcome = answer(side)
    assert outcome.outcome == HELD
    assert outcome.reason
    side.refresh_from_db()
    assert side.late_answers == 1
    assert ticket.messages.filter(direction="note").count() == 1
    assert answer(side).outcome == HELD
    assert ticket.messages.filter(direction="note").count() == 1
    assert answer(side, released=True).outcome == JOINED


def test_a_deleted_ticket_takes_in_nothing(world: World) -> None:
    from zaguan.tickets.trash import trash

    ticket, _question = make_question(world)
    side = ask(world, ticket)
    trash(ticket, by=world.bo)
    outcome = answer(side)
    assert outcome.outcome == HELD
    assert Ticket.objects.count() == 1
