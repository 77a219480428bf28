"""The whole form of a new ticket: type, promise, working time; templates; and tickets that open later (A2, A3.7)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from zaguan.conversations.opening_due import open_due
from zaguan.people.models import Agent
from zaguan.testing.world import World
from zaguan.tickets.models import Attribute, Schedule, Template, Ticket, TicketType, TimeEntry
from zaguan.tickets.templates import save_template

pytestmark = pytest.mark.django_db


def _values(world: World, **fields: Any) -> dict[str, Any]:
    return {
        "visibility": "public", "channel": "none", "requester": "Dan Díaz <dan@customer.example>", "mode": "note",
        "team": world.support.pk, "subject": "Su pedido", "note_html": "<p>Apuntado</p>", **fields,
    }  # fmt: skip


def _soon(**ahead: int) -> str:
    return (timezone.localtime() + timedelta(**ahead)).strftime("%Y-%m-%dT%H:%M")


def test_promise_and_working_time_come_with_the_first_action(world: World, ana: Client) -> None:
    when = _soon(days=2)
    ana.post(
        "/desk/tickets/new/", _values(world, promised_at=when, promise_public="on", minutes="25", key="k1")
    )
    ticket = Ticket.objects.get()
    assert timezone.localtime(ticket.promised_at).strftime("%Y-%m-%dT%H:%M") == when
    entry = TimeEntry.objects.get()
    assert (entry.minutes, entry.message_id) == (25, ticket.messages.get().pk)
    ana.post("/desk/tickets/new/", _values(world, promised_at=when, minutes="25", key="k1"))
    assert (Ticket.objects.count(), TimeEntry.objects.count()) == (1, 1)


def test_a_wrong_time_opens_nothing_and_keeps_what_was_typed(world: World, ana: Client) -> None:
    answer = ana.post("/desk/tickets/new/", _values(world, minutes="ayer"))
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "ayer" in page
    assert "Su pedido" in page
    assert not Ticket.objects.exists()


def test_a_type_asks_for_its_attributes_and_takes_them(world: World, ana: Client) -> None:
    kind = TicketType.objects.create(name="Avería", category="customer")
    Attribute.objects.create(
        type=kind, key="serial", name="Número de serie", format="text", needed_from_agent=True
    )
    assert "Número de serie" in ana.get(f"/desk/tickets/new/attributes/?type={kind.pk}").content.decode()
    missing = ana.post("/desk/tickets/new/", _values(world, type=kind.pk))
    assert missing.status_code == 422
    assert "Número de serie" in missing.content.decode()
    ana.post("/desk/tickets/new/", {**_values(world, type=kind.pk), "attributes.serial": "X-9"})
    assert Ticket.objects.get().type == kind


def test_what_is_filled_in_is_kept_as_a_template_and_begins_the_next_one(world: World, ana: Client) -> None:
    kept = _values(world, do="template", template_name="Copias", tags="backup, noche", requester="")
    ana.post("/desk/tickets/new/", kept)
    assert not Ticket.objects.exists()
    row = Template.objects.get()
    assert (row.owner, row.values["subject"], row.values["tags"]) == (
        world.ana,
        "Su pedido",
        ["backup", "noche"],
    )
    assert "Copias" in ana.get("/desk/tickets/new/").content.decode()
    page = ana.get(f"/desk/tickets/new/?template={row.pk}").content.decode()
    assert 'value="Su pedido"' in page
    assert "Apuntado" in page
    ana.post("/desk/tickets/new/", kept | {"subject": "Otra cosa"})
    assert Template.objects.get().values["subject"] == "Otra cosa"


def test_templates_are_seen_by_those_for_whom_they_are(
    world: World, ana: Client, signed_in: Callable[[Agent], Client]
) -> None:
    for name, owner in (
        ("de Ana", {}),
        ("de Ventas", {"team": world.sales}),
        ("de todos", {"everybody": True}),
    ):
        save_template(world.bo if owner else world.ana, name, {"subject": name}, by=world.bo, **owner)
    assert {t.name for t in Template.objects.visible_to(world.ana)} == {"de Ana", "de todos"}
    page = ana.get("/desk/settings/templates/").content.decode()
    assert "de Ventas" not in page
    shared = Template.objects.get(name="de todos")
    ana.post(f"/desk/settings/templates/{shared.pk}/", {"do": "delete"}, headers={"HX-Request": "true"})
    assert Template.objects.filter(pk=shared.pk).exists()
    refused = ana.post(
        "/desk/tickets/new/", _values(world, do="template", template_name="X", template_shared="all")
    )
    assert refused.status_code == 422


def test_a_time_makes_it_open_later_and_the_preview_says_when(world: World, ana: Client) -> None:
    start = _soon(days=1)
    preview = ana.get("/desk/tickets/new/dates/", {"opens_at": start, "repeat": "daily"}).content.decode()
    assert preview.count("<li>") == 5
    ana.post("/desk/tickets/new/", _values(world, opens_at=start, repeat="daily"))
    assert not Ticket.objects.exists()
    row = Schedule.objects.get()
    assert (row.rule, row.subject) == ("FREQ=DAILY", "Su pedido")
    assert "Su pedido" in ana.get("/desk/scheduled/").content.decode()
    Schedule.objects.update(next_at=timezone.now())
    assert open_due() == 1
    ticket = Ticket.objects.get()
    assert (ticket.requester, ticket.team, ticket.note_count) == (world.dan, world.support, 1)


def test_promise_and_working_time_are_planned_shown_again_and_kept(world: World, ana: Client) -> None:
    opens, promised = _soon(days=1), _soon(days=2)
    work = {"promised_at": promised, "promise_public": "on", "minutes": "0:25"}
    ana.post("/desk/tickets/new/", _values(world, opens_at=opens, **work))
    row = Schedule.objects.get()
    assert (row.values["promise_minutes"], row.values["time"]["minutes"]) == (24 * 60, 25)
    page = ana.get(f"/desk/tickets/new/?schedule={row.pk}").content.decode()
    assert f'value="{promised}"' in page
    early = ana.post("/desk/tickets/new/", _values(world, opens_at=promised, promised_at=opens))
    assert early.status_code == 422
    Schedule.objects.update(next_at=timezone.now())
    assert open_due() == 1
    ticket = Ticket.objects.get()
    assert (ticket.promised_at is not None, ticket.is_promise_public) == (True, True)
    assert TimeEntry.objects.get(ticket=ticket).minutes == 25


def test_a_planned_ticket_is_changed_in_the_same_form_paused_and_cancelled(world: World, ana: Client) -> None:
    ana.post(
        "/desk/tickets/new/",
        _values(world, opens_at=_soon(days=1), repeat="rule", rule="FREQ=WEEKLY;BYDAY=MO"),
    )
    row = Schedule.objects.get()
    page = ana.get(f"/desk/tickets/new/?schedule={row.pk}").content.decode()
    assert "FREQ=WEEKLY;BYDAY=MO" in page
    ana.post(
        "/desk/tickets/new/", _values(world, opens_at=_soon(days=3), schedule=row.pk, subject="Cambiado")
    )
    row.refresh_from_db()
    assert (Schedule.objects.count(), row.subject, row.rule) == (1, "Cambiado", "")
    for do, field in (("pause", "paused_at"), ("resume", "next_at"), ("cancel", "cancelled_at")):
        ana.post(f"/desk/scheduled/{row.pk}/", {"do": do})
        row.refresh_from_db()
        assert getattr(row, field) is not None
    assert row.next_at is None


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"opens_at": "2001-01-01T09:00"}, "opens_at"),
        ({"opens_at": "luego"}, "opens_at"),
        ({"opens_at": "2099-01-01T09:00", "repeat": "rule", "rule": "a veces"}, "rule"),
        ({"opens_at": "2099-01-01T09:00", "requester": ""}, "requester"),
        ({"opens_at": "2099-01-01T09:00", "channel": "phone"}, "opens_at"),
    ],
)
def test_what_cannot_be_planned_is_said_at_its_field(
    world: World, ana: Client, fields: dict[str, str], field: str
) -> None:
    answer = ana.post("/desk/tickets/new/", _values(world, **fields))
    assert answer.status_code == 422
    assert not Schedule.objects.exists()
