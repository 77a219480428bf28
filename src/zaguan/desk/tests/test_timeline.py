"""The timeline: statuses, turns, messages and assignees on one axis, zoomed by address."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from itertools import pairwise

from django.test import Client
from django.utils import timezone

from zaguan.conversations.noting import add_note
from zaguan.conversations.timeline import timeline_of
from zaguan.people.models import Agent
from zaguan.testing.makers import make_message, make_ticket
from zaguan.testing.world import World
from zaguan.tickets.assigning import assign
from zaguan.tickets.models import Phase, Ticket
from zaguan.tickets.statuses import default_status, set_status

SignIn = Callable[[Agent], Client]


def _lived(world: World) -> Ticket:
    ticket = make_ticket(world)
    make_message(ticket, world, "Hola")
    assign(ticket, world.ana, by=world.ana)
    set_status(ticket, default_status(Phase.WAITING_CUSTOMER), by=world.ana)
    add_note(ticket, "<p>Nota</p>", by=world.ana)
    set_status(ticket, default_status(Phase.RESOLVED), by=world.ana)
    return Ticket.objects.get(pk=ticket.pk)


def test_spans_follow_one_another_without_gaps(world: World) -> None:
    line = timeline_of(_lived(world))
    assert [span.kind for span in line.turns][-2:] == ["customer", "nobody"]
    assert [span.kind for span in line.statuses][-2:] == ["customer", "resolved"]
    for spans in (line.statuses, line.turns):
        assert spans[0].start <= line.start + timedelta(seconds=5)
        assert spans[-1].end == line.end
        assert all(a.end == b.start for a, b in pairwise(spans))
    assert [span.label for span in line.assignees] == ["Ana"]
    assert {point.kind for point in line.points} == {"in", "note"}


def test_the_picture_and_the_table_say_the_same(world: World, signed_in: SignIn) -> None:
    ticket, client = _lived(world), signed_in(world.ana)
    page = client.get(f"/desk/tickets/{ticket.pk}/?tab=timeline").content.decode()
    assert page.count('class="lifeline__dot"') == 2
    assert "Assigned to Ana" in page
    assert 'id="thread"' not in page
    # The panel beside it is the ticket's.
    assert "acc-details" in page


def test_zoom_is_an_address(world: World, signed_in: SignIn) -> None:
    ticket, client = _lived(world), signed_in(world.ana)
    Ticket.objects.filter(pk=ticket.pk).update(created_at=timezone.now() - timedelta(days=400))
    address = f"/desk/tickets/{ticket.pk}/?tab=timeline&zoom="
    assert 'class="lifeline__dot"' in client.get(f"{address}day").content.decode()
    far = (timezone.now() - timedelta(days=200)).isoformat().replace("+", "%2B")
    old = client.get(f"{address}day&until={far}").content.decode()
    assert 'class="lifeline__dot"' not in old
    for odd in ("zzz", "all&until=nonsense", "day&until=2026-13-45T99:99", "hour&until=2026-01-01T00:00"):
        assert client.get(address + odd).status_code == 200, odd
