"""Trackers, the back office and families: what they tell, whom they inform, and what never leaves."""

from __future__ import annotations

import pytest

from zaguan.conversations import cross_posting
from zaguan.conversations.cross_posting import publish_note, tell_on
from zaguan.conversations.entering import enter
from zaguan.conversations.family_notes import note_children_done
from zaguan.conversations.models import CrossPosting, Mention, Message
from zaguan.conversations.noting import add_note
from zaguan.conversations.replying import Outgoing, reply
from zaguan.events.models import EventRecord, Job
from zaguan.lib.errors import Refused
from zaguan.people.identifying import contact_for_email
from zaguan.testing.makers import make_message, make_ticket
from zaguan.testing.world import World, make_world
from zaguan.tickets.back_office import open_back_office, set_sharing
from zaguan.tickets.history import feed
from zaguan.tickets.linking import link, unlink
from zaguan.tickets.models import Link, Phase, Rule, Status, Ticket, TicketType
from zaguan.tickets.opening import NewTicket, open_ticket
from zaguan.tickets.statuses import default_status, set_status
from zaguan.tickets.types import set_type

Kind = Link.Kind


def make_type(category: str) -> TicketType:
    return TicketType.objects.create(name=category, category=category)


def make_tracker(world: World) -> Ticket:
    new = NewTicket(subject="Caída del servidor", team=world.support, type=make_type("tracker"))
    return open_ticket(new, by=world.ana)


def make_affected(world: World, count: int) -> list[Ticket]:
    found = []
    for n in range(count):
        who = contact_for_email(f"c{n}@customer.example", f"Cliente {n}", by=world.ana)
        ticket = make_ticket(world, requester=who)
        make_message(ticket, world, "No anda", sender_address=f"c{n}@customer.example")
        found.append(ticket)
    return found


def track(world: World, tracker: Ticket, tickets: list[Ticket]) -> None:
    for ticket in tickets:
        link(tracker, ticket, Kind.TRACKED, by=world.ana)


def make_back_office(world: World, front: Ticket) -> Ticket:
    new = NewTicket(subject="Revisar pago", team=world.sales, type=make_type("back_office"))
    return open_back_office(front, new, by=world.ana, waits=True)


@pytest.mark.django_db
def test_a_back_office_ticket_belongs_to_its_conversation_and_answers_nobody() -> None:
    world = make_world()
    front = make_ticket(world)
    with pytest.raises(Refused):
        open_ticket(NewTicket(subject="x", type=make_type("back_office"), is_internal=True), by=world.ana)
    back = make_back_office(world, front)
    front.refresh_from_db()
    assert (back.team, back.is_internal, front.phase) == (world.sales, True, Phase.WAITING_THIRD)
    with pytest.raises(Refused):
        unlink(front, back, Kind.BACK_OFFICE, by=world.ana)
    for shared in (False, True):
        set_sharing(back, shared, by=world.ana)
        with pytest.raises(Refused, match=r"conversa|conversation"):
            reply(back, Outgoing(html="<p>Hola</p>"), by=world.ana)
    with pytest.raises(Refused):
        enter(back, world.dan, "Hola", by=world.ana)
    with pytest.raises(Refused):
        set_type(back, None, by=world.ana)
    assert not Message.objects.filter(direction="out").exists()


@pytest.mark.django_db
def test_a_note_of_the_back_office_is_published_in_the_conversation_and_back() -> None:
    world = make_world()
    front = make_ticket(world)
    back = make_back_office(world, front)
    note = add_note(back, "<p>El pago llegó</p>", by=world.cleo)
    publish_note(note, by=world.cleo)
    publish_note(note, by=world.cleo)
    told = front.messages.get()
    assert (told.direction, told.visibility, told.agent) == ("note", "internal", world.cleo)
    assert "El pago llegó" in told.text
    publish_note(add_note(front, "<p>Gracias</p>", by=world.ana), by=world.ana)
    assert [m.agent for m in back.messages.order_by("id")] == [world.cleo, world.ana]
    set_status(back, default_status(Phase.RESOLVED), by=world.cleo)
    assert f"#{back.pk}" in feed(front).entries[0].sentence


