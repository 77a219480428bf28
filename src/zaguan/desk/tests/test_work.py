"""Time, activities, checklists, products and promises on the desk: pages, dialogs, settings, files."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from zaguan.people.editing import create_organisation
from zaguan.people.models import Agent
from zaguan.testing.makers import make_ticket
from zaguan.testing.world import World
from zaguan.tickets.activities import plan
from zaguan.tickets.models import (
    Activity,
    CalendarFeed,
    ChecklistTemplate,
    CustomerRate,
    HourBank,
    Product,
    ProductItem,
    Ticket,
    TimeActivity,
    TimeEntry,
    Timer,
)
from zaguan.tickets.promising import set_promise
from zaguan.tickets.rates import time_rule
from zaguan.tickets.time_parts import NewTime
from zaguan.tickets.time_spent import log_time

SignIn = Callable[[Agent], Client]


@pytest.fixture
def ticket(world: World) -> Ticket:
    return make_ticket(world)


def text(client: Client, path: str, status: int = 200, **more: Any) -> str:
    answer = client.get(path, **more)
    assert answer.status_code == status, answer.content[:500]
    return answer.content.decode()


DIALOG = {"HX-Request": "true", "HX-Target": "action-dialog"}


def at(ticket: Ticket, path: str = "") -> str:
    return f"/desk/tickets/{ticket.pk}/{path}"


def test_time_is_logged_in_a_dialog_and_taken_back(world: World, ana: Client, ticket: Ticket) -> None:
    assert "Counted time" in text(ana, at(ticket, "time/"), headers=DIALOG)
    sent = {
        "day": "2026-11-23",
        "start": "23:50",
        "end": "00:15",
        "kind": "overtime",
        "note": "Impresora",
        "value": "12,50",
    }
    answer = ana.post(at(ticket, "time/"), sent, headers=DIALOG)
    entry = TimeEntry.objects.get()
    assert (entry.minutes, entry.kind, entry.value) == (25, "overtime", Decimal("12.50"))
    assert "0:25" in answer["HX-Trigger"]
    assert "Impresora" in text(ana, at(ticket, "?tab=time"))
    ana.post(at(ticket, f"time/undo/?entries={entry.pk}"), headers=DIALOG)
    assert not TimeEntry.objects.exists()


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ({}, "minutes"), ({"minutes": "long"}, "minutes"), ({"minutes": "5", "day": "x"}, "day"), ({"start": "9"}, "start"),
        ({"minutes": "5", "value": "much"}, "value"), ({"minutes": "5", "activity": "99999"}, "activity"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_said_at_its_field(
    ana: Client, ticket: Ticket, sent: dict[str, str], field: str
) -> None:
    answer = ana.post(at(ticket, "time/"), sent | {"note": "kept words"}, headers=DIALOG)
    assert answer.status_code == 422
    assert f'data-error-field="{field}"' in answer.content.decode()
    assert "kept words" in answer.content.decode()


def test_an_entry_is_changed_handed_in_and_approved(
    world: World, ana: Client, bo: Client, ticket: Ticket
) -> None:
    (entry,) = log_time(ticket, NewTime(minutes=25), by=world.ana)
    path = at(ticket, f"time/{entry.pk}/")
    assert "0:25" in text(ana, path, headers=DIALOG)
    ana.post(path, {"day": "2026-11-23", "minutes": "1:30", "kind": "night"}, headers=DIALOG)
    entry.refresh_from_db()
    assert (entry.minutes, entry.kind) == (90, "night")
    ana.post(f"{path}state/", {"state": "submitted"}, headers=DIALOG)
    assert ana.post(f"{path}state/", {"state": "approved"}, headers=DIALOG).status_code == 422
    bo.post("/desk/time/decide/", {"entry": [entry.pk], "state": "approved"})
    entry.refresh_from_db()
    assert entry.state == "approved"
    assert "Approved" in text(ana, at(ticket, "?tab=time"))


def test_others_time_is_not_for_everybody_to_change(
    world: World, bo: Client, signed_in: SignIn, ticket: Ticket
) -> None:
    (entry,) = log_time(ticket, NewTime(minutes=25), by=world.bo)
    answer = signed_in(world.ana).post(at(ticket, f"time/{entry.pk}/"), {"do": "delete"}, headers=DIALOG)
    assert answer.status_code == 422
    assert signed_in(world.cleo).get(at(ticket, f"time/{entry.pk}/")).status_code == 404
    assert TimeEntry.objects.exists()


def test_the_timer_runs_in_every_page_until_it_is_stopped(world: World, ana: Client, ticket: Ticket) -> None:
    assert ana.get("/desk/timer/").json() == {}
    ana.post(at(ticket, "timer/"), {"do": "start"}, headers=DIALOG)
    assert ana.get("/desk/timer/").json()["ticket"] == ticket.pk
    assert "data-runs" in text(ana, at(ticket, "?tab=time"))
    Timer.objects.update(
        started_at=timezone.now() - timedelta(minutes=12),
        running_since=timezone.now() - timedelta(minutes=12),
    )
    assert 'value="0:12"' in text(ana, at(ticket, "timer/stop/"), headers=DIALOG)
    ana.post(at(ticket, "timer/stop/"), {"minutes": "10", "note": "Listo"}, headers=DIALOG)
    assert [entry.minutes for entry in TimeEntry.objects.all()] == [10]
    assert ana.get("/desk/timer/").json() == {}
    assert ana.post(at(ticket, "timer/stop/"), headers=DIALOG).status_code == 422


def test_the_page_of_time_filters_sums_and_writes_files(
    world: World, ana: Client, bo: Client, ticket: Ticket
) -> None:
    patio = create_organisation("Patio SA", by=world.bo, domains=[], notes="")
    world.dan.organisation = patio
    world.dan.save()
    other = make_ticket(world)
    log_time(other, NewTime(minutes=90, note="Para Patio"), by=world.ana)
    log_time(ticket, NewTime(minutes=30, note="Sin empresa"), by=world.bo)
    whole = text(bo, "/desk/time/?by=organisation")
    assert "2:00" in whole
    assert "Patio SA" in whole
    filtered = text(bo, f"/desk/time/?organisation={patio.public_id}&by=activity")
    assert "Para Patio" in filtered
    assert "Sin empresa" not in filtered
    assert b"Para Patio" in bo.get(f"/desk/time/export.csv?organisation={patio.public_id}").content
    assert bo.get("/desk/time/export.xlsx").content.startswith(b"PK")
    sheet = bo.get(f"/desk/time/{patio.public_id}/{timezone.localdate():%Y-%m}.pdf")
    assert sheet.content.startswith(b"%PDF-")
    assert "No time in this period" in text(bo, "/desk/time/?first=2020-01-01&last=2020-01-31")
    for by in ("agent", "activity", "ticket", "kind", "day", "nonsense"):
        text(ana, f"/desk/time/?by={by}")


def activity(world: World, ticket: Ticket) -> Activity:
    return plan(
        by=world.ana,
        ticket=ticket,
        owner=world.ana,
        kind="visit",
        subject="Visitar",
        starts_at=timezone.now(),
    )


def test_activities_are_planned_changed_done_and_stand_in_the_agenda(
    world: World, ana: Client, ticket: Ticket
) -> None:
    assert "What is to be done" in text(ana, at(ticket, "activities/"), headers=DIALOG)
    sent = {
        "kind": "call",
        "subject": "Llamar a Dan",
        "starts_at": "2030-01-02T10:00",
        "owner": world.ana.pk,
        "remind_minutes": "30",
    }
    assert ana.post(at(ticket, "activities/"), sent | {"starts_at": ""}, headers=DIALOG).status_code == 422
    ana.post(at(ticket, "activities/"), sent, headers=DIALOG)
    made = Activity.objects.get()
    assert (made.contact, made.remind_minutes) == (world.dan, 30)
    for path in (at(ticket, "?tab=activities"), "/desk/agenda/"):
        assert "Llamar a Dan" in text(ana, path)
    ana.post(at(ticket, f"activities/{made.pk}/"), sent | {"subject": "Llamar otra vez"}, headers=DIALOG)
    ana.post(f"/desk/activities/{made.pk}/done/", {"do": "done"})
    assert "Llamar otra vez" in text(ana, "/desk/agenda/?show=done")
    assert "Llamar otra vez" not in text(ana, "/desk/agenda/")
    ana.post(at(ticket, f"activities/{made.pk}/"), {"do": "delete"}, headers=DIALOG)
    assert not Activity.objects.exists()


def test_a_calendar_by_its_secret_address(world: World, ana: Client, ticket: Ticket, client: Client) -> None:
    activity(world, ticket)
    shown = ana.post("/desk/agenda/calendar/", {"do": "renew"}, follow=True).content.decode()
    address = shown.split('id="calendar-address" readonly value="')[1].split('"')[0]
    path = "/desk" + address.split("/desk", 1)[1]
    answer = client.get(path)
    assert answer["Content-Type"].startswith("text/calendar")
    assert b"SUMMARY:Visitar" in answer.content
    assert address not in text(ana, "/desk/agenda/")
    ana.post("/desk/agenda/calendar/", {"do": "revoke"})
    assert client.get(path).status_code == 404
    assert not CalendarFeed.objects.exists()


def test_a_checklist_from_a_list_for_use_again(world: World, ana: Client, bo: Client, ticket: Ticket) -> None:
    bo.post("/desk/settings/checklists/new/", {"name": "Alta", "items": "Cuenta, correo\nEquipo"})
    template = ChecklistTemplate.objects.get()
    assert "Alta" in text(bo, "/desk/settings/checklists/")
    ana.post(at(ticket, "checklist/"), {"template": template.pk}, headers=DIALOG)
    ana.post(at(ticket, "checklist/"), {"text": "Llaves"}, headers=DIALOG)
    first = ticket.checklist.first()
    assert first is not None
    ana.post(at(ticket, f"checklist/{first.pk}/"), {"do": "done"}, headers=DIALOG)
    shown = text(ana, at(ticket, "?tab=checklist"))
    assert "1 of 3 done" in shown
    assert "Cuenta, correo" in shown
    ana.post(at(ticket, f"checklist/{first.pk}/"), {"do": "down"}, headers=DIALOG)
    ana.post(at(ticket, "checklist/"), {"do": "keep", "name": "Nueva"}, headers=DIALOG)
    assert ChecklistTemplate.objects.get(name="Nueva").items == ["Equipo", "Cuenta, correo", "Llaves"]
    ana.post(at(ticket, f"checklist/{first.pk}/"), {"do": "remove"}, headers=DIALOG)
    bo.post(f"/desk/settings/checklists/{template.pk}/", {"do": "delete"})
    assert ChecklistTemplate.objects.count() == 1


def test_products_from_catalogue_to_ticket(world: World, ana: Client, bo: Client, ticket: Ticket) -> None:
    bo.post("/desk/settings/products/new/", {"name": "Impresora", "code": "IMP-9"})
    product = Product.objects.get()
    assert (
        "another product"
        in bo.post("/desk/settings/products/new/", {"name": "Otra", "code": "imp-9"}).content.decode().lower()
    )
    assert ana.post(at(ticket, "products/"), {"serial": "SN-77"}, headers=DIALOG).status_code == 422
    sent = {"serial": "SN-77", "product": product.pk, "warranty_until": "2099-01-01"}
    ana.post(at(ticket, "products/"), sent, headers=DIALOG)
    item = ProductItem.objects.get()
    assert (item.contact, list(item.tickets.all())) == (world.dan, [ticket])
    assert "SN-77" in text(ana, at(ticket, "?tab=products"))
    ana.post(at(ticket, f"products/{item.public_id}/"), headers=DIALOG)
    assert not item.tickets.exists()
    ana.post(at(ticket, "products/"), {"serial": "sn 77"}, headers=DIALOG)
    assert item.tickets.exists()
    assert ana.get("/desk/serials/?q=sn7").json()[0]["value"] == "SN-77"
    page = text(ana, f"/desk/items/{item.public_id}/")
    assert f"#{ticket.pk}" in page
    ana.post(f"/desk/items/{item.public_id}/", sent | {"notes": "En el patio"})
    ana.post(f"/desk/people/{world.dan.public_id}/items/new/", {"product": product.pk, "serial": "Z1"})
    contact = text(ana, f"/desk/people/{world.dan.public_id}/")
    assert "SN-77" in contact
    assert "Z1" in contact


def test_a_promise_in_the_panel(world: World, ana: Client, ticket: Ticket) -> None:
    sent = {"promised_at": "2099-05-04T10:00", "public": "on"}
    assert ana.post(at(ticket, "promise/"), headers=DIALOG).status_code == 422
    ana.post(at(ticket, "promise/"), sent, headers=DIALOG)
    ticket.refresh_from_db()
    assert ticket.promised_at is not None
    assert ticket.is_promise_public
    assert "The customer sees it" in text(ana, at(ticket))
    moved = {"promised_at": "2099-06-04T10:00"}
    assert ana.post(at(ticket, "promise/"), moved, headers=DIALOG).status_code == 422
    ana.post(at(ticket, "promise/"), moved | {"reason": "Falta una pieza"}, headers=DIALOG)
    assert "Falta una pieza" in text(ana, at(ticket, "?tab=feed"))
    assert "order=promised" in text(ana, "/desk/views/all/")


def test_what_was_promised_stands_in_the_agenda(world: World, ana: Client, ticket: Ticket) -> None:
    Ticket.objects.filter(pk=ticket.pk).update(assignee=world.ana)
    set_promise(ticket, timezone.now() + timedelta(hours=3), by=world.ana)
    assert "La impresora no imprime" in text(ana, "/desk/agenda/")


def test_settings_of_time(world: World, bo: Client) -> None:
    assert "09:00-18:00" in text(bo, "/desk/settings/working-time/")
    sent = {
        "zone": "Europe/Madrid",
        "currency": "brl",
        "overtime_percent": "150",
        "night_percent": "200",
        "day_0": "9-13, 15-19",
    }
    bo.post("/desk/settings/working-time/", sent | {"night_from": "22:00", "night_until": "06:00"})
    rule = time_rule()
    assert (rule.currency, rule.hours["0"], rule.hours["1"]) == (
        "BRL",
        [["09:00", "13:00"], ["15:00", "19:00"]],
        [],
    )
    wrong = bo.post("/desk/settings/working-time/", sent | {"day_1": "18-9"}).content.decode()
    assert "must not overlap" in wrong
    bo.post("/desk/settings/time-activities/new/", {"name": "Guardia", "rate": "75.5"})
    made = TimeActivity.objects.get(name="Guardia")
    assert made.rate == Decimal("75.5")
    create_organisation("Patio SA", by=world.bo, domains=[], notes="")
    bo.post("/desk/settings/customer-rates/", {"organisation": "patio sa", "activity": made.pk, "rate": "80"})
    assert CustomerRate.objects.get().rate == 80
    assert "80.00" in text(bo, "/desk/settings/customer-rates/")
    bank = {
        "organisation": "Patio SA",
        "name": "2026",
        "hours": "10",
        "warn_hours": "2.5",
        "starts_on": "2026-01-01",
    }
    bo.post("/desk/settings/hour-banks/new/", bank)
    found = HourBank.objects.get()
    assert (found.minutes, found.warn_at) == (600, 150)
    assert "10:00" in text(bo, "/desk/settings/hour-banks/")
    bo.post(f"/desk/settings/hour-banks/{found.pk}/", {"do": "archive"})
    found.refresh_from_db()
    assert found.closed_at
