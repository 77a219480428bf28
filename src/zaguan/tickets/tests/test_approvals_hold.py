"""What approvals do to their ticket: hold it, go along in a merge, be found."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.translation import override

from zaguan.conversations.merging import merge, undo_merge
from zaguan.events.base import Actor
from zaguan.lib.errors import Refused
from zaguan.testing.makers import make_ticket
from zaguan.testing.world import World
from zaguan.tickets import reference
from zaguan.tickets.approvals import Asking, ask, decide
from zaguan.tickets.columns import COLUMNS, lines_of
from zaguan.tickets.filtering import matches, parse
from zaguan.tickets.models import Approval, Merge, Phase, Ticket
from zaguan.tickets.rows import rows_of
from zaguan.tickets.statuses import default_status, set_status
from zaguan.tickets.transitions import blocked_for

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _in_english() -> Iterator[None]:
    with override("en"):
        yield


@pytest.fixture
def ticket(world: World) -> Ticket:
    ticket = make_ticket(world)
    return set_status(ticket, default_status(Phase.OPEN), by=world.ana)


def asked(world: World, ticket: Ticket, **more: Any) -> Approval:
    return ask(ticket, Asking(question="¿Devolvemos 120 €?", agents=[world.bo], **more), by=world.ana)


def stands(ticket: Ticket) -> str | None:
    return Ticket.objects.get(pk=ticket.pk).approval_state


def test_what_holds_the_ticket_keeps_it_from_being_resolved(world: World, ticket: Ticket) -> None:
    approval = asked(world, ticket, holds=True)
    held = "An approval has to be decided first: “¿Devolvemos 120 €?”."
    fresh = Ticket.objects.get(pk=ticket.pk)
    for phase in (Phase.RESOLVED, Phase.CLOSED):
        with pytest.raises(Refused) as refused:
            set_status(fresh, default_status(phase), by=world.ana)
        assert (refused.value.sentence, refused.value.field) == (held, "status")
        with pytest.raises(Refused):
            set_status(fresh, default_status(phase), by=Actor("rule", 1))
    blocked = blocked_for(fresh, world.ana, reference.statuses.all().values())
    assert set(blocked.values()) == {held}
    assert {reference.statuses.all()[pk].phase for pk in blocked} == {Phase.RESOLVED, Phase.CLOSED}
    set_status(fresh, default_status(Phase.WAITING_CUSTOMER), by=world.ana)
    decide(approval, False, by=world.bo)
    assert set_status(fresh, default_status(Phase.RESOLVED), by=world.ana).phase == Phase.RESOLVED
    with pytest.raises(Refused, match="resolved already"):
        asked(world, ticket, holds=True)


def test_without_holding_it_may_be_resolved_and_closing_withdraws(world: World, ticket: Ticket) -> None:
    approval = asked(world, ticket)
    set_status(ticket, default_status(Phase.RESOLVED), by=world.ana)
    assert stands(ticket) == "waiting"
    closed = set_status(ticket, default_status(Phase.CLOSED), by=world.ana)
    approval.refresh_from_db()
    assert (approval.state, approval.reason) == ("withdrawn", "The ticket was closed.")
    assert (stands(ticket), closed.approval_state) == (None, None)
    assert closed.version == Ticket.objects.get(pk=ticket.pk).version
    with pytest.raises(Refused, match="withdrawn"):
        decide(approval, True, by=world.bo)
    with pytest.raises(Refused, match="closed"):
        asked(world, ticket)


def test_tickets_without_approvals_are_asked_nothing(world: World, ticket: Ticket) -> None:
    fresh = Ticket.objects.get(pk=ticket.pk)
    statuses = list(reference.statuses.all().values())
    with CaptureQueriesContext(
        connection,
    ) as queries:
        assert blocked_for(fresh, world.ana, statuses) == {}
    assert len(queries) == 0


def test_it_goes_along_in_a_merge_and_comes_back(world: World, ticket: Ticket) -> None:
    other = make_ticket(world)
    approval = asked(world, ticket, holds=True)
    merge(other, [ticket], by=world.ana)
    assert (stands(ticket), stands(other)) == (None, "waiting")
    with pytest.raises(Refused, match="An approval has to be decided first"):
        set_status(other, default_status(Phase.RESOLVED), by=world.ana)
    undo_merge(Merge.objects.get(), by=world.ana)
    assert (stands(ticket), stands(other)) == ("waiting", None)
    assert decide(approval, True, by=world.bo).ticket_id == ticket.pk


def test_filters_find_them_in_three_languages(world: World, ticket: Ticket) -> None:
    quiet = make_ticket(world)
    approval = asked(world, ticket)

    def found(query: str, viewer: Any) -> set[int]:
        asked_for = parse(query, viewer)
        assert not asked_for.problems
        return set(Ticket.objects.visible_to(viewer).filter(asked_for.q).values_list("pk", flat=True))

    for query in ("approval:waiting", "aprobación:pendiente", "aprovação:pendente", "approval:mine"):
        assert found(query, world.bo) == {ticket.pk}, query
    assert found("approval:mine", world.ana) == set()
    assert found("-approval:waiting", world.bo) == {quiet.pk}
    decide(approval, False, by=world.bo)
    assert found("approval:rechazada", world.bo) == {ticket.pk}
    assert found("approval:waiting", world.bo) == set()
    assert parse("approval:quizás", world.bo).problems
    assert matches(ticket, "approval:rejected", world.bo)


def test_tables_and_exports_say_how_it_stands(world: World, ticket: Ticket) -> None:
    asked(world, ticket)
    quiet = make_ticket(world)
    rows = rows_of(world.ana, [ticket.pk, quiet.pk])
    assert [line[0] for line in lines_of(rows, [COLUMNS["approval"]])] == ["Waiting for approval", ""]
