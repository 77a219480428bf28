"""What is planned from a customer's own page: with a ticket of theirs, or with none."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from django.test import Client

from zaguan.events.base import SYSTEM
from zaguan.people.editing import create_organisation
from zaguan.people.models import Agent, Organisation
from zaguan.testing.makers import make_ticket
from zaguan.testing.world import World
from zaguan.tickets.activities import plan
from zaguan.tickets.calendar_feeds import calendar_of
from zaguan.tickets.models import Activity

SignIn = Callable[[Agent], Client]
SENT = {"kind": "call", "subject": "Renewal", "starts_at": "2099-03-02T10:00", "place": "Quito"}


@pytest.fixture
def acme(world: World) -> Organisation:
    made = create_organisation("Acme", by=SYSTEM)
    world.dan.organisation = made
    world.dan.save(update_fields=["organisation"])
    return made


def text(browser: Client, path: str) -> str:
    return browser.get(path).content.decode()


def test_a_call_with_a_customer_needs_no_ticket(world: World, ana: Client, acme: Organisation) -> None:
    home = f"/desk/people/{world.dan.public_id}/"
    assert f"{home}activities/new/" in text(ana, home)
    assert ana.post(f"{home}activities/new/", SENT).status_code == 302
    made = Activity.objects.get()
    assert (made.ticket, made.contact, made.organisation) == (None, world.dan, acme)
    for page in (home, f"/desk/organisations/{acme.public_id}/", "/desk/agenda/"):
        assert f"/desk/activities/{made.pk}/" in text(ana, page)
    feed = calendar_of(world.ana).decode()
    assert "SUMMARY:Renewal" in feed
    assert "Dan" in feed


def test_one_of_their_tickets_may_be_chosen(world: World, ana: Client) -> None:
    ticket, other = make_ticket(world), make_ticket(world, team=world.sales)
    address = f"/desk/people/{world.dan.public_id}/activities/new/"
    form = text(ana, address)
    assert f">#{ticket.pk} " in form
    assert f">#{other.pk} " not in form
    assert ana.post(address, SENT | {"ticket": str(other.pk)}).status_code == 422
    assert ana.post(address, SENT | {"ticket": str(ticket.pk)}).status_code == 302
    assert Activity.objects.get().ticket == ticket


def test_with_an_organisation_changed_and_taken_off_the_plan(
    world: World, ana: Client, acme: Organisation
) -> None:
    home = f"/desk/organisations/{acme.public_id}/"
    refused = ana.post(f"{home}activities/new/", SENT | {"subject": " "})
    assert refused.status_code == 422
    assert 'data-error-field="subject"' in refused.content.decode()
    assert 'value="Quito"' in refused.content.decode()
    ana.post(f"{home}activities/new/", SENT)
    made = Activity.objects.get()
    assert (made.contact, made.organisation) == (None, acme)
    ana.post(f"/desk/activities/{made.pk}/", SENT | {"subject": "Renewal, again"})
    made.refresh_from_db()
    assert made.subject == "Renewal, again"
    ana.post(f"/desk/activities/{made.pk}/", {"do": "delete"})
    assert not Activity.objects.exists()


def test_who_may_not_plan_sees_what_is_planned(world: World, signed_in: SignIn) -> None:
    when = datetime(2099, 3, 2, tzinfo=UTC)
    made = plan(by=world.ana, owner=world.ana, contact=world.dan, subject="Renewal", starts_at=when)
    home, rita = f"/desk/people/{world.dan.public_id}/", signed_in(world.rita)
    assert "Renewal" in text(rita, home)
    assert "activities/new/" not in text(rita, home)
    assert rita.get(f"{home}activities/new/").status_code == 403
    assert rita.get(f"/desk/activities/{made.pk}/").status_code == 403


def test_what_is_planned_for_a_ticket_of_others_is_not_shown(
    world: World, ana: Client, signed_in: SignIn
) -> None:
    when = datetime(2099, 3, 2, tzinfo=UTC)
    ticket = make_ticket(world, team=world.sales)
    made = plan(by=world.cleo, owner=world.cleo, ticket=ticket, subject="Secret call", starts_at=when)
    assert "Secret call" not in text(ana, f"/desk/people/{world.dan.public_id}/")
    assert ana.get(f"/desk/activities/{made.pk}/").status_code == 404
