"""What rules do: every action with nobody behind it, and automatic mail that never meets another machine (R04)."""

from __future__ import annotations

from typing import Any

import pytest

from zaguan.automation.base import action_named, all_actions
from zaguan.automation.models import RuleRun
from zaguan.automation.rule_log import told
from zaguan.automation.tests.rule_makers import make_rule, work
from zaguan.automation.tests.test_actions import _step, _ticket
from zaguan.automation.triggering import react_to
from zaguan.conversations.canned import save_canned
from zaguan.conversations.events import MessageReceived
from zaguan.conversations.models import Delivery, Message
from zaguan.events.models import EventRecord, Job
from zaguan.events.recording import record
from zaguan.lib.plugins import import_all
from zaguan.notifications.models import Notification
from zaguan.testing.makers import make_message, make_ticket
from zaguan.testing.world import World
from zaguan.tickets.assigning import assign
from zaguan.tickets.models import Link, Ticket
from zaguan.tickets.templates import save_template

import_all("zaguan.automation.actions")
NOTED = [{"trigger": "note_written"}]
WRITES = [{"trigger": "message_received"}]


def _note(ticket: Ticket, world: World) -> None:
    from zaguan.conversations.noting import add_note

    add_note(ticket, "<p>Ahora</p>", by=world.ana)


def _by_rule(values: dict[str, Any], world: World) -> dict[str, Any]:
    """A rule is nobody: the agent by name."""
    said = {name: world.ana.pk if value == "me" else value for name, value in values.items()}
    return said | ({"text": "Para {{ticket.number}}"} if "agent." in str(said.get("text", "")) else {})


@pytest.mark.parametrize("key", sorted(action.key for action in all_actions()))
def test_every_action_works_for_a_rule(key: str, world: World) -> None:
    ticket = _ticket(key, world)
    values = _by_rule(_step(key, world).values, world)
    make_rule(world, when=NOTED, steps=[{"action": key, "values": values}], despite_loops=True)
    _note(ticket, world)
    event = EventRecord.objects.filter(ticket_id=ticket.pk, kind="conversations.NoteAdded").latest("pk")
    react_to(event.pk)
    run = told(RuleRun.objects.get(event_id=event.pk))
    assert [(action.state, action.reason) for action in run.actions] == [("done", "")]
    assert action_named(key).permission


def _writes(ticket: Ticket, world: World, **fields: Any) -> Message:
    from django.db import transaction

    with transaction.atomic():
        message = make_message(
            ticket, world, sender_address="dan@customer.example", sender_name="Dan", **fields
        )
        event = MessageReceived(ticket_id=ticket.pk, message_id=message.pk, channel="email")
        record(event, by=world.dan)
    return message


def _canned(world: World) -> int:
    texts = {"es": "Recibido.", "en": "We got it.", "pt": "Recebido."}
    return save_canned(
        world.bo, None, name="Acuse", text="Recibido.", texts=texts, everybody=True, by=world.bo
    ).pk


def _answering(world: World, **more: Any) -> None:
    steps = [{"action": "send_template", "values": {"canned": _canned(world)}}]
    make_rule(world, when=WRITES, steps=steps, **more)


def test_a_template_goes_to_the_requester_alone_in_their_language_and_says_that_it_is_automatic(
    world: World,
) -> None:
    _answering(world)
    world.dan.language = "pt-BR"
    world.dan.save(update_fields=["language"])
    ticket = make_ticket(world)
    _writes(ticket, world, cc=[["list@lists.example", "A list"]])
    work()
    sent = Message.objects.get(ticket=ticket, direction="out")
    assert (sent.is_automatic, sent.text.strip(), sent.cc) == (True, "Recebido.", [])
    assert [delivery.address for delivery in Delivery.objects.all()] == ["dan@customer.example"]
    fresh = Ticket.objects.get(pk=ticket.pk)
    assert (fresh.phase, fresh.first_answered_at) == ("new", None)


@pytest.mark.parametrize("mark", ["auto_reply", "bulk", "notice", "loop", "spam"])
def test_nothing_automatic_answers_a_machine(world: World, mark: str) -> None:
    _answering(world)
    ticket = make_ticket(world)
    _writes(ticket, world, details={mark: True}, is_automatic=True)
    work()
    assert not Message.objects.filter(direction="out").exists()
    run = told(RuleRun.objects.get())
    assert (run.outcome, bool(run.actions[0].reason)) == ("refused", True)


@pytest.mark.parametrize(
    "address", ["no-reply@shop.example", "mailer-daemon@shop.example", "help@zaguan.example"]
)
def test_nobody_and_we_ourselves_get_nothing_automatic(world: World, address: str) -> None:
    from zaguan.events.base import SYSTEM
    from zaguan.people.identifying import contact_for_email

    _answering(world)
    requester = contact_for_email(address, "Nobody", by=SYSTEM)
    ticket = make_ticket(world, requester=requester)
    _writes(ticket, world)
    work()
    assert not Message.objects.filter(direction="out").exists()


def test_an_absence_note_without_any_mark_is_answered_three_times_at_most(world: World) -> None:
    """Two machines that answer one another: each of our answers brings one of theirs, and it ends."""
    _answering(world)
    ticket = make_ticket(world)
    sent = -1
    rounds = 0
    while (now := Message.objects.filter(direction="out").count()) > sent and rounds < 20:
        sent, rounds = now, rounds + 1
        _writes(ticket, world, text="Estoy de vacaciones.")
        work()
    assert sent <= 3
    assert not Job.objects.exists()


def test_an_answer_of_a_rule_starts_no_rule_about_answers(world: World) -> None:
    _answering(world)
    make_rule(
        world, when=[{"trigger": "answer_sent"}], steps=[{"action": "note", "values": {"text": "Contestado"}}]
    )
    ticket = make_ticket(world)
    _writes(ticket, world)
    work()
    assert ticket.messages.filter(direction="note").count() == 0


def test_those_concerned_are_told(world: World) -> None:
    steps = [{"action": "notify", "values": {"to": "assignee", "text": "Mira {{ticket.subject}}"}}]
    make_rule(world, when=NOTED, steps=steps)
    ticket = make_ticket(world)
    assign(ticket, world.ana, by=world.bo)
    work()
    Notification.objects.all().delete()
    _note(ticket, world)
    work()
    row = Notification.objects.get(agent=world.ana, kind="rule")
    assert row.ticket_id == ticket.pk


def test_a_linked_ticket_is_a_child_and_starts_the_rule_no_second_time(world: World) -> None:
    values = {"subject": "Hija", "team": world.sales.pk}
    template = save_template(world.bo, "Hija", values, by=world.bo, everybody=True)
    steps = [{"action": "create_ticket", "values": {"template": template.pk, "kind": "child"}}]
    make_rule(world, when=[{"trigger": "ticket_opened"}], steps=steps, despite_loops=True)
    ticket = make_ticket(world)
    work()
    child = Link.objects.get(source=ticket, kind="child").target
    assert (child.subject, child.team, child.requester) == ("Hija", world.sales, world.dan)
    assert Ticket.objects.count() == 2
    assert RuleRun.objects.get(ticket=child).outcome == "stopped"
