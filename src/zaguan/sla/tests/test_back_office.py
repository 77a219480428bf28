"""What colleagues owe one another (OLA), and how much a promise costs on the way in."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from zaguan.events.models import EventRecord
from zaguan.people.reference import forget_all
from zaguan.sla.concerned import concerned
from zaguan.sla.events import TargetMissed
from zaguan.sla.models import Policy
from zaguan.sla.reading import account_of, beside
from zaguan.sla.tests.promising import clocks, make_policy, target
from zaguan.sla.waking import wake_due
from zaguan.testing.makers import make_ticket
from zaguan.testing.world import World
from zaguan.tickets.assigning import assign
from zaguan.tickets.back_office import open_back_office
from zaguan.tickets.models import Ticket, TicketType
from zaguan.tickets.opening import NewTicket

pytestmark = pytest.mark.django_db
MONDAY = datetime.fromisoformat("2026-11-16T10:00:00+00:00")


@pytest.fixture(autouse=True)
def _back_office(world: World) -> None:
    TicketType.objects.create(name="Pagos", category="back_office")
    forget_all()


def front_and_back(world: World) -> tuple[Ticket, Ticket]:
    kind = TicketType.objects.get(category="back_office")
    front = make_ticket(world)
    assign(front, world.ana, by=world.bo)
    new = NewTicket(subject="Revisar el cobro", type=kind, team=world.sales)
    return front, open_back_office(front, new, by=world.ana, waits=True)


def test_both_clocks_stand_side_by_side_and_a_breach_concerns_the_front_owner(world: World) -> None:
    make_policy(target("resolution", 2), query="type:back-office", name="Entre equipos")
    make_policy(target("resolution", 8, pauses=["third"]), name="Clientes")
    with time_machine.travel(MONDAY, tick=False) as clock:
        front, back = front_and_back(world)
        assert clocks(front)["resolution"].state == "paused"
        assert clocks(back)["resolution"].due_at == MONDAY + timedelta(hours=2)
        clock.shift(timedelta(hours=2, seconds=1))
        wake_due()
        assert clocks(front)["resolution"].state == "paused"
    missed = EventRecord.objects.get(kind="sla.TargetMissed", ticket_id=back.pk).event()
    assert isinstance(missed, TargetMissed)
    assert missed.waiting == [front.pk]
    assert world.ana.pk in concerned(missed)
    assert EventRecord.objects.filter(kind="sla.LinkedTargetMissed", ticket_id=front.pk).exists()
    (other,) = beside(world.bo, front)
    assert (other.relation, [c.state for c in other.clocks]) == ("back_office", ["breached"])
    (other,) = beside(world.bo, back)
    assert (other.relation, [c.state for c in other.clocks]) == ("conversation", ["paused"])


def test_the_account_names_each_pause(world: World) -> None:
    make_policy(target("resolution", 8, pauses=["third"]), name="Clientes")
    with time_machine.travel(MONDAY, tick=False):
        front, _back = front_and_back(world)
        account = account_of(front.pk)
    assert account is not None
    (clock,) = account.clocks
    assert [(s.cause, s.end) for s in clock.stretches][-1] == ("third", None)
    assert account.version is not None
    assert account.version.name == "Clientes"


def test_promises_cost_a_few_questions_on_the_way_in_and_none_without_a_policy(world: World) -> None:
    def asked() -> int:
        make_ticket(world)
        with CaptureQueriesContext(connection) as captured:
            make_ticket(world)
        return len(captured)

    Policy.objects.all().delete()
    without = asked()
    make_policy(target("first", 1), target("resolution", 8), name="Clientes")
    # Which policy, a row for each target, and the ticket's own columns.
    assert asked() <= without + 4
