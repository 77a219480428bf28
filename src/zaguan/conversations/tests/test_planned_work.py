"""What was planned with a ticket comes with it: type, attributes, promise and time; and what no longer fits is told."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from zaguan.conversations.attachments import remove_unsent, store
from zaguan.conversations.models import Attachment, Message
from zaguan.conversations.opening_due import open_due
from zaguan.conversations.planned_work import kept_time, minutes_until
from zaguan.conversations.planning import Plan, begin
from zaguan.lib.attributes.errors import NotAccepted
from zaguan.lib.errors import Refused
from zaguan.testing.world import World
from zaguan.tickets.attribute_catalogue import (
    save_attribute,
    save_type,
    set_attribute_archived,
    set_type_archived,
)
from zaguan.tickets.attributes import by_key
from zaguan.tickets.models import Attribute, Schedule, Ticket, TicketType, TimeEntry
from zaguan.tickets.scheduling import plan_ticket
from zaguan.tickets.time_parts import NewTime

pytestmark = pytest.mark.django_db


@pytest.fixture
def fault(world: World) -> TicketType:
    kind = save_type(None, by=world.bo, name="Avería", category="customer")
    save_attribute(kind, None, by=world.bo, name="Placa", format="text", needed_from_agent=True)
    save_attribute(
        kind, None, by=world.bo, name="Color", format="list", options=[{"name": "Rojo"}, {"name": "Azul"}]
    )
    return kind


def _plan(world: World, **more: Any) -> Plan:
    values: dict[str, Any] = {"requester": world.dan.pk, "channel": "web", "team": world.support.pk}
    return Plan(subject="Revisar", **(values | more))


def _schedule(world: World, plan: Plan, rule: str = "") -> Schedule:
    return plan_ticket(
        None, by=world.ana, values=plan.as_json(), subject=plan.subject, team=world.support,
        starts_at=timezone.now() + timedelta(hours=1), zone="Europe/Madrid", rule=rule,
    )  # fmt: skip


def _open(schedule: Schedule) -> Ticket:
    Schedule.objects.filter(pk=schedule.pk).update(next_at=timezone.now() - timedelta(seconds=1))
    assert open_due() == 1
    schedule.refresh_from_db()
    assert schedule.last_ticket is not None
    return schedule.last_ticket


def _note(ticket: Ticket) -> str:
    return Message.objects.get(ticket=ticket, direction="note").text


def test_type_attributes_promise_and_time_come_with_it(world: World, fault: TicketType) -> None:
    time = kept_time(NewTime(minutes=25, note="Preparar"))
    plan = _plan(
        world, type=fault.pk, attributes={"placa": "A 1", "color": "Azul"}, promise_minutes=120, promise_public=True,
        time=time,
    )  # fmt: skip
    ticket = _open(_schedule(world, plan))
    held = by_key(ticket)
    assert (ticket.type, held["placa"], held["color"]) == (fault, "A 1", "azul")
    assert ticket.promised_at is not None
    assert abs(ticket.promised_at - timezone.now() - timedelta(hours=2)) < timedelta(minutes=2)
    assert ticket.is_promise_public
    entry = TimeEntry.objects.get(ticket=ticket)
    assert (entry.minutes, entry.agent, entry.note) == (25, world.ana, "Preparar")
    assert ticket.note_count == 0


def test_what_does_not_fit_today_is_refused_when_planned(world: World, fault: TicketType) -> None:
    with pytest.raises(NotAccepted) as refusal:
        _schedule(world, _plan(world, type=fault.pk, attributes={"color": "Verde"}))
    assert set(refusal.value.errors) == {"placa", "color"}
    with pytest.raises(Refused) as refused:
        _schedule(world, _plan(world, attributes={"placa": "A"}))
    assert refused.value.field == "type"
    assert not Schedule.objects.exists()


def test_what_stopped_fitting_is_told_and_the_rest_opens(world: World, fault: TicketType) -> None:
    schedule = _schedule(world, _plan(world, type=fault.pk, attributes={"placa": "A 1", "color": "Azul"}))
    colour = fault.attributes.get(key="color")
    set_attribute_archived(colour, True, by=world.bo)
    save_attribute(fault, None, by=world.bo, name="Piso", format="number", needed_from_agent=True)
    ticket = _open(schedule)
    assert (ticket.type, by_key(ticket)["placa"], by_key(ticket)["piso"]) == (fault, "A 1", None)
    note = _note(ticket)
    assert ("Azul" in note, "“Piso”" in note or "«Piso»" in note) == (True, True)
    assert "Piso" in schedule.problem


def test_a_type_that_is_gone_leaves_a_conversation_with_all_that_was_written(
    world: World, fault: TicketType
) -> None:
    schedule = _schedule(world, _plan(world, type=fault.pk, attributes={"placa": "A 1"}))
    set_type_archived(fault, True, by=world.bo)
    ticket = _open(schedule)
    assert ticket.type is None
    assert "Placa: A 1" in _note(ticket)
    assert "Avería" in schedule.problem


def test_time_of_somebody_who_left_is_told_and_not_logged(world: World) -> None:
    schedule = _schedule(world, _plan(world, time=kept_time(NewTime(minutes=10))))
    world.ana.is_active = False
    world.ana.save()
    ticket = _open(schedule)
    assert not TimeEntry.objects.exists()
    assert _note(ticket)


def test_a_file_of_an_attribute_goes_along_each_time(world: World, fault: TicketType) -> None:
    Attribute.objects.filter(type=fault).update(needed_from_agent=False)
    save_attribute(fault, None, by=world.bo, name="Foto", format="file")
    file = store(b"abc", "foto.txt", "text/plain", by=world.ana)
    schedule = _schedule(
        world, _plan(world, type=fault.pk, attributes={"foto": [file.public_id]}), "FREQ=DAILY"
    )
    Attachment.objects.update(created_at=timezone.now() - timedelta(days=90))
    remove_unsent()
    held = [by_key(_open(schedule))["foto"] for _twice in range(2)]
    assert [len(files) for files in held] == [1, 1]
    assert held[0] != held[1]


def test_a_template_is_not_forgiving(world: World, fault: TicketType) -> None:
    with pytest.raises(NotAccepted):
        begin(_plan(world, type=fault.pk), by=world.ana)
    assert not Ticket.objects.exists()


def test_a_promise_lies_after_the_opening() -> None:
    now = timezone.now()
    assert minutes_until(now + timedelta(hours=1), now) == 60
    with pytest.raises(Refused):
        minutes_until(now, now + timedelta(hours=1))
