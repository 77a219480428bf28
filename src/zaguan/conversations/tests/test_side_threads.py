"""People outside are asked by mail; what they answer stays beside the customer's conversation (A9)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from zaguan.channels.base import DeliveryError
from zaguan.channels.email.composing import compose
from zaguan.conversations.attachments import store
from zaguan.conversations.cloning import clone
from zaguan.conversations.incoming import Bounce, Machine
from zaguan.conversations.merging import merge, undo_merge
from zaguan.conversations.models import SIDE, Delivery, Mention, Message, SideThread, Thread
from zaguan.conversations.noting import add_note
from zaguan.conversations.printing import contents
from zaguan.conversations.reading import messages_of
from zaguan.conversations.receiving import HELD, JOINED, Outcome, receive
from zaguan.conversations.replying import Outgoing, reply
from zaguan.conversations.sharing_outside import Sharing, what_leaves
from zaguan.conversations.side_threads import (
    Question,
    close_side_thread,
    reopen_side_thread,
    start_side_thread,
    write_beside,
)
from zaguan.conversations.signing import reply_address
from zaguan.conversations.splitting import split
from zaguan.conversations.tests.mails import a_mail
from zaguan.conversations.withdrawing import withdraw
from zaguan.events.models import EventRecord
from zaguan.lib.errors import Refused
from zaguan.people.models import Identity
from zaguan.testing.makers import make_message, make_question, make_ticket
from zaguan.testing.world import World, make_world
from zaguan.tickets.assigning import assign
from zaguan.tickets.editing import set_copies
from zaguan.tickets.history import feed
from zaguan.tickets.models import Merge, Phase, Ticket
from zaguan.tickets.statuses import default_status, set_status

pytestmark = pytest.mark.django_db
DAN, SUE = "dan@customer.example", "sue@supplier.example"
SECRET = "kanarienvogel"


@pytest.fixture
def world() -> World:
    return make_world()


def ask(world: World, ticket: Ticket, **values: Any) -> SideThread:
    given: dict[str, Any] = {"to": [(SUE, "Sue")], "subject": "¿Qué pieza es?", "html": "<p>¿La conocen?</p>"}
    return start_side_thread(ticket, Question(**(given | values)), by=values.pop("by", world.ana))


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


def test_a_question_leaves_once_with_an_address_of_its_own(world: World) -> None:
    ticket, _question = make_question(world)
    side = ask(world, ticket, idempotency_key="k1")
    assert ask(world, ticket, idempotency_key="k1") == side
    (delivery,) = Delivery.objects.all()
    assert (delivery.address, delivery.state, delivery.inbox) == (SUE, "queued", world.inbox)
    mail = mail_of(delivery.message)
    thread = ticket.threads.get(channel=SIDE)
    assert "Reply-To: " in mail
    assert reply_address(thread, world.inbox) in mail
    assert "In-Reply-To" not in mail
    assert f"[#{ticket.pk}]" in delivery.message.subject
    assert mail == mail_of(delivery.message)


def test_the_conversation_goes_along_and_notes_do_not(world: World) -> None:
    ticket, question = make_question(world, "No imprime.")
    add_note(ticket, f"<p>{SECRET}</p>", by=world.ana)
    reply(ticket, Outgoing(html="<p>¿Qué modelo es?</p>"), by=world.ana)
    shared = what_leaves(ticket, Sharing())
    for words in ("No imprime.", "¿Qué modelo es?", "Dan Díaz", DAN, f"#{ticket.pk}"):
        assert words in shared.html
        assert words in shared.text
    assert SECRET not in shared.html + shared.text
    only = what_leaves(ticket, Sharing(messages=1, customer=False, ticket=False))
    assert "No imprime." not in only.text
    assert "¿Qué modelo es?" in only.text
    nothing = what_leaves(ticket, Sharing(messages=0, customer=False, ticket=False))
    assert (nothing.html, nothing.text, nothing.files) == ("", "", [])
    for wrong in (-1, 101):
        with pytest.raises(Refused):
            what_leaves(ticket, Sharing(messages=wrong))
    del question


def test_what_a_customer_wrote_as_html_leaves_as_text(world: World) -> None:
    ticket, _question = make_question(world, "<script>x</script> & <b>y</b>")
    shared = what_leaves(ticket, Sharing())
    assert "<script>" not in shared.html
    assert "&lt;b&gt;y&lt;/b&gt;" in shared.html
    assert "<b>y</b>" in shared.text


def test_personal_data_is_taken_out_by_choice(world: World) -> None:
    ticket, question = make_question(world, "Soy Dan Diaz, 600 123 456, dan@customer.example.")
    store(b"x", "Factura de Dan Díaz.pdf", message=question)
    Message.objects.filter(pk=question.pk).update(has_files=True)
    shared = what_leaves(ticket, Sharing(redacted=True, files=True))
    for words in ("Dan", "Diaz", "Díaz", "600 123", "customer.example"):
        assert words not in shared.html + shared.text + "".join(shared.names)
    assert "Soy [redacted], [redacted], [redacted]." in shared.text


def test_files_go_along_by_choice_and_those_of_notes_never(world: World) -> None:
    ticket, question = make_question(world)
    store(b"foto", "foto.png", message=question, content_id="c1", is_inline=True)
    Message.objects.filter(pk=question.pk).update(has_files=True)
    secret = store(b"secreto", "secreto.txt", by=world.ana)
    add_note(ticket, "<p>x</p>", by=world.ana, attachments=[secret])
    assert not first_of(ask(world, ticket)).attachments.exists()
    side = ask(world, ticket, sharing=Sharing(files=True))
    assert [(f.name, f.is_inline) for f in first_of(side).attachments.all()] == [("foto.png", False)]
    with pytest.raises(Refused):
        ask(world, ticket, attachments=[secret])


def test_too_large_is_told_and_nothing_is_begun(world: World) -> None:
    ticket, question = make_question(world)
    world.inbox.settings = {"send_limit_mb": 1}
    world.inbox.save()
    file = store(b"x", "film.mp4", message=question)
    type(file).objects.filter(pk=file.pk).update(size=2_000_000)
    Message.objects.filter(pk=question.pk).update(has_files=True)
    with pytest.raises(Refused) as refused:
        ask(world, ticket, sharing=Sharing(files=True))
    assert refused.value.field == "attachments"
    assert not SideThread.objects.exists()


@pytest.mark.parametrize(
    "address", [DAN, "DAN@Customer.example", "help@zaguan.example", "help+x@zaguan.example", "x"]
)
def test_neither_the_customer_nor_the_desk_is_asked(world: World, address: str) -> None:
    ticket, _question = make_question(world)
    with pytest.raises(Refused) as refused:
        ask(world, ticket, to=[(address, "")])
    assert refused.value.field == "to"


def test_who_is_in_copy_and_nobody_are_refused(world: World) -> None:
    ticket, _question = make_question(world)
    set_copies(ticket, [(SUE, "Sue")], by=world.ana)
    for to in ([(SUE, "")], []):
        with pytest.raises(Refused):
            ask(world, ticket, to=to)


@pytest.mark.parametrize(
    "wrong", [{"subject": " "}, {"html": ""}, {"days": 0}, {"html": "{{requester.name}}"}]
)
def test_a_question_needs_its_parts(world: World, wrong: dict[str, Any]) -> None:
    ticket, _question = make_question(world)
    with pytest.raises(Refused):
        ask(world, ticket, **wrong)


def test_nothing_leaves_from_an_internal_ticket(world: World) -> None:
    ticket = make_ticket(world, is_internal=True, requester=None)
    with pytest.raises(Refused):
        ask(world, ticket)


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


def test_writing_on_prolongs_and_answers_in_order(world: World) -> None:
    ticket, _question = make_question(world)
    side = ask(world, ticket)
    answer(side, external_id="s1@supplier.example")
    SideThread.objects.update(expires_at=timezone.now() - timedelta(minutes=1), closed_at=timezone.now())
    first = write_beside(side, "<p>¿Y el precio?</p>", by=world.bo, idempotency_key="k")
    assert write_beside(side, "<p>¿Y el precio?</p>", by=world.bo, idempotency_key="k") == first
    side.refresh_from_db()
    assert not side.is_over
    assert side.closed_at is None
    mail = mail_of(first)
    assert "References:" in mail
    assert "s1@supplier.example" in mail
    assert "No imprime" not in mail


def test_closing_and_an_answer_after_all(world: World) -> None:
    ticket, _question = make_question(world)
    side = ask(world, ticket)
    close_side_thread(side, by=world.ana)
    close_side_thread(side, by=world.ana)
    assert SideThread.objects.get().closed_at is not None
    answer(side)
    assert SideThread.objects.get().closed_at is None
    close_side_thread(side, by=world.ana)
    reopen_side_thread(side, by=world.ana)
    kinds = [
        k.removeprefix("conversations.")
        for k in EventRecord.objects.filter(ticket_id=ticket.pk).order_by("id").values_list("kind", flat=True)
    ]
    assert [k for k in kinds if k in ("SideThreadClosed", "SideThreadReopened")] == [
        "SideThreadClosed", "SideThreadReopened", "SideThreadClosed", "SideThreadReopened",
    ]  # fmt: skip


def test_history_says_to_whom_by_whom(world: World) -> None:
    ticket, _question = make_question(world)
    answer(ask(world, ticket))
    said = [entry.sentence for entry in feed(ticket, viewer=world.ana).entries]
    assert any("Ana" in line and SUE in line for line in said)
    assert any(line.startswith(SUE) for line in said)


def test_merging_takes_side_threads_along_and_undoing_brings_them_back(world: World) -> None:
    first, _q = make_question(world)
    second = make_ticket(world)
    make_message(second, world, "dos", sender_address=DAN)
    side = ask(world, second)
    before = Ticket.objects.get(pk=second.pk).message_count
    merge(first, [second], by=world.ana)
    assert list(SideThread.objects.visible_to(world.ana).filter(thread__ticket=first)) == [side]
    outcome = answer(side)
    assert outcome.ticket == first
    assert Ticket.objects.get(pk=first.pk).message_count == 2
    undo_merge(Merge.objects.get(), by=world.ana)
    assert Thread.objects.get(pk=side.thread_id).ticket == second
    assert Ticket.objects.get(pk=second.pk).message_count == before


def test_a_survivor_whose_customer_was_asked_sends_them_nothing_more(world: World) -> None:
    first, _q = make_question(world)
    side = ask(world, first, to=[("eve@stranger.example", "Eve")])
    theirs = make_ticket(world, requester=world.eve)
    merge(theirs, [first], by=world.ana, different_people=True)
    with pytest.raises(Refused):
        write_beside(side, f"<p>{SECRET}</p>", by=world.ana)
    with pytest.raises(DeliveryError):
        mail_of(first_of(side))


def test_a_deleted_ticket_takes_in_nothing(world: World) -> None:
    from zaguan.tickets.trash import trash

    ticket, _question = make_question(world)
    side = ask(world, ticket)
    trash(ticket, by=world.bo)
    outcome = answer(side)
    assert outcome.outcome == HELD
    assert Ticket.objects.count() == 1


def test_only_who_may_know_the_ticket_knows_its_side_threads(world: World) -> None:
    ticket, _question = make_question(world)
    side = ask(world, ticket)
    assert list(SideThread.objects.visible_to(world.ana)) == [side]
    assert not SideThread.objects.visible_to(world.cleo).exists()
