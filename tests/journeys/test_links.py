"""Tickets that belong together: connect, track, tell, inform, while somebody else looks on."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.journeys.acting import ask, open_ticket, ticket_from_mail
from zaguan.testing.installation import Installation

START = """
from zaguan.conversations.mass_updates import start_update
from zaguan.conversations.models import MassUpdate
from zaguan.people.models import Agent
start_update(MassUpdate.objects.get(), by=Agent.objects.get(email="lucia@patio.example"), wait=0)
print("started")
"""
TYPE = "from zaguan.tickets.models import TicketType as T; print(T.objects.create(name='Caídas', category='tracker').pk)"


def test_a_parent_gets_a_child_and_somebody_else_sees_it(
    lucia: Page, diego: Page, house: Installation
) -> None:
    parent, child = ticket_from_mail(lucia, house, "Mudanza"), ticket_from_mail(lucia, house, "Cajas")
    diego.goto(f"{house.url}/desk/tickets/{parent}/?tab=related")
    lucia.goto(f"{house.url}/desk/tickets/{parent}/?tab=related")
    lucia.locator('[hx-get$="links/add/"]').last.click()
    dialog = lucia.locator("#action-dialog")
    dialog.locator("#connect-number").press_sequentially("Cajas")
    dialog.get_by_role("option", name=f"#{child}").click()
    dialog.locator("select[name=kind]").select_option("child-out")
    dialog.locator("button[type=submit]").click()
    for page in (lucia, diego):
        row = page.locator(f"#related-child-out-{child}")
        expect(row).to_be_visible()
        expect(row).to_contain_text("Cajas")
    lucia.goto(f"{house.url}/desk/tickets/{parent}/?tab=document_flow")
    expect(lucia.locator(".flow__box")).to_have_count(2)
    lucia.locator(".flow__box", has_text="Cajas").locator("a").first.click()
    expect(lucia).to_have_url(f"{house.url}/desk/tickets/{child}/?tab=document_flow")


def test_a_tracker_tells_and_informs_everybody(lucia: Page, diego: Page, house: Installation) -> None:
    kind = ask(house, TYPE).strip()
    numbers = [ticket_from_mail(lucia, house, f"Sin servicio {n}") for n in range(2)]
    lucia.goto(f"{house.url}/desk/tickets/{numbers[0]}/track/")
    lucia.locator("#field-subject").fill("Caída general")
    lucia.locator("#field-type").select_option(kind)
    lucia.locator("main form button[type=submit]").click()
    expect(lucia.locator("#related-tracked-in")).to_contain_text("Caída general")
    href = lucia.locator("#related-tracked-in .mini").get_attribute("href") or ""
    tracker = href.strip("/").split("/")[-1]

    lucia.goto(f"{house.url}/desk/tickets/{numbers[1]}/track/")
    lucia.locator("#field-tracker").select_option(tracker)
    lucia.locator("main form button[type=submit]").click()

    open_ticket(diego, house, numbers[1])
    lucia.goto(f"{house.url}/desk/tickets/{tracker}/?tab=related")
    expect(lucia.locator("#related-tracked-out .related__one")).to_have_count(2)
    lucia.locator("#tell-form textarea").fill("Cambian el cable a las tres.")
    lucia.locator("#tell-form button[type=submit]").click()
    expect(diego.locator(".message--note", has_text="Cambian el cable")).to_be_visible()

    lucia.goto(f"{house.url}/desk/tickets/{tracker}/inform/")
    lucia.locator("#field-text").fill("Hola {{requester.first_name|cliente}}, ya funciona.")
    lucia.locator("main form button[type=submit]").click()
    expect(lucia.locator("table tbody tr")).to_have_count(2)
    expect(lucia.locator("table")).to_contain_text("ya funciona.")
    ask(house, START)
    expect(diego.locator(".message:not(.message--note)", has_text="ya funciona").first).to_be_visible()