@pytest.mark.django_db
def test_trackers_are_internal_and_stand_above_conversations_only() -> None:
    world = make_world()
    tracker, other = make_tracker(world), make_tracker_of(world)
    front = make_ticket(world)
    assert tracker.is_internal
    for source, target in ((front, tracker), (tracker, other), (front, make_ticket(world))):
        with pytest.raises(Refused):
            link(source, target, Kind.TRACKED, by=world.ana)
    with pytest.raises(Refused, match=r"affected|afectad"):
        reply(tracker, Outgoing(html="<p>x</p>", to=[("dan@customer.example", "")]), by=world.ana)
    with pytest.raises(Refused):
        set_type(front, tracker.type, by=world.ana)
    with pytest.raises(Refused):
        set_sharing(tracker, True, by=world.ana)


def make_tracker_of(world: World) -> Ticket:
    kind = TicketType.objects.get(category="tracker")
    return open_ticket(NewTicket(subject="Otra", team=world.support, type=kind), by=world.ana)


@pytest.mark.django_db
def test_status_and_notes_reach_every_conversation_once_also_after_a_kill(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    world = make_world()
    monkeypatch.setattr(cross_posting, "NOTES", 2)
    monkeypatch.setattr(cross_posting, "STATUSES", 2)
    tracker, affected = make_tracker(world), make_affected(world, 5)
    track(world, tracker, affected)
    set_status(tracker, default_status(Phase.OPEN), by=world.ana)
    note = add_note(tracker, f'<p>Repuesto <span data-mention="{world.bo.pk}">@Bo</span></p>', by=world.ana)
    publish_note(note, by=world.ana)
    original = cross_posting._tell
    for posting in CrossPosting.objects.all():
        told: list[int] = []

        def killed(one: CrossPosting, other: int, told: list[int] = told) -> None:
            told.append(other)
            if len(told) == 3:
                raise RuntimeError("killed")
            original(one, other)

        monkeypatch.setattr(cross_posting, "_tell", killed)
        with pytest.raises(RuntimeError):
            tell_on(posting.pk)
        monkeypatch.setattr(cross_posting, "_tell", original)
        tell_on(posting.pk)
        tell_on(posting.pk)
        posting.refresh_from_db()
        assert (posting.posted, posting.total) == (5, 5)
        assert posting.finished_at
    for ticket in affected:
        events = EventRecord.objects.filter(ticket_id=ticket.pk, kind="conversations.LinkedStatusChanged")
        assert events.count() == 1
        assert ticket.messages.filter(direction="note").count() == 1
    assert Mention.objects.count() == 1


@pytest.mark.django_db
def test_a_parent_waits_if_the_desk_wants_that_and_hears_of_the_last_child() -> None:
    world = make_world()
    parent, one, two = (make_ticket(world, assignee=world.ana) for _n in range(3))
    link(parent, one, Kind.CHILD, by=world.ana)
    link(parent, two, Kind.CHILD, by=world.ana)
    done = default_status(Phase.RESOLVED)
    rule = Rule.objects.first() or Rule.objects.create()
    Rule.objects.filter(pk=rule.pk).update(parent_waits=True)
    with pytest.raises(Refused, match="2"):
        set_status(parent, done, by=world.ana)
    set_status(one, done, by=world.ana)
    note_children_done(parent.pk)
    assert not parent.messages.exists()
    set_status(two, done, by=world.ana)
    job = Job.objects.filter(task="conversations.children_done").get()
    note_children_done(**job.arguments)
    note_children_done(**job.arguments)
    assert parent.messages.count() == 1
    assert Mention.objects.filter(agent=world.ana, ticket=parent).count() == 1
    assert isinstance(Status.objects.get(pk=done.pk), Status)
    set_status(parent, done, by=world.ana)
