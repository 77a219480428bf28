"""One logs 25 minutes of overtime, runs a timer, plans a call and ticks off a list; a colleague sees it at once."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.journeys.acting import ticket_from_mail
from zaguan.testing.installation import Installation


def test_work_on_a_ticket_is_seen_by_a_colleague(lucia: Page, diego: Page, house: Installation) -> None:
    number = ticket_from_mail(lucia, house, "Trabajo medido")
    address = f"{house.url}/desk/tickets/{number}/"
    diego.goto(f"{address}?tab=time")
    lucia.goto(f"{address}?tab=time")

    # 25 minutes of overtime, by the key.
    lucia.locator("body").press("Shift+L")
    dialog = lucia.locator("#action-dialog")
    dialog.locator("[name=minutes]").fill("25")
    dialog.locator("[name=kind]").select_option("overtime")
    dialog.locator("[name=note]").fill("Cambio de cable")
    dialog.locator("button.button--primary").click()
    for page in (lucia, diego):
        expect(page.locator(".entry", has_text="Cambio de cable")).to_contain_text("0:25")

    # A timer survives a reload, and every page names it.
    lucia.locator("#timer button").first.click()
    expect(lucia.locator("[data-timer][data-runs]")).to_be_visible()
    lucia.reload()
    expect(lucia.locator("[data-timer][data-runs]")).to_be_visible()
    expect(lucia.locator("[data-running-timer]")).to_be_visible()
    lucia.goto(f"{house.url}/desk/views/mine/")
    lucia.locator("[data-running-timer]").click()
    lucia.locator("[name=note]").fill("Medido")
    lucia.locator("main button.button--primary").click()
    expect(diego.locator(".entry", has_text="Medido")).to_be_visible()

    # A call for tomorrow, seen in the tab and in the agenda.
    diego.goto(f"{address}?tab=activities")
    lucia.goto(f"{address}activities/")
    lucia.locator("[name=subject]").fill("Llamar para confirmar")
    lucia.locator("main button.button--primary").click()
    expect(diego.locator(".entry", has_text="Llamar para confirmar")).to_be_visible()
    lucia.goto(f"{house.url}/desk/agenda/")
    expect(lucia.get_by_text("Llamar para confirmar").first).to_be_visible()

    # A list, ticked off.
    diego.goto(f"{address}?tab=checklist")
    lucia.goto(f"{address}?tab=checklist")
    lucia.locator("#check-text").fill("Pedir repuesto")
    lucia.locator("#add-check button").click()
    lucia.locator(".check-item button[aria-pressed]").click()
    expect(diego.locator(".check-item__done", has_text="Pedir repuesto")).to_be_visible()
