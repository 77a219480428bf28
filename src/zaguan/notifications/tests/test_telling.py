"""Who hears of what: never of one's own act, never of what one may not see, and once for each event."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from zaguan.conversations.events import MessageReceived, NoteAdded
from zaguan.conversations.noting import add_note
from zaguan.events.base import SYSTEM, Actor
from zaguan.events.models import EventRecord, Job
from zaguan.events.recording import caused_by, record
from zaguan.events.working import work_off
from zaguan.notifications.models import Notification
from zaguan.notifications.preferring import choose
from zaguan.notifications.sending import notify
from zaguan.people.models import Agent
from zaguan.testing.makers import make_message, make_ticket
from zaguan.testing.world import World
from zaguan.tickets.assigning import assign
from zaguan.tickets.events import TicketAssigned
from zaguan.tickets.following import follow
from zaguan.tickets.models import Phase, Ticket
from zaguan.tickets.statuses import default_status, set_status

pytestmark = pytest.mark.django_db(transaction=False)


def worked() -> None:
    """Let the worker do what waits."""
    while work_off("test"):
        pass


def told(agent: Agent) -> list[str]:
    return list(Notification.objects.filter(agent=agent).order_by("pk").values_list("kind", flat=True))


def mention(agent: Agent) -> str:
    return f'<p>Mira <span data-mention="{agent.pk}">@{agent.name}</span></p>'


def customer_writes(ticket: Ticket, world: World, **more: Any) -> None:
    message = make_message(ticket, world, "¿Hay novedades?", sender_name="Dan Díaz")
    event = MessageReceived(ticket_id=ticket.pk, message_id=message.pk, channel="email", **more)
    record(event, by=ticket.requester)


def test_a_mention_reaches_who_may_read_but_not_the_other_team(world: World) -> None:
    ticket = make_ticket(world)
    note = mention(world.rita) + mention(world.cleo) + mention(world.ana)
    add_note(ticket, note, by=world.ana)
    worked()
    assert told(world.rita) == ["mention"]
    # Cleo's team does not see it, and Ana wrote it herself.
    assert told(world.cleo) == []
    assert told(world.ana) == []
    row = Notification.objects.get(agent=world.rita)
    assert row.pieces["who"] == "Ana"
    assert row.pieces["said"].startswith("Mira")
    assert row.mail_at is not None


def test_a_mention_cannot_be_switched_off_in_the_bell(world: World) -> None:
    choose(world.rita, {("mention", m): False for m in ("bell", "mail", "push")}, by=world.rita)
    add_note(make_ticket(world), mention(world.rita), by=world.ana)
    worked()
    row = Notification.objects.get(agent=world.rita)
    assert row.in_bell
    assert row.mail_at is None


def test_the_new_assignee_hears_of_it_unless_they_took_it(world: World) -> None:
    assign(make_ticket(world), world.ana, by=world.bo)
    assign(make_ticket(world), world.ana, by=world.ana)
    worked()
    assert told(world.ana) == ["assigned"]


def test_a_customers_message_reaches_assignee_and_followers(world: World) -> None:
    ticket = make_ticket(world)
    follow(ticket, world.rita, by=world.rita)
    assign(ticket, world.ana, by=world.ana)
    customer_writes(ticket, world)
    worked()
    assert told(world.ana) == ["customer_mine"]
    assert told(world.rita) == ["customer_followed"]
    assert told(world.bo) == []


def test_what_a_machine_writes_is_told_to_nobody(world: World) -> None:
    ticket = make_ticket(world)
    assign(ticket, world.ana, by=world.ana)
    customer_writes(ticket, world, machine=True)
    worked()
    assert told(world.ana) == []


def test_the_team_hears_of_an_unassigned_ticket_when_it_wishes(world: World) -> None:
    ticket = make_ticket(world)
    customer_writes(ticket, world)
    worked()
    assert told(world.ana) == []
    choose(world.ana, {("customer_team", "bell"): True}, by=world.ana)
    customer_writes(ticket, world)
    worked()
    assert told(world.ana) == ["customer_team"]
    assert told(world.rita) == []


def test_what_is_done_twice_by_the_worker_is_told_once(world: World) -> None:
    ticket = make_ticket(world)
    assign(ticket, world.ana, by=world.ana)
    customer_writes(ticket, world)
    worked()
    event = EventRecord.objects.filter(kind=MessageReceived.kind).latest("pk")
    Job.objects.create(event_id=event.pk, run_at=event.at)
    worked()
    assert told(world.ana) == ["customer_mine"]


def test_several_about_one_ticket_are_a_bundle(world: World) -> None:
    ticket = make_ticket(world)
    assign(ticket, world.ana, by=world.ana)
    for _ in range(3):
        customer_writes(ticket, world)
    worked()
    (top,) = Notification.objects.visible_to(world.ana).in_bell().unread()
    assert top.bundled == 3


def test_a_rule_tells_whom_it_names_once(world: World) -> None:
    ticket = make_ticket(world)
    for _ in range(2):
        notify([world.ana, world.cleo.pk], kind="rule", ticket_id=ticket.pk, text="Mira esto", event_id=7)
    assert told(world.ana) == ["rule"]
    assert told(world.cleo) == []
    assert Notification.objects.get().pieces["text"] == "Mira esto"


def test_two_rules_may_tell_of_one_event_beside_what_is_told_anyway(world: World) -> None:
    ticket = make_ticket(world)
    assign(ticket, world.ana, by=world.ana)
    customer_writes(ticket, world)
    worked()
    event = EventRecord.objects.filter(kind=MessageReceived.kind).latest("pk")
    for text in ("Uno", "Dos", "Uno"):
        notify([world.ana], kind="rule", ticket_id=ticket.pk, text=text, event_id=event.pk)
    assert told(world.ana) == ["customer_mine", "rule", "rule"]


def test_what_happened_long_ago_is_no_news(world: World) -> None:
    ticket = make_ticket(world)
    assign(ticket, world.ana, by=world.bo)
    EventRecord.objects.update(at=timezone.now() - timedelta(days=2))
    worked()
    assert told(world.ana) == []


def test_what_a_rule_made_of_ones_own_act_is_not_told(world: World) -> None:
    ticket = make_ticket(world)
    assign(ticket, world.ana, by=world.ana)
    worked()
    mine = EventRecord.objects.filter(kind=TicketAssigned.kind).latest("pk")
    with caused_by(mine.pk):
        set_status(ticket, default_status(Phase.WAITING_CUSTOMER), by=Actor("rule", 1))
    worked()
    assert told(world.ana) == []
    set_status(ticket, default_status(Phase.OPEN), by=Actor("rule", 1))
    worked()
    assert told(world.ana) == ["status_mine"]


def test_what_is_told_goes_out_of_sight_with_its_ticket(world: World) -> None:
    ticket = make_ticket(world)
    notify([world.ana], kind="rule", ticket_id=ticket.pk, text="Mira esto")
    assert Notification.objects.visible_to(world.ana).exists()
    Ticket.objects.filter(pk=ticket.pk).update(team=world.sales)
    assert not Notification.objects.visible_to(world.ana).exists()


def test_a_note_for_nobody_leaves_no_trace_in_history(world: World) -> None:
    ticket = make_ticket(world)
    message = make_message(ticket, world, "Nota", direction="note", visibility="internal")
    record(NoteAdded(ticket_id=ticket.pk, message_id=message.pk), by=SYSTEM)
    worked()
    assert not Notification.objects.exists()
