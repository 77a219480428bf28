"""Fields of a ticket that save themselves: by whom, with what way back, and what happens when two are at it."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from zaguan.people.models import Agent
from zaguan.testing.makers import make_ticket
from zaguan.testing.world import World
from zaguan.tickets.assigning import assign
from zaguan.tickets.editing import edit
from zaguan.tickets.models import Category, Phase, Status, Ticket, Urgency

SignIn = Callable[[Agent], Client]
HX = {"HX-Request": "true"}


def _post(client: Client, ticket: Ticket, path: str, **values: Any) -> Any:
    return client.post(f"/desk/tickets/{ticket.pk}/{path}/", values, headers=HX)


def _toast(answer: Any) -> dict[str, str]:
    said: dict[str, str] = json.loads(answer["HX-Trigger"])["toast"]
    return said


def test_a_status_is_set_and_can_be_taken_back(world: World, signed_in: SignIn) -> None:
    ticket = make_ticket(world)
    client, old = signed_in(world.ana), ticket.status
    done = Status.objects.get(phase=Phase.RESOLVED, is_default=True)
    answer = _post(client, ticket, "status", status=done.pk)
    ticket.refresh_from_db()
    assert ticket.status == done
    client.post(_toast(answer)["undo"], headers=HX)
    ticket.refresh_from_db()
    assert ticket.status == old


def test_a_status_that_asks_why_is_refused_without_a_reason(world: World, signed_in: SignIn) -> None:
    ticket = make_ticket(world)
    cancelled = Status.objects.get(asks_reason=True)
    client = signed_in(world.ana)
    answer = _post(client, ticket, "status", status=cancelled.pk)
    assert answer.status_code == 422
    assert answer.json()["field"] == "reason"
    assert _post(client, ticket, "status", status=cancelled.pk, reason="duplicado").status_code == 204


@pytest.mark.parametrize("until", ["1h", "3h", "tomorrow", "week", "month"])
def test_snoozing_until_a_usual_moment(world: World, signed_in: SignIn, until: str) -> None:
    ticket = make_ticket(world)
    assert _post(signed_in(world.ana), ticket, "snooze", until=until).status_code == 204
    ticket.refresh_from_db()
    assert ticket.phase == Phase.SNOOZED
    assert ticket.snoozed_until is not None
    assert timezone.now() < ticket.snoozed_until < timezone.now() + timedelta(days=32)


def test_snoozing_until_yesterday_is_refused(world: World, signed_in: SignIn) -> None:
    ticket = make_ticket(world)
    answer = _post(signed_in(world.ana), ticket, "snooze", moment="2020-01-01T09:00")
    assert answer.status_code == 422


def test_a_ticket_is_taken_and_given_back(world: World, signed_in: SignIn) -> None:
    ticket = make_ticket(world)
    client = signed_in(world.ana)
    answer = _post(client, ticket, "assignee", assignee=world.ana.pk)
    ticket.refresh_from_db()
    assert ticket.assignee == world.ana
    client.post(_toast(answer)["undo"], headers=HX)
    ticket.refresh_from_db()
    assert ticket.assignee is None


def test_an_agent_of_another_team_is_refused(world: World, signed_in: SignIn) -> None:
    ticket = make_ticket(world)
    answer = _post(signed_in(world.ana), ticket, "assignee", assignee=world.cleo.pk)
    assert answer.status_code == 422
    assert answer.json()["field"] == "assignee"


def test_lists_subject_star_and_tags(world: World, signed_in: SignIn) -> None:
    ticket = make_ticket(world)
    client = signed_in(world.ana)
    urgency, category = Urgency.objects.get(rank=2), Category.objects.first()
    assert category is not None
    _post(client, ticket, "fields", urgency=urgency.pk)
    _post(client, ticket, "fields", category=category.pk)
    _post(client, ticket, "fields", subject="Otro asunto")
    client.post(f"/desk/tickets/{ticket.pk}/fields/?is_important=1", headers=HX)
    _post(client, ticket, "tags", tags="factura, urgente")
    answer = _post(client, ticket, "tags", tags="urgente, nueva")
    ticket.refresh_from_db()
    assert (ticket.urgency, ticket.category, ticket.subject) == (urgency, category, "Otro asunto")
    assert ticket.is_important
    assert {tag.name for tag in ticket.tags.all()} == {"urgente", "nueva"}
    client.post(_toast(answer)["undo"], headers=HX)
    assert {tag.name for tag in ticket.tags.all()} == {"factura", "urgente"}


def test_an_empty_subject_is_refused(world: World, signed_in: SignIn) -> None:
    ticket = make_ticket(world)
    assert _post(signed_in(world.ana), ticket, "fields", subject="  ").status_code == 422
    ticket.refresh_from_db()
    assert ticket.subject == "La impresora no imprime"


def test_the_same_field_changed_meanwhile_is_a_conflict(world: World, signed_in: SignIn) -> None:
    ticket = make_ticket(world)
    shown = ticket.version
    assign(ticket, world.bo, by=world.bo)
    answer = _post(signed_in(world.ana), ticket, "assignee", assignee=world.ana.pk, version=shown)
    assert answer.status_code == 409
    assert answer.json()["changes"]
    ticket.refresh_from_db()
    assert ticket.assignee == world.bo


def test_another_field_changed_meanwhile_is_none(world: World, signed_in: SignIn) -> None:
    ticket = make_ticket(world)
    shown = ticket.version
    edit(ticket, by=world.bo, subject="Cambiado por Bo")
    answer = _post(signed_in(world.ana), ticket, "assignee", assignee=world.ana.pk, version=shown)
    assert answer.status_code == 204
    ticket.refresh_from_db()
    assert ticket.assignee == world.ana
    assert ticket.subject == "Cambiado por Bo"


@pytest.mark.parametrize("path", ["status", "snooze", "assignee", "team", "fields", "tags", "copies"])
def test_who_only_reads_changes_nothing_and_strangers_find_nothing(
    world: World, signed_in: SignIn, path: str
) -> None:
    ticket = make_ticket(world)
    assert _post(signed_in(world.rita), ticket, path, subject="x").status_code == 403
    assert _post(signed_in(world.cleo), ticket, path, subject="x").status_code == 404
    assert signed_in(world.ana).get(f"/desk/tickets/{ticket.pk}/{path}/").status_code == 405
    before = ticket.version
    ticket.refresh_from_db()
    assert ticket.version == before


def test_without_script_one_comes_back_to_the_ticket(world: World, signed_in: SignIn) -> None:
    ticket = make_ticket(world)
    answer = signed_in(world.ana).post(f"/desk/tickets/{ticket.pk}/tags/", {"tags": "uno"})
    assert answer.status_code == 302
    assert answer["Location"] == f"/desk/tickets/{ticket.pk}/"
