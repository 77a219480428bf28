"""What must be filled in to enter a status: named with its field, by agents and by rules."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.utils import timezone
from django.utils.translation import override

from zaguan.conversations.noting import add_note
from zaguan.conversations.outgoing import Outgoing
from zaguan.conversations.replying import reply
from zaguan.events.base import Actor
from zaguan.lib.errors import Refused
from zaguan.people import reference as people
from zaguan.testing.makers import make_ticket
from zaguan.testing.world import World, make_world
from zaguan.tickets.attribute_catalogue import save_attribute, save_type
from zaguan.tickets.attributes import set_attributes
from zaguan.tickets.editing import edit
from zaguan.tickets.models import Category, Phase, Status, Ticket, Urgency
from zaguan.tickets.requirements import missing_for
from zaguan.tickets.statuses import (
    default_status,
    set_status,
)
from zaguan.tickets.time_parts import NewTime
from zaguan.tickets.transition_settings import set_needs
from zaguan.tickets.types import set_type

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _in_english() -> Iterator[None]:
    with override("en"):
        yield


def of(phase: Phase) -> Status:
    """The phase's own status as it stands now."""
    people.forget_all()
    return default_status(phase)


def opened(world: World) -> Ticket:
    ticket = make_ticket(world)
    return set_status(ticket, of(Phase.OPEN), by=world.ana)


def test_what_must_be_filled_in_is_named_and_the_first_field_with_it() -> None:
    world = make_world()
    ticket = opened(world)
    set_needs(of(Phase.RESOLVED), None, ["summary", "category", "reason", "tags"], by=world.bo)
    with pytest.raises(Refused) as why:
        set_status(ticket, of(Phase.RESOLVED), by=world.ana)
    assert why.value.sentence == (
        "For “Completed” this is missing: Category, Tags, Summary, Reason for the status."
    )
    assert why.value.field == "category"
    edit(ticket, by=world.ana, category=Category.objects.first(), summary="Done")
    ticket.tags.create(name="one")
    with pytest.raises(Refused, match="missing: Reason for the status"):
        set_status(ticket, of(Phase.RESOLVED), by=Actor("rule", 1))
    assert set_status(ticket, of(Phase.RESOLVED), by=world.ana, reason="told").phase == Phase.RESOLVED


def test_an_attribute_is_asked_for_on_tickets_of_its_type() -> None:
    world = make_world()
    kind = save_type(None, by=world.bo, name="Repair", category="customer", icon="wrench")
    serial = save_attribute(kind, None, by=world.bo, name="Chassis", format="text")
    plain = opened(world)
    set_needs(of(Phase.RESOLVED), kind, [f"attribute:{serial.pk}", "urgency"], by=world.bo)
    assert missing_for(plain, of(Phase.RESOLVED)) == []
    typed = set_type(opened(world), kind, by=world.ana)
    assert [m.field for m in missing_for(typed, of(Phase.RESOLVED))] == ["urgency", "attributes.chassis"]
    edit(typed, by=world.ana, urgency=Urgency.objects.first())
    set_attributes(typed, {"chassis": "A1"}, by=world.ana)
    assert set_status(typed, of(Phase.RESOLVED), by=world.ana).phase == Phase.RESOLVED


def test_time_that_is_written_with_the_words_counts_for_the_status_set_with_them() -> None:
    world = make_world()
    set_needs(of(Phase.RESOLVED), None, ["time"], by=world.bo)
    ticket = opened(world)
    with pytest.raises(Refused) as why:
        add_note(ticket, "<p>x</p>", by=world.ana, status=of(Phase.RESOLVED))
    assert why.value.field == "time_minutes"
    worked = NewTime(day=timezone.localdate(), minutes=10)
    add_note(ticket, "<p>x</p>", by=world.ana, status=of(Phase.RESOLVED), time=worked)
    other = opened(world)
    reply(other, Outgoing(html="<p>x</p>", status=of(Phase.RESOLVED), time=worked), by=world.ana)
    phases = Ticket.objects.filter(pk__in=[ticket.pk, other.pk]).values_list("phase", flat=True)
    assert set(phases) == {Phase.RESOLVED}
