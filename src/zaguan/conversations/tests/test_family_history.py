"""One history of a ticket and its family: what was exchanged, how each was solved, and nothing that the viewer may not see."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone
from django.utils.translation import override

from zaguan.conversations.family_history import Page, history_of
from zaguan.conversations.noting import add_note
from zaguan.conversations.replying import Outgoing, reply
from zaguan.testing.makers import make_message, make_ticket
from zaguan.testing.world import World
from zaguan.tickets.family import family_of
from zaguan.tickets.linking import link, unlink
from zaguan.tickets.models import Phase, Ticket
from zaguan.tickets.statuses import default_status, set_status

pytestmark = pytest.mark.django_db


@pytest.fixture
def tickets(world: World) -> list[Ticket]:
    """A parent with a child, a child of that, and one of another team beside it."""
    made = [make_ticket(world, subject=name) for name in ("parent", "child", "grandchild")]
    made.append(make_ticket(world, subject="secret", team=world.sales))
    link(made[0], made[1], "child", by=world.ana)
    link(made[1], made[2], "child", by=world.ana)
    link(made[0], made[3], "related", by=world.bo)
    now = timezone.now()
    for age, ticket in enumerate(made):
        make_message(ticket, world, f"words of {ticket.subject}", created_at=now - timedelta(hours=10 - age))
    return made


def told(page: Page) -> list[str]:
    return [
        f"solved {each.ticket.subject}" if each.solution else (each.message.text if each.message else "")
        for each in page.entries
    ]


def history(world: World, of: Ticket, **more: Any) -> Page:
    same = more.pop("same_customer", False)
    return history_of(family_of(of, world.ana, same_customer=same), world.ana, **more)


def test_the_family_in_one_list_newest_first(world: World, tickets: list[Ticket]) -> None:
    page = history(world, tickets[1])
    assert told(page) == ["words of grandchild", "words of child", "words of parent"]
    with override("en"):
        family = family_of(tickets[1], world.ana)
    assert family.roles[tickets[0].pk] == "Parent"
    assert family.roles[tickets[2].pk] == "Child"
    assert (family.hidden, family.is_cut) == (1, False)


def test_what_one_may_not_see_is_counted_and_never_told(world: World, tickets: list[Ticket]) -> None:
    everything = told(history(world, tickets[0], same_customer=True))
    assert "words of child" in everything
    assert "words of secret" not in everything
    assert tickets[3].pk not in family_of(tickets[0], world.ana, same_customer=True).roles
    assert "words of secret" in told(history_of(family_of(tickets[0], world.bo), world.bo))
    assert told(history(world, tickets[0], ticket=tickets[3].pk)) == []


def test_nobody_finds_relatives_through_what_they_may_not_see(world: World, tickets: list[Ticket]) -> None:
    beyond = make_ticket(world, subject="beyond")
    link(tickets[3], beyond, "related", by=world.bo)
    assert beyond.pk not in family_of(tickets[0], world.ana).roles
    assert beyond.pk in family_of(tickets[0], world.bo).roles


def test_how_it_was_solved_by_whom_and_with_which_words(world: World, tickets: list[Ticket]) -> None:
    child = tickets[1]
    sent = reply(child, Outgoing(html="<p>Cambie el cable.</p>"), by=world.ana)
    add_note(child, "<p>interno</p>", by=world.ana)
    set_status(child, default_status(Phase.RESOLVED), by=world.bo, reason="Cable")
    (entry,) = history(world, tickets[0], show="solved").entries
    found = entry.solution
    assert found is not None
    assert (found.ticket, found.by.id, found.reason) == (child, world.bo.pk, "Cable")
    assert (found.answer, found.answer_id) == ("Cambie el cable.", sent.pk)
    assert "interno" not in " ".join(told(history(world, tickets[0])))


def test_it_is_filtered_and_guesses_are_no_family(world: World, tickets: list[Ticket]) -> None:
    other = make_ticket(world, subject="other", requester=world.eve)
    make_message(other, world, "words of other")
    link(tickets[0], other, "suggested", by=world.ana)
    assert "words of other" not in told(history(world, tickets[0]))
    reply(tickets[0], Outgoing(html="<p>Va.</p>"), by=world.ana)
    assert told(history(world, tickets[0], show="out")) == ["Va."]
    assert told(history(world, tickets[0], ticket=tickets[2].pk)) == ["words of grandchild"]
    unlink(tickets[0], tickets[1], "child", by=world.ana)
    assert "words of child" not in told(history(world, tickets[0]))
    assert "words of child" in told(history(world, tickets[0], same_customer=True))


def test_its_pages_hold_each_entry_once_even_at_the_same_moment(
    world: World, tickets: list[Ticket], time_machine: Any
) -> None:
    time_machine.move_to(datetime.fromisoformat("2026-11-20T10:00:00+00:00"), tick=False)
    for _n in range(3):
        make_message(tickets[0], world, "same", created_at=timezone.now())
    set_status(tickets[0], default_status(Phase.RESOLVED), by=world.ana)
    set_status(tickets[1], default_status(Phase.RESOLVED), by=world.ana)
    whole = [each.place for each in history(world, tickets[0]).entries]
    assert len(whole) == len(set(whole)) == 8
    pages, cursor = [], ""
    while True:
        page = history(world, tickets[0], size=1, cursor=cursor)
        pages += [each.place for each in page.entries]
        if not page.next_cursor:
            break
        cursor = page.next_cursor
    assert pages == whole
    assert [each.place for each in history(world, tickets[0], cursor="odd~x").entries] == whole
