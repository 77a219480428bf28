"""What the ticket's page offers where not everybody goes every way, and how it asks for what is missing."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client

from zaguan.people import reference as people
from zaguan.testing.makers import make_ticket
from zaguan.testing.world import World, make_world
from zaguan.tickets.models import Category, Phase, Status, Ticket
from zaguan.tickets.statuses import default_status, set_status
from zaguan.tickets.transition_settings import set_needs, set_way
from zaguan.tickets.transitions import NOBODY, Way

pytestmark = pytest.mark.django_db
HTMX: dict[str, Any] = {"HTTP_HX_REQUEST": "true", "HTTP_HX_CURRENT_URL": "http://testserver/desk/"}
SCRIPT: dict[str, Any] = {"HTTP_HX_REQUEST": "true"}


def resolved() -> Status:
    people.forget_all()
    return default_status(Phase.RESOLVED)


def desk(world: World) -> Client:
    world.ana.language = "en"
    world.ana.save()
    client = Client()
    client.force_login(world.ana)
    return client


def opened(world: World) -> Ticket:
    return set_status(make_ticket(world), default_status(Phase.OPEN), by=world.ana)


def test_the_menus_offer_what_is_allowed_and_say_why_the_rest_is_not() -> None:
    world = make_world()
    ticket = opened(world)
    set_way(resolved(), None, None, Way(NOBODY), by=world.bo)
    shown = desk(world).get(f"/desk/tickets/{ticket.pk}/").text
    assert f'formaction="/desk/tickets/{ticket.pk}/status/?status={resolved().pk}"' not in shown
    assert f'name="then" value="{resolved().pk}"' not in shown
    assert shown.count("Nobody changes a ticket from “In process” to “Completed” by hand.") == 3
    other = desk(world).get(f"/desk/tickets/{make_ticket(world).pk}/").text
    assert "Nobody changes a ticket from “New” to “Completed” by hand." in other


def test_a_click_that_lacks_something_opens_a_dialog_that_fills_it_in_and_sets_the_status() -> None:
    world = make_world()
    ticket, client = opened(world), desk(world)
    set_needs(resolved(), None, ["category", "reason"], by=world.bo)
    address = f"/desk/tickets/{ticket.pk}/status/?status={resolved().pk}"
    answer = client.post(address, {"reason": "because I say so"}, **HTMX)
    assert (answer.status_code, answer["HX-Retarget"]) == (422, "#action-dialog")
    assert 'name="category"' in answer.text
    assert "For “Completed” this is missing: Category." in answer.text
    assert 'value="because I say so"' in answer.text
    ask = f"/desk/tickets/{ticket.pk}/status/ask/?status={resolved().pk}"
    assert f'action="{ask}"' in answer.text
    category = Category.objects.earliest("pk")
    posted = {"asked": ["category", "reason"], "category": category.pk, "reason": ""}
    again = client.post(ask, posted, HTTP_HX_TARGET="action-dialog", **HTMX)
    assert again.status_code == 422
    assert f'<option value="{category.pk}" selected>' in again.text
    assert Ticket.objects.get(pk=ticket.pk).category is None, "all of it or nothing"
    done = client.post(ask, posted | {"reason": "told"}, HTTP_HX_TARGET="action-dialog", **HTMX)
    assert done.status_code == 204
    ticket.refresh_from_db()
    assert (ticket.category, ticket.phase, ticket.status_reason) == (category, Phase.RESOLVED, "told")


def test_without_script_the_same_is_a_page() -> None:
    world = make_world()
    ticket, client = opened(world), desk(world)
    set_needs(resolved(), None, ["summary", "tags", "time"], by=world.bo)
    answer = client.post(f"/desk/tickets/{ticket.pk}/status/?status={resolved().pk}")
    assert answer.status_code == 422
    assert "<main" in answer.text
    posted = {
        "asked": ["summary", "tags", "time"],
        "summary": "Fixed",
        "tags": "one, two",
        "time_minutes": "25",
    }
    client.post(f"/desk/tickets/{ticket.pk}/status/ask/?status={resolved().pk}", posted)
    ticket.refresh_from_db()
    assert (ticket.phase, ticket.summary, ticket.tags.count()) == (Phase.RESOLVED, "Fixed", 2)
    assert ticket.time_entries.get().minutes == 25


def test_the_composer_keeps_the_words_and_asks_before_it_sends() -> None:
    world = make_world()
    ticket, client = opened(world), desk(world)
    set_needs(resolved(), None, ["summary"], by=world.bo)
    words = {"note_html": "<p>words</p>", "then": resolved().pk, "key": "k"}
    answer = client.post(f"/desk/tickets/{ticket.pk}/note/", words, **SCRIPT)
    told = json.loads(answer.content)
    assert told["ask"] == f"/desk/tickets/{ticket.pk}/status/ask/?status={resolved().pk}&only=1"
    assert ticket.messages.filter(direction="note").count() == 0
    filled = client.post(
        told["ask"], {"asked": "summary", "summary": "Fixed"}, HTTP_HX_TARGET="action-dialog", **HTMX
    )
    assert "ticket:filled" in json.loads(filled["HX-Trigger"])
    assert client.post(f"/desk/tickets/{ticket.pk}/note/", words, **SCRIPT).status_code == 200
    ticket.refresh_from_db()
    assert ticket.phase == Phase.RESOLVED


def test_a_card_of_the_board_goes_back_with_the_reason() -> None:
    world = make_world()
    ticket = opened(world)
    set_needs(resolved(), None, ["summary"], by=world.bo)
    answer = desk(world).post(f"/desk/tickets/{ticket.pk}/status/", {"status": resolved().pk}, **SCRIPT)
    assert answer.status_code == 422
    assert answer.json()["title"] == "For “Completed” this is missing: Summary."


def test_no_way_back_is_offered_where_there_is_none() -> None:
    world = make_world()
    ticket, client = opened(world), desk(world)
    set_way(default_status(Phase.OPEN), None, None, Way(NOBODY), by=world.bo)
    people.forget_all()
    answer = client.post(f"/desk/tickets/{ticket.pk}/status/", {"status": resolved().pk}, **SCRIPT)
    assert "undo" not in json.loads(answer["HX-Trigger"])["toast"]
