"""Answers: message and status together, once, never past a newer word, never from what is internal."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from zaguan.conversations.attachments import store
from zaguan.conversations.automatic import may_send_automatically
from zaguan.conversations.drafting import draft_of, save_draft
from zaguan.conversations.models import Delivery, Inbox, Message
from zaguan.conversations.noting import add_note
from zaguan.conversations.replying import Outgoing, proposed, reply
from zaguan.conversations.starting import start_ticket
from zaguan.conversations.subjects import subject_for
from zaguan.conversations.withdrawing import withdraw
from zaguan.events.models import EventRecord
from zaguan.lib.errors import Conflict, Refused
from zaguan.people.models import Contact, Identity
from zaguan.testing.makers import make_message, make_ticket
from zaguan.testing.world import World, make_world
from zaguan.tickets.models import CarbonCopy, Phase, Ticket
from zaguan.tickets.opening import NewTicket
from zaguan.tickets.statuses import default_status, set_status

pytestmark = pytest.mark.django_db
DAN, EVA = "dan@customer.example", "eva@partner.example"


@pytest.fixture
def world() -> World:
    return make_world()


def asked(world: World, **fields: Any) -> tuple[Ticket, Message]:
    ticket = make_ticket(world, **fields)
    question = make_message(
        ticket,
        world,
        "No imprime.",
        sender_address=DAN,
        sender_name="Dan Díaz",
        external_id="q1@customer.example",
    )
    return ticket, question


def fresh(ticket: Ticket) -> Ticket:
    return Ticket.objects.select_related("status").get(pk=ticket.pk)


def addresses(message: Message) -> list[str]:
    return list(message.deliveries.order_by("id").values_list("address", flat=True))


# --- message, ticket and status in one


def test_an_answer_is_queued_and_shown_on_the_ticket(world: World) -> None:
    ticket, question = asked(world)
    world.ana.signature = "Ana\nSoporte"
    message = reply(ticket, Outgoing(html="<p>Ya vamos.</p>"), by=world.ana)
    assert (message.direction, message.visibility, message.agent) == ("out", "private", world.ana)
    assert message.answers == question
    assert message.to == [[DAN, "Dan Díaz"]]
    assert message.html == "<p>Ya vamos.</p>"
    assert "Soporte" in message.details["signature"]
    assert message.external_id.startswith("zg.")
    delivery = message.deliveries.get()
    assert (delivery.address, delivery.state) == (DAN, "queued")
    assert timedelta(seconds=9) < delivery.run_at - message.created_at < timedelta(seconds=11)
    now = fresh(ticket)
    assert (now.excerpt, now.excerpt_kind, now.message_count) == ("Ya vamos.", "out", 1)
    assert now.first_answered_at == message.created_at
    assert now.waiting_since is None
    # A new ticket that was answered is in process.
    assert now.phase == Phase.OPEN
    assert EventRecord.objects.filter(kind="conversations.MessageSent", ticket_id=ticket.pk).count() == 1


def test_status_goes_with_the_answer_or_neither(world: World) -> None:
    ticket, _question = asked(world)
    answered = default_status(Phase.WAITING_CUSTOMER)
    with pytest.raises(Refused):
        reply(ticket, Outgoing(html="<script>x</script>", status=answered), by=world.ana)
    assert fresh(ticket).phase == Phase.NEW
    with pytest.raises(Refused):
        reply(ticket, Outgoing(html="<p>Hola</p>", status=default_status(Phase.SNOOZED)), by=world.ana)
    assert Message.objects.filter(direction="out").count() == 0
    reply(ticket, Outgoing(html="<p>Hola</p>", status=answered), by=world.ana)
    assert fresh(ticket).status == answered


def test_without_a_status_it_stays(world: World) -> None:
    ticket, _question = asked(world)
    third = default_status(Phase.WAITING_THIRD)
    set_status(ticket, third, by=world.ana)
    reply(ticket, Outgoing(html="<p>Hola</p>"), by=world.ana)
    assert fresh(ticket).status == third


def test_the_first_answer_counts_once(world: World) -> None:
    ticket, _question = asked(world)
    first = reply(ticket, Outgoing(html="<p>Uno</p>"), by=world.ana)
    reply(ticket, Outgoing(html="<p>Dos</p>"), by=world.ana)
    assert fresh(ticket).first_answered_at == first.created_at
    assert fresh(ticket).message_count == 2


def test_a_forward_or_a_word_with_a_supplier_is_no_answer(world: World) -> None:
    ticket, question = asked(world)
    reply(ticket, Outgoing(html="", mode="forward", answers=question, to=[(EVA, "")]), by=world.ana)
    reply(ticket, Outgoing(html="<p>¿Puede ver?</p>", to=[(EVA, "")], mode="new"), by=world.ana)
    now = fresh(ticket)
    assert now.first_answered_at is None
    assert now.waiting_since is not None
    assert now.requester == world.dan
    assert now.copies.count() == 0


# --- refused


def test_closed_tickets_take_no_answer(world: World) -> None:
    ticket, _question = asked(world)
    set_status(ticket, default_status(Phase.CLOSED), by=world.ana)
    with pytest.raises(Refused, match=r"follow-up|cerrado"):
        reply(ticket, Outgoing(html="<p>Hola</p>"), by=world.ana)


def test_internal_tickets_reach_nobody(world: World) -> None:
    ticket, _question = asked(world, is_internal=True)
    with pytest.raises(Refused):
        reply(ticket, Outgoing(html="<p>Hola</p>", to=[(DAN, "")]), by=world.ana)
    assert Delivery.objects.count() == 0
    assert add_note(ticket, "<p>Solo aquí</p>", by=world.ana).visibility == "internal"


def test_work_needs_a_team_first(world: World) -> None:
    ticket, _question = asked(world, team=None)
    with pytest.raises(Refused) as refusal:
        reply(ticket, Outgoing(html="<p>Hola</p>"), by=world.ana)
    assert refusal.value.field == "team"


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"html": "  <p> </p>"}, "html"),
        ({"to": [("nonsense", "")]}, "to"),
        ({"cc": [("a@x.example\r\nBcc: b@x.example", "")]}, "cc"),
        ({"to": []}, "to"),
        ({"to": [("help@zaguan.example", "")]}, "to"),
        ({"cc": [("HELP+x@zaguan.example", "")]}, "cc"),
        ({"to": [(f"p{n}@x.example", "") for n in range(101)]}, "to"),
    ],
)
def test_what_cannot_be_sent_is_said_at_the_field(world: World, values: dict[str, Any], field: str) -> None:
    ticket, _question = asked(world)
    with pytest.raises(Refused) as refusal:
        reply(ticket, Outgoing(**{"html": "<p>Hola</p>", **values}), by=world.ana)
    assert refusal.value.field == field
    assert Message.objects.filter(direction="out").count() == 0


def test_too_large_is_told_before_sending(world: World, settings: Any) -> None:
    world.inbox.settings = {"send_limit_mb": 1}
    world.inbox.save()
    ticket, _question = asked(world)
    file = store(b"x" * 900_000, "grande.bin", by=world.ana)
    with pytest.raises(Refused) as refusal:
        reply(ticket, Outgoing(html="<p>Va</p>", attachments=[file]), by=world.ana)
    assert refusal.value.field == "attachments"
    file.refresh_from_db()
    assert file.message is None


def test_text_that_cannot_be_cleaned_is_refused_and_the_draft_stays(world: World) -> None:
    ticket, _question = asked(world)
    html = "<p>x</p>" * 30_000
    save_draft(world.ana, ticket, "reply", html)
    with pytest.raises(Refused):
        reply(ticket, Outgoing(html=html), by=world.ana)
    draft = draft_of(world.ana, ticket, "reply")
    assert draft is not None
    assert draft.html == html


# --- R13: nobody answers past a newer word


def test_a_newer_word_of_the_customer_is_shown_first(world: World) -> None:
    ticket, question = asked(world)
    newer = make_message(ticket, world, "Ya funciona, gracias.")
    with pytest.raises(Conflict) as conflict:
        reply(ticket, Outgoing(html="<p>Hola</p>", last_seen_id=question.pk), by=world.ana)
    [change] = conflict.value.changes
    assert (change["message_id"], change["excerpt"]) == (newer.pk, "Ya funciona, gracias.")
    assert reply(ticket, Outgoing(html="<p>Hola</p>", last_seen_id=newer.pk), by=world.ana).pk


def test_a_colleagues_answer_is_newer_but_a_note_or_ones_own_is_not(world: World) -> None:
    ticket, question = asked(world)
    add_note(ticket, "<p>Lo miro yo</p>", by=world.bo)
    reply(ticket, Outgoing(html="<p>Uno</p>", last_seen_id=question.pk), by=world.ana)
    reply(ticket, Outgoing(html="<p>Dos</p>", last_seen_id=question.pk), by=world.ana)
    with pytest.raises(Conflict) as conflict:
        reply(ticket, Outgoing(html="<p>Tres</p>", last_seen_id=question.pk), by=world.bo)
    assert [change["name"] for change in conflict.value.changes] == ["Ana", "Ana"]


# --- R03: once


def test_the_same_key_gives_the_same_message(world: World) -> None:
    ticket, _question = asked(world)
    first = reply(ticket, Outgoing(html="<p>Hola</p>", idempotency_key="k1"), by=world.ana)
    again = reply(ticket, Outgoing(html="<p>Hola</p>", idempotency_key="k1", last_seen_id=0), by=world.ana)
    other = reply(ticket, Outgoing(html="<p>Hola</p>", idempotency_key="k1"), by=world.bo)
    assert first == again
    assert other != first
    assert Delivery.objects.count() == 2


def test_a_new_ticket_is_started_once_per_click(world: World) -> None:
    new = NewTicket(subject="Su pedido", requester=world.dan, team=world.support)
    outgoing = Outgoing(html="<p>Hola</p>", status=default_status(Phase.WAITING_CUSTOMER))
    first = start_ticket(new, by=world.ana, outgoing=outgoing, note_html="<p>Llamó</p>", idempotency_key="n1")
    again = start_ticket(new, by=world.ana, outgoing=outgoing, note_html="<p>Llamó</p>", idempotency_key="n1")
    assert first == again
    assert first.phase == Phase.WAITING_CUSTOMER
    assert [m.direction for m in first.messages.order_by("id")] == ["note", "out"]
    sent = first.messages.get(direction="out")
    assert sent.subject == f"Su pedido [#{first.pk}]"
    assert sent.answers is None
    assert addresses(sent) == [DAN]
    # It leaves through the team's account.
    assert sent.thread is not None
    assert sent.thread.inbox == world.inbox


def test_a_customer_without_a_mail_address_cannot_be_written_to(world: World) -> None:
    mute = Contact.objects.create(name="Solo teléfono")
    new = NewTicket(subject="Hola", requester=mute, team=world.support)
    with pytest.raises(Refused) as refusal:
        start_ticket(new, by=world.ana, outgoing=Outgoing(html="<p>Hola</p>"))
    assert refusal.value.field == "to"
    assert Ticket.objects.count() == 0


# --- undo


def test_taking_back_restores_words_files_and_status(world: World) -> None:
    ticket, question = asked(world)
    before = fresh(ticket)
    file = store(b"hola", "a.txt", by=world.ana)
    outgoing = Outgoing(
        html="<p>Uy</p>",
        cc=[(EVA, "Eva")],
        attachments=[file],
        status=default_status(Phase.CLOSED),
        idempotency_key="u1",
    )
    message = reply(ticket, outgoing, by=world.ana)
    assert draft_of(world.ana, ticket, "reply") is None
    draft = withdraw(message, by=world.ana)
    assert draft.html == "<p>Uy</p>"
    assert draft.fields["cc"] == [[EVA, "Eva"]]
    assert draft.fields["attachments"] == [file.public_id]
    assert draft.fields["answers"] == question.pk
    now = fresh(ticket)
    assert (now.status, now.closed_at, now.first_answered_at) == (before.status, None, None)
    assert now.waiting_since == before.waiting_since
    assert (now.excerpt, now.message_count) == ("No imprime.", 0)
    assert Delivery.objects.count() == 0
    assert not Message.objects.visible_to(world.ana).filter(direction="out").exists()
    file.refresh_from_db()
    assert file.message is None
    # A late repetition of the first click must not send what was taken back.
    with pytest.raises(Refused):
        reply(ticket, outgoing, by=world.ana)
    assert reply(ticket, Outgoing(html="<p>Bien</p>", attachments=[file]), by=world.ana).has_files


def test_taking_back_leaves_a_status_that_somebody_changed_since(world: World) -> None:
    ticket, _question = asked(world)
    message = reply(
        ticket, Outgoing(html="<p>Uy</p>", status=default_status(Phase.WAITING_CUSTOMER)), by=world.ana
    )
    resolved = default_status(Phase.RESOLVED)
    set_status(ticket, resolved, by=world.bo)
    withdraw(message, by=world.ana)
    assert fresh(ticket).status == resolved


@pytest.mark.parametrize("change", [{"state": "sending"}, {"state": "sent"}, {"tries": 1}])
def test_too_late_is_said(world: World, change: dict[str, Any]) -> None:
    ticket, _question = asked(world)
    message = reply(ticket, Outgoing(html="<p>Uy</p>"), by=world.ana)
    Delivery.objects.update(**change)
    with pytest.raises(Refused):
        withdraw(message, by=world.ana)


# --- R14: what is internal stays inside


def test_notes_cannot_be_answered_forwarded_or_their_files_sent(world: World) -> None:
    ticket, _question = asked(world)
    secret = store(b"secreto", "secreto.txt", by=world.ana)
    note = add_note(ticket, "<p>canario</p>", by=world.ana, attachments=[secret])
    for mode in ("reply", "reply_all", "forward"):
        with pytest.raises(Refused):
            reply(ticket, Outgoing(html="<p>x</p>", mode=mode, answers=note, to=[(EVA, "")]), by=world.ana)
    with pytest.raises(Refused):
        reply(ticket, Outgoing(html="<p>x</p>", attachments=[secret]), by=world.ana)
    assert reply(ticket, Outgoing(html="<p>x</p>"), by=world.ana).answers != note


def test_files_of_other_tickets_and_of_colleagues_cannot_be_sent(world: World) -> None:
    ticket, _question = asked(world)
    _other, foreign = asked(world)
    theirs = store(b"x", "x.txt", message=foreign)
    colleagues = store(b"x", "x.txt", by=world.bo)
    for file in (theirs, colleagues):
        with pytest.raises(Refused):
            reply(ticket, Outgoing(html="<p>x</p>", attachments=[file]), by=world.ana)


def test_a_message_of_another_ticket_cannot_be_answered_here(world: World) -> None:
    ticket, _question = asked(world)
    _other, foreign = asked(world)
    with pytest.raises(Refused):
        reply(ticket, Outgoing(html="<p>x</p>", answers=foreign), by=world.ana)


def test_a_forwarded_file_stays_where_it_was(world: World) -> None:
    ticket, question = asked(world)
    file = store(b"factura", "factura.pdf", message=question)
    outgoing = Outgoing(html="", mode="forward", answers=question, to=[(EVA, "")], attachments=[file])
    message = reply(ticket, outgoing, by=world.ana)
    assert [copy.sha256 for copy in message.attachments.all()] == [file.sha256]
    file.refresh_from_db()
    assert file.message == question


# --- recipients and accounts


def test_copies_of_the_ticket_get_the_answer(world: World) -> None:
    ticket, question = asked(world)
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
    ticket, _question = asked(world)
    Inbox.objects.update(is_active=False)
    with pytest.raises(Refused) as refusal:
        reply(ticket, Outgoing(html="<p>x</p>"), by=world.ana)
    assert refusal.value.field == "inbox"


@pytest.mark.parametrize(
    ("setting", "name"),
    [("agent", "Ana"), ("via", "Ana via Support"), ("team", "Support"), ("inbox", "Support mail")],
)
def test_the_name_in_from(world: World, setting: str, name: str) -> None:
    world.inbox.settings = {"from_name": setting}
    world.inbox.save()
    ticket, _question = asked(world)
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


# --- machines


def test_machines_write_three_times_a_day_and_not_to_machines(world: World) -> None:
    ticket, question = asked(world)
    outgoing: dict[str, Any] = {"html": "<p>Recibido</p>", "automatic": True}
    for _each in range(3):
        message = reply(ticket, Outgoing(**outgoing), by=world.bo)
        assert message.deliveries.get().run_at == message.created_at
    with pytest.raises(Refused):
        reply(ticket, Outgoing(**outgoing), by=world.bo)
    assert fresh(ticket).phase == Phase.NEW
    assert fresh(ticket).first_answered_at is None
    Message.objects.filter(direction="out").update(created_at=timezone.now() - timedelta(hours=25))
    question.details = {"auto_reply": True}
    question.save()
    with pytest.raises(Refused):
        reply(ticket, Outgoing(**outgoing, answers=question), by=world.bo)


def test_muting_counts_for_machines_until_its_day_and_not_for_people(world: World) -> None:
    ticket, _question = asked(world)
    Identity.objects.filter(value=DAN).update(muted_until=timezone.now() + timedelta(days=1))
    assert may_send_automatically(DAN, world.inbox)
    assert reply(ticket, Outgoing(html="<p>Hola</p>"), by=world.ana).deliveries.count() == 1
    Identity.objects.filter(value=DAN).update(muted_until=timezone.now() - timedelta(seconds=1))
    assert may_send_automatically(DAN, world.inbox) == ""


@pytest.mark.parametrize("address", ["MAILER-DAEMON@x.example", "no-reply@x.example", "help@zaguan.example"])
def test_machines_never_write_to(world: World, address: str) -> None:
    assert may_send_automatically(address, world.inbox)
