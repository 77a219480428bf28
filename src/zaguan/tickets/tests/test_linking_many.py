"""Linking with many at once says and refuses the same as one link at a time, in a few statements."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.translation import override

from zaguan.events.models import EventRecord, Job
from zaguan.lib.errors import Refused
from zaguan.lib.secrets import random_id
from zaguan.testing.makers import make_ticket
from zaguan.testing.world import World
from zaguan.tickets.linking import MOST_GENERATIONS, link
from zaguan.tickets.linking_many import MOST, link_many, unlink_many
from zaguan.tickets.models import Link, Ticket

pytestmark = pytest.mark.django_db
Kind = Link.Kind


@pytest.fixture(autouse=True)
def _in_english() -> Iterator[None]:
    with override("en"):
        yield


def _many(world: World, count: int) -> list[Ticket]:
    first = make_ticket(world)
    copies = [
        Ticket(**{f.attname: getattr(first, f.attname) for f in Ticket._meta.concrete_fields})
        for _n in range(count)
    ]
    for copy in copies:
        copy.pk, copy.public_id = None, random_id()
    return Ticket.objects.bulk_create(copies)


def test_five_hundred_children_in_a_few_statements(world: World) -> None:
    parent, children = make_ticket(world), _many(world, 500)
    jobs = Job.objects.count()
    with CaptureQueriesContext(connection) as asked:
        made = link_many(parent, children, Kind.CHILD, by=world.ana)
    assert len(asked) < 40
    assert [each.target for each in made] == children
    told = EventRecord.objects.filter(kind="tickets.TicketLinked")
    assert told.count() == 1000
    assert told.filter(ticket_id=children[-1].pk).get().data["other_id"] == parent.pk
    # The rules are asked for each, as with one link.
    link(parent, make_ticket(world), Kind.CHILD, by=world.ana)
    each = Job.objects.count() - jobs
    assert each in (0, 1002)


def test_it_tells_what_one_link_tells(world: World) -> None:
    parent, one, two = (make_ticket(world) for _n in range(3))
    link(parent, one, Kind.CHILD, by=world.ana)
    link_many(parent, [two], Kind.CHILD, by=world.ana)
    rows = (
        EventRecord.objects.filter(kind="tickets.TicketLinked")
        .order_by("pk")
        .values_list("ticket_id", "data", "actor_id")
    )
    alone, among = [(t == parent.pk, d["kind_of_link"], d["outwards"], a) for t, d, a in rows[:2]], rows[2:]
    assert alone == [(t == parent.pk, d["kind_of_link"], d["outwards"], a) for t, d, a in among]


def test_what_stands_stays_and_is_told_once(world: World) -> None:
    one, others = make_ticket(world), [make_ticket(world) for _n in range(3)]
    standing = link(others[0], one, Kind.RELATED, by=world.ana)
    link(one, others[1], Kind.SUGGESTED, by=world.ana)
    before = EventRecord.objects.count()
    made = link_many(one, [*others, others[0]], Kind.RELATED, by=world.ana)
    assert made[0] == standing
    assert [m.target for m in made[1:]] == others[1:]
    assert not Link.objects.filter(kind=Kind.SUGGESTED).exists()
    assert EventRecord.objects.count() == before + 4
    assert unlink_many(one, others, Kind.RELATED, by=world.ana) == 3
    assert unlink_many(one, others, Kind.RELATED, by=world.ana) == 0
    assert EventRecord.objects.count() == before + 10


def test_one_that_cannot_be_linked_stops_all(world: World) -> None:
    parent, child, other, taken = (make_ticket(world) for _n in range(4))
    link(other, taken, Kind.CHILD, by=world.ana)
    link(other, parent, Kind.CHILD, by=world.ana)
    for wrong, words in ((parent, "itself"), (other, "above"), (taken, "already has a parent")):
        with pytest.raises(Refused, match=words):
            link_many(parent, [child, wrong], Kind.CHILD, by=world.ana)
    with pytest.raises(Refused, match="Only a tracker"):
        link_many(parent, [child], Kind.TRACKED, by=world.ana)
    with pytest.raises(Refused, match="already has a parent"):
        link_many(child, [parent, other], Kind.CHILD, outwards=False, by=world.ana)
    assert not Link.objects.filter(target=child).exists()


def test_generations_and_numbers_end_somewhere(world: World) -> None:
    line = [make_ticket(world) for _n in range(MOST_GENERATIONS + 1)]
    for above, below in itertools.pairwise(line):
        link(above, below, Kind.CHILD, by=world.ana)
    with pytest.raises(Refused, match="generations"):
        link_many(line[-1], [make_ticket(world)], Kind.CHILD, by=world.ana)
    with pytest.raises(Refused, match="at most"):
        link_many(line[0], [Ticket(pk=n) for n in range(1, MOST + 2)], Kind.RELATED, by=world.ana)


def test_what_another_links_at_this_moment_is_no_failure(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, two, three = (make_ticket(world) for _n in range(3))
    standing = link(one, two, Kind.DUPLICATE, by=world.ana)
    # As if it had come between the look and the writing.
    monkeypatch.setattr("zaguan.tickets.linking_many._standing", lambda *_all: iter(()))
    made = link_many(one, [two, three], Kind.DUPLICATE, by=world.ana)
    assert made[0] == standing
    assert Link.objects.count() == 2
