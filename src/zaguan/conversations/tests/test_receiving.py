"""The one door: who wrote, which ticket, what happens to it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from zaguan.conversations.incoming import Address, IncomingFile, Machine
from zaguan.conversations.models import Attachment, KnownId, Message
from zaguan.conversations.receiving import receive
from zaguan.conversations.signing import reply_address
from zaguan.conversations.tests.mails import a_mail, an_answer
from zaguan.events.models import EventRecord
from zaguan.people.models import Contact, Identity
from zaguan.testing.world import World
from zaguan.tickets.models import Link, Phase, Status, Ticket
from zaguan.tickets.statuses import default_status, set_status

pytestmark = pytest.mark.django_db


def opened(world: World, **fields: Any) -> Ticket:
    ticket = receive(a_mail(external_id="first@customer.example", **fields), world.inbox).ticket
    assert ticket is not None
    return ticket


def put(world: World, ticket: Ticket, phase: str, **more: Any) -> Ticket:
    return set_status(ticket, default_status(phase), by=world.ana, **more)


def fresh(ticket: Ticket) -> Ticket:
    return Ticket.objects.get(pk=ticket.pk)


def reply_to(ticket: Ticket, world: World, **fields: Any) -> Any:
    address = reply_address(ticket.threads.get(), world.inbox)
    return receive(a_mail(to=address, text="Sigue igual", subject="Re: …", **fields), world.inbox)


def test_first_mail_opens_a_ticket(world: World) -> None:
    outcome = receive(a_mail(name="Dan", text="No imprime desde ayer", external_id="a@b"), world.inbox)
    ticket, message = outcome.ticket, outcome.message
    assert outcome.outcome == "opened"
    assert ticket
    assert message
    assert (ticket.requester, ticket.team, ticket.phase, ticket.inbox_id) == (
        world.dan,
        world.support,
        Phase.NEW,
        world.inbox.pk,
    )
    ticket = fresh(ticket)
    assert (ticket.excerpt, ticket.excerpt_kind, ticket.message_count) == ("No imprime desde ayer", "in", 1)
    assert ticket.waiting_since is not None
    assert ticket.last_customer_at == message.created_at
    assert message.contact == world.dan
    kinds = list(
        EventRecord.objects.filter(ticket_id=ticket.pk).order_by("id").values_list("kind", flat=True)
    )
    assert kinds == ["tickets.TicketOpened", "conversations.MessageReceived"]


def test_stranger_becomes_a_contact(world: World) -> None:
    ticket = receive(a_mail("New@Person.example", name="Nora"), world.inbox).ticket
    assert ticket
    assert ticket.requester
    assert ticket.requester.name == "Nora"
    assert Identity.objects.get(value="new@person.example").contact == ticket.requester


def test_mail_without_sender_still_becomes_a_ticket(world: World) -> None:
    first, second = receive(a_mail(""), world.inbox), receive(a_mail(""), world.inbox)
    assert (first.outcome, second.outcome) == ("opened", "opened")
    assert first.ticket
    assert second.ticket
    assert first.ticket.requester == second.ticket.requester
    assert Contact.objects.filter(identities__kind="none").count() == 1


@pytest.mark.parametrize("phase", [Phase.WAITING_CUSTOMER, Phase.WAITING_THIRD, Phase.RESOLVED])
def test_customers_answer_brings_the_ticket_back(world: World, phase: str) -> None:
    ticket = opened(world)
    put(world, ticket, phase)
    assert reply_to(ticket, world).outcome == "joined"
    ticket = fresh(ticket)
    assert ticket.phase == Phase.OPEN
    assert ticket.waiting_since is not None
    assert ticket.excerpt == "Sigue igual"


def test_snoozed_ticket_wakes(world: World) -> None:
    ticket = opened(world)
    put(world, ticket, Phase.SNOOZED, until=timezone.now() + timedelta(days=1))
    reply_to(ticket, world)
    assert fresh(ticket).phase == Phase.OPEN
    assert fresh(ticket).snoozed_until is None


@pytest.mark.parametrize(
    "machine", [Machine(auto_reply=True, marks=("Auto-Submitted",)), Machine(notice=True)]
)
def test_auto_reply_joins_but_is_no_answer(world: World, machine: Machine) -> None:
    ticket = opened(world)
    ticket = put(world, ticket, Phase.WAITING_CUSTOMER)
    before = fresh(ticket).last_customer_at
    outcome = reply_to(ticket, world, machine=machine)
    assert outcome.outcome == "joined"
    assert (fresh(ticket).phase, fresh(ticket).waiting_since) == (Phase.WAITING_CUSTOMER, None)
    assert fresh(ticket).last_customer_at == before
    assert outcome.message.is_automatic


def test_person_on_a_list_is_a_person(world: World) -> None:
    ticket = opened(world)
    put(world, ticket, Phase.WAITING_CUSTOMER)
    reply_to(ticket, world, machine=Machine(bulk=True))
    assert fresh(ticket).phase == Phase.OPEN


def test_reply_to_closed_opens_a_follow_up_with_a_note_in_both(world: World) -> None:
    old = opened(world)
    put(world, old, Phase.CLOSED)
    outcome = reply_to(old, world)
    new = outcome.ticket
    assert outcome.outcome == "followed_up"
    assert new.pk != old.pk
    assert (new.team, new.requester) == (world.support, world.dan)
    assert Link.objects.filter(source=old, target=new, kind=Link.Kind.FOLLOW_UP).exists()
    for ticket, other in ((old, new), (new, old)):
        note = Message.objects.get(ticket=ticket, direction="note")
        # Whoever may see one of the two need not know the number of the other.
        assert str(other.pk) not in note.text
        assert note.visibility == "internal"
        assert fresh(ticket).note_count == 1
    assert fresh(old).phase == Phase.CLOSED


def test_second_reply_to_closed_joins_the_same_follow_up(world: World) -> None:
    old = opened(world)
    put(world, old, Phase.CLOSED)
    first, second = reply_to(old, world), reply_to(old, world)
    assert second.outcome == "joined"
    assert first.ticket.pk == second.ticket.pk


def test_follow_up_of_a_closed_follow_up_is_a_chain(world: World) -> None:
    old = opened(world)
    put(world, old, Phase.CLOSED)
    middle = reply_to(old, world).ticket
    put(world, middle, Phase.CLOSED)
    last = reply_to(old, world)
    assert last.outcome == "followed_up"
    assert Link.objects.filter(source=middle, target=last.ticket, kind=Link.Kind.FOLLOW_UP).exists()


def test_follow_up_keeps_the_team_of_the_old_ticket(world: World) -> None:
    old = opened(world)
    Ticket.objects.filter(pk=old.pk).update(team=world.sales)
    put(world, old, Phase.CLOSED)
    assert reply_to(old, world).ticket.team == world.sales


@pytest.mark.parametrize(
    ("policy", "days_ago", "outcome"),
    [
        ({"after_closing": "reopen"}, 900, "joined"),
        ({"after_closing": "reopen_within_days", "after_closing_days": 14}, 13, "joined"),
        ({"after_closing": "reopen_within_days", "after_closing_days": 14}, 15, "followed_up"),
        ({"after_closing": "always_new_linked"}, 0, "followed_up"),
        ({}, 0, "followed_up"),
    ],
)
def test_each_inbox_has_its_policy_after_closing(
    world: World, policy: dict[str, Any], days_ago: int, outcome: str
) -> None:
    world.inbox.settings = policy
    world.inbox.save()
    old = opened(world)
    put(world, old, Phase.CLOSED)
    Ticket.objects.filter(pk=old.pk).update(closed_at=timezone.now() - timedelta(days=days_ago))
    assert reply_to(old, world).outcome == outcome
    assert fresh(old).phase == (Phase.OPEN if outcome == "joined" else Phase.CLOSED)


def test_auto_reply_to_closed_stays_there(world: World) -> None:
    old = opened(world)
    put(world, old, Phase.CLOSED)
    outcome = reply_to(old, world, machine=Machine(auto_reply=True))
    assert (outcome.outcome, outcome.ticket.pk) == ("joined", old.pk)
    assert fresh(old).phase == Phase.CLOSED


def test_reply_into_a_merged_ticket_reaches_the_survivor(world: World) -> None:
    ticket, survivor = opened(world), receive(a_mail(subject="Otra", external_id="x@y"), world.inbox).ticket
    assert survivor
    put(world, ticket, Phase.CLOSED)
    Ticket.objects.filter(pk=ticket.pk).update(merged_into=survivor)
    thread = ticket.threads.get()
    outcome = receive(a_mail(to=reply_address(thread, world.inbox)), world.inbox)
    assert (outcome.outcome, outcome.ticket and outcome.ticket.pk) == ("joined", survivor.pk)
    assert Message.objects.get(pk=outcome.message.pk if outcome.message else 0).ticket_id == survivor.pk


def test_blocked_sender_is_held_and_can_be_released(world: World) -> None:
    ticket = opened(world)
    put(world, ticket, Phase.WAITING_CUSTOMER)
    Contact.objects.filter(pk=world.dan.pk).update(blocked_at=timezone.now())
    mail = a_mail(to=reply_address(ticket.threads.get(), world.inbox))
    held = receive(mail, world.inbox)
    assert (held.outcome, held.ticket) == ("held", None)
    assert "dan@customer.example" in held.reason
    assert fresh(ticket).phase == Phase.WAITING_CUSTOMER
    assert receive(mail, world.inbox, released=True).outcome == "joined"


@pytest.mark.parametrize(
    ("entry", "held"),
    [
        ("eve@stranger.example", True),
        ("@stranger.example", True),
        ("stranger.example", True),
        ("/^eve@/", True),
        ("/[/", False),
        ("anger.example", False),
        ("@customer.example", False),
    ],
)
def test_lists_of_unwanted_senders(world: World, entry: str, held: bool) -> None:
    world.inbox.settings = {"deny": [entry]}
    assert (receive(a_mail("eve@stranger.example"), world.inbox).outcome == "held") is held


def test_spam_is_held_unless_the_sender_is_welcome(world: World) -> None:
    mail = a_mail(machine=Machine(spam=True))
    assert receive(mail, world.inbox).outcome == "held"
    world.inbox.settings = {"allow": ["@customer.example"]}
    assert receive(mail, world.inbox).outcome == "opened"


def test_own_loop_mark_is_held(world: World) -> None:
    outcome = receive(a_mail(machine=Machine(loop=True)), world.inbox)
    assert outcome.outcome == "held"
    assert not Ticket.objects.exists()


def test_own_address_never_becomes_requester(world: World) -> None:
    outcome = receive(a_mail("help@zaguan.example"), world.inbox)
    assert outcome.ticket
    assert (outcome.outcome, outcome.ticket.requester, outcome.ticket.is_internal) == ("opened", None, True)
    assert not Identity.objects.filter(value="help@zaguan.example").exists()


def test_form_sent_from_our_own_address_belongs_to_its_reply_to(world: World) -> None:
    ticket = receive(a_mail("help@zaguan.example", reply_to="dan@customer.example"), world.inbox).ticket
    assert ticket
    assert (ticket.requester, ticket.is_internal) == (world.dan, False)


def test_our_own_mail_coming_back_is_a_duplicate(world: World) -> None:
    ticket = opened(world)
    sent = an_answer(ticket.threads.get())
    outcome = receive(a_mail("help@zaguan.example", external_id=sent.external_id), world.inbox)
    assert (outcome.outcome, outcome.message) == ("duplicate", sent)
    assert Message.objects.count() == 2


def test_files_come_with_the_message(world: World) -> None:
    file = IncomingFile("factura.pdf", "application/pdf", b"%PDF-1.4", "id1", inline=True)
    outcome = receive(a_mail(files=(file,)), world.inbox)
    stored = Attachment.objects.get(message=outcome.message)
    assert (stored.name, stored.size, stored.is_inline, stored.content_id) == ("factura.pdf", 8, True, "id1")
    assert outcome.ticket
    assert fresh(outcome.ticket).has_files


def test_addresses_and_warnings_are_kept(world: World) -> None:
    mail = a_mail(
        cc=["carla@customer.example"], reply_to="otra@customer.example", warnings=("Cuidado",), language="es",
        forwarded_from=Address("olga@far.example", "Olga"),
    )  # fmt: skip
    message = receive(mail, world.inbox).message
    assert message
    assert message.cc == [["carla@customer.example", ""]]
    assert message.details == {
        "warnings": ["Cuidado"],
        "reply_to": [["otra@customer.example", ""]],
        "language": "es",
        "forwarded_from": ["olga@far.example", "Olga"],
    }


def test_ids_are_remembered_once(world: World) -> None:
    receive(a_mail(external_id="a@b", references=("x@y", "x@y", "a@b"), in_reply_to="x@y"), world.inbox)
    assert KnownId.objects.count() == 2


def test_inbox_without_a_team_still_takes_mail(world: World) -> None:
    world.inbox.team = None
    ticket = opened(world)
    assert (ticket.team, ticket.status) == (None, Status.objects.get(phase=Phase.NEW, is_default=True))
