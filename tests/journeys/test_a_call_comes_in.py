"""A call becomes a ticket with its note and its working time, all at once or not at all; a colleague sees it come."""

from __future__ import annotations

import re
from uuid import uuid4

from playwright.sync_api import Page, expect

from tests.journeys.acting import ask
from zaguan.testing.installation import Installation

TEAM = "from zaguan.people.models import Team; print(Team.objects.filter(agents__email='diego@patio.example')[0].name)"


def test_a_call_is_saved_whole_or_not_at_all(lucia: Page, diego: Page, house: Installation) -> None:
    subject = f"Llamada por el toldo {uuid4().hex[:6]}"
    count = (
        f"from zaguan.tickets.models import Ticket as T; print(T.objects.filter(subject='{subject}').count())"
    )
    diego.goto(f"{house.url}/desk/views/all/?order=created")
    expect(diego.locator("html")).to_have_attribute("data-live", "on")

    lucia.goto(f"{house.url}/desk/tickets/new/")
    with lucia.expect_navigation():
        lucia.locator("button[form=forget]").click()
    lucia.locator("[name=visibility][value=public]").check()
    lucia.locator("label:has([name=channel][value=phone])").click()
    lucia.fill("#new-requester", f"toldo.{uuid4().hex[:6]}@cliente.example")
    lucia.keyboard.press("Enter")
    lucia.fill("#new-subject", subject)
    lucia.fill("[name=caller]", "+57 601 555 0102")
    lucia.locator("#new-team-button").click()
    lucia.get_by_role("listbox", name="Equipo").get_by_role("option", name=ask(house, TEAM)).click()
    lucia.locator(".composer__area:visible").click()
    editor = lucia.locator(".new-ticket [contenteditable=true]:visible")
    expect(editor).to_be_focused()
    lucia.keyboard.type("El toldo gotea")
    lucia.locator("details:has([name=minutes]) > summary").click()
    lucia.fill("[name=minutes]", "nunca")
    lucia.locator("[data-send=new]").click()

    # Refused at its field; nothing was saved, and nothing typed is lost.
    expect(lucia.locator("#error-minutes")).to_be_visible()
    assert ask(house, count) == "0"
    expect(lucia.locator("#new-subject")).to_have_value(subject)
    expect(editor).to_have_text("El toldo gotea")

    lucia.fill("[name=minutes]", "25")
    lucia.locator("[data-send=new]").click()
    lucia.wait_for_url(re.compile(r"/tickets/\d+/"))
    expect(lucia.locator("#thread")).to_contain_text("El toldo gotea")
    expect(diego.locator(".ticket-row", has_text=subject)).to_be_visible()
    lucia.goto(f"{lucia.url.split('?')[0]}?tab=time")
    expect(lucia.locator(".entry")).to_contain_text("0:25")
    assert ask(house, count) == "1"
