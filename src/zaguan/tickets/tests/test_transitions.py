"""Who goes from which status to which, and what must be filled in for it: below pages, API, macros and rules."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django.utils.translation import override

from zaguan.conversations.outgoing import Outgoing
from zaguan.conversations.replying import reply
from zaguan.events.base import SYSTEM, Actor
from zaguan.events.models import EventRecord
from zaguan.lib.errors import Refused
from zaguan.people import reference as people
from zaguan.testing.makers import make_ticket
from zaguan.testing.world import World, make_world
from zaguan.tickets import reference
from zaguan.tickets.attribute_catalogue import save_type
from zaguan.tickets.models import Phase, Status, Ticket
from zaguan.tickets.requirements import missing_for
from zaguan.tickets.statuses import (
    close_resolved,
    default_status,
    reopened_by_customer,
    set_status,
    wake_snoozed,
)
from zaguan.tickets.transition_settings import set_needs, set_possible, set_way
from zaguan.tickets.transitions import EVERYBODY, NOBODY, SOME, Way, blocked_for
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


def test_everybody_goes_everywhere_until_something_is_chosen() -> None:
    world = make_world()
    ticket = opened(world)
    assert blocked_for(ticket, world.ana, reference.statuses.all().values()) == {}
    assert set_status(ticket, of(Phase.RESOLVED), by=world.ana).phase == Phase.RESOLVED


def test_a_way_that_is_nobodys_is_refused_with_the_reason_for_agents_and_rules() -> None:
    world = make_world()
    ticket, resolved = opened(world), of(Phase.RESOLVED)
    set_way(resolved, of(Phase.OPEN).pk, None, Way(NOBODY), by=world.bo)
    for by in (world.ana, world.bo, Actor("rule", 1)):
        with pytest.raises(
            Refused, match="Nobody changes a ticket from “In process” to “Completed” by hand"
        ) as why:
            set_status(ticket, of(Phase.RESOLVED), by=by)
        assert why.value.field == "status"
    set_status(ticket, of(Phase.WAITING_CUSTOMER), by=world.ana)
    assert set_status(ticket, of(Phase.RESOLVED), by=world.ana).phase == Phase.RESOLVED


def test_only_some_roles_and_teams_go_a_way_and_rules_where_that_was_said() -> None:
    world = make_world()
    ticket = opened(world)
    only_bo = Way(SOME, roles=(world.bo.role_id,))
    set_way(of(Phase.RESOLVED), None, None, only_bo, by=world.bo)
    with pytest.raises(Refused, match=f"only: {world.bo.role.name}"):
        set_status(ticket, of(Phase.RESOLVED), by=world.ana)
    with pytest.raises(Refused):
        set_status(ticket, of(Phase.RESOLVED), by=Actor("rule", 1))
    team = next(iter(world.ana.team_ids()))
    set_way(of(Phase.RESOLVED), None, None, Way(SOME, teams=(team,), rules=True), by=world.bo)
    with pytest.raises(Refused):
        set_status(ticket, of(Phase.RESOLVED), by=world.cleo)
    set_status(ticket, of(Phase.RESOLVED), by=Actor("rule", 1))
    set_status(ticket, of(Phase.OPEN), by=world.cleo)
    assert set_status(ticket, of(Phase.RESOLVED), by=world.ana).phase == Phase.RESOLVED


def test_what_is_said_for_a_status_wins_over_any_and_what_is_said_for_a_type_over_both() -> None:
    world = make_world()
    kind = save_type(None, by=world.bo, name="Repair", category="customer", icon="wrench")
    ticket, opening = opened(world), of(Phase.OPEN).pk
    set_way(of(Phase.RESOLVED), None, None, Way(NOBODY), by=world.bo)
    with pytest.raises(Refused):
        set_status(ticket, of(Phase.RESOLVED), by=world.ana)
    set_way(of(Phase.RESOLVED), opening, None, Way(EVERYBODY), by=world.bo)
    assert missing_for(ticket, of(Phase.RESOLVED)) == []
    assert not blocked_for(ticket, world.ana, [of(Phase.RESOLVED)])
    set_way(of(Phase.RESOLVED), None, kind, Way(NOBODY), by=world.bo)
    typed = set_type(ticket, kind, by=world.ana)
    assert list(blocked_for(typed, world.ana, [of(Phase.RESOLVED)])) == [of(Phase.RESOLVED).pk]
    set_way(of(Phase.RESOLVED), None, kind, None, by=world.bo)
    assert not blocked_for(typed, world.ana, [of(Phase.RESOLVED)])


def test_what_comes_by_itself_is_never_held_up() -> None:
    world = make_world()
    for status in Status.objects.all():
        set_way(status, None, None, Way(NOBODY), by=world.bo)
        set_needs(status, None, ["category"], by=world.bo)
    ticket = make_ticket(world)
    reply(ticket, Outgoing(html="<p>Hello</p>"), by=world.ana)
    ticket.refresh_from_db()
    assert ticket.phase == Phase.OPEN, "a first answer puts it into process"
    until = timezone.now() + timedelta(hours=1)
    set_status(ticket, of(Phase.SNOOZED), by=SYSTEM, until=until)
    Ticket.objects.filter(pk=ticket.pk).update(snoozed_until=timezone.now())
    assert wake_snoozed(ticket.pk)
    set_status(ticket, of(Phase.RESOLVED), by=SYSTEM)
    ticket.refresh_from_db()
    reopened_by_customer(ticket, by=world.dan)
    assert ticket.phase == Phase.OPEN
    set_status(ticket, of(Phase.RESOLVED), by=SYSTEM)
    Ticket.objects.filter(pk=ticket.pk).update(closes_at=timezone.now())
    assert close_resolved(ticket.pk)


def test_the_matrix_changes_what_differs_only_and_keeps_who_goes_the_rest() -> None:
    world = make_world()
    kind = save_type(None, by=world.bo, name="Repair", category="customer", icon="wrench")
    every = {s.pk for s in Status.objects.filter(archived_at=None)}
    resolved, opening = of(Phase.RESOLVED), of(Phase.OPEN)
    some = Way(SOME, roles=(world.bo.role_id,))
    set_way(resolved, opening.pk, None, some, by=world.bo)
    assert set_possible(None, dict.fromkeys(every, every), by=world.bo) == 0
    assert set_possible(None, {resolved.pk: {opening.pk}}, by=world.bo) == 1
    ticket = make_ticket(world)
    assert blocked_for(ticket, world.bo, [of(Phase.RESOLVED)])
    set_status(ticket, opening, by=world.bo)
    ticket.refresh_from_db()
    assert not blocked_for(ticket, world.bo, [of(Phase.RESOLVED)])
    assert blocked_for(ticket, world.ana, [of(Phase.RESOLVED)])
    set_possible(kind, {resolved.pk: every}, by=world.bo)
    fresh = set_type(make_ticket(world), kind, by=world.ana)
    assert not blocked_for(fresh, world.bo, [of(Phase.RESOLVED)])
    event = EventRecord.objects.filter(kind="people.SettingChanged").latest("pk")
    assert (event.data["what"], event.data["id"], event.actor_id) == ("status", resolved.pk, world.bo.pk)


@pytest.mark.parametrize(
    ("chosen", "field"),
    [
        (Way(SOME), "roles"),
        (Way("whoever"), "who"),
        (Way(SOME, roles=(99999,)), "roles"),
        (Way(SOME, teams=(99999,)), "teams"),
    ],
)
def test_a_way_that_makes_no_sense_is_refused(chosen: Way, field: str) -> None:
    world = make_world()
    with pytest.raises(Refused) as why:
        set_way(of(Phase.RESOLVED), None, None, chosen, by=world.bo)
    assert why.value.field == field
    with pytest.raises(Refused):
        set_needs(of(Phase.RESOLVED), None, ["attribute:1"], by=world.bo)


def test_what_is_chosen_is_known_to_the_process_and_costs_no_question(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(people, "LIFETIME", 3600.0)
    world = make_world()
    ticket, resolved = opened(world), of(Phase.RESOLVED)
    set_way(resolved, None, None, Way(SOME, roles=(world.ana.role_id,)), by=world.bo)
    set_needs(resolved, None, ["team"], by=world.bo)
    resolved = of(Phase.RESOLVED)
    reference.statuses.all()
    with CaptureQueriesContext(connection) as asked:
        set_status(ticket, resolved, by=world.ana)
    tables = ("people_role", "people_team", "tickets_status", "tickets_timeentry", "tickets_tag")
    assert [q["sql"] for q in asked if any(f'FROM "{table}"' in q["sql"] for table in tables)] == []
