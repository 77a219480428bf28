"""Links between tickets: once each, said at both ends, and never in a circle."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

import pytest
from django.utils.translation import override

from zaguan.lib.errors import Refused
from zaguan.testing.makers import make_ticket
from zaguan.testing.world import make_world
from zaguan.tickets.history import feed
from zaguan.tickets.link_words import linked_sentence, role_of_other, unlinked_sentence
from zaguan.tickets.linking import MOST_GENERATIONS, link, unlink
from zaguan.tickets.models import Link, Ticket

Kind = Link.Kind


@pytest.fixture(autouse=True)
def _in_english() -> Iterator[None]:
    with override("en"):
        yield


def said(ticket: Ticket) -> list[str]:
    return [entry.sentence for entry in feed(ticket).entries]


@pytest.mark.django_db
def test_both_ends_tell_of_a_link_and_of_its_end() -> None:
    world = make_world()
    parent, child = make_ticket(world), make_ticket(world)
    link(parent, child, Kind.CHILD, by=world.ana)
    link(parent, child, Kind.CHILD, by=world.ana)
    assert Link.objects.count() == 1
    assert said(parent)[0] == f"Ana made #{child.pk} a child of this ticket."
    assert said(child)[0] == f"Ana made #{parent.pk} the parent of this ticket."
    assert unlink(parent, child, Kind.CHILD, by=world.ana)
    assert not unlink(parent, child, Kind.CHILD, by=world.ana)
    assert said(parent)[0] == f"Ana took the child #{child.pk} away."
    assert said(child)[0] == f"Ana took this ticket out of its parent #{parent.pk}."


@pytest.mark.django_db
def test_no_ticket_is_its_own_grandparent_and_none_has_two_parents() -> None:
    world = make_world()
    one, two, three = (make_ticket(world) for _n in range(3))
    link(one, two, Kind.CHILD, by=world.ana)
    link(two, three, Kind.CHILD, by=world.ana)
    with pytest.raises(Refused, match="above"):
        link(three, one, Kind.CHILD, by=world.ana)
    with pytest.raises(Refused, match="already has a parent"):
        link(one, three, Kind.CHILD, by=world.ana)
    with pytest.raises(Refused) as refused:
        link(one, one, Kind.RELATED, by=world.ana)
    assert refused.value.field == "number"


@pytest.mark.django_db
def test_generations_end_somewhere() -> None:
    world = make_world()
    line = [make_ticket(world) for _n in range(MOST_GENERATIONS + 2)]
    for above, below in itertools.pairwise(line[:-1]):
        link(above, below, Kind.CHILD, by=world.ana)
    with pytest.raises(Refused, match="generations"):
        link(line[-2], line[-1], Kind.CHILD, by=world.ana)


@pytest.mark.django_db
def test_related_is_the_same_from_both_ends_and_replaces_a_guess() -> None:
    world = make_world()
    one, two = make_ticket(world), make_ticket(world)
    link(one, two, Kind.SUGGESTED, by=world.ana)
    made = link(two, one, Kind.RELATED, by=world.ana)
    assert link(one, two, Kind.RELATED, by=world.ana) == made
    assert list(Link.objects.all()) == [made]
    assert unlink(one, two, Kind.RELATED, by=world.ana)
    assert not Link.objects.exists()


def test_every_kind_has_words_for_both_ends() -> None:
    for kind, outwards in itertools.product(Kind.values, (True, False)):
        values = {"who": "Ana", "other": "#7"}
        assert role_of_other(kind, outwards)
        assert "#7" in linked_sentence(kind, outwards) % values
        assert "#7" in unlinked_sentence(kind, outwards) % values
