"""Whose turn it is: the clocks beside a ticket go on by themselves, and turn with its status."""

from __future__ import annotations

from playwright.sync_api import Browser, Page, expect

from tests.journeys.acting import another_agent, sign_in, ticket_from_mail
from zaguan.testing.installation import Installation


def test_the_clocks_turn_with_the_status_for_everybody_who_looks(
    browser: Browser, page: Page, house: Installation
) -> None:
    sign_in(page, house)
    number = ticket_from_mail(page, house, "¿De quién es el turno?")
    with another_agent(browser, house, "diego@patio.example") as diego:
        for each in (page, diego):
            each.goto(f"{house.url}/desk/tickets/{number}/")
            expect(each.locator("#acc-clocks .sides__now")).to_have_count(1)
        expect(diego.locator("html")).to_have_attribute("data-live", "on")
        before = page.locator("#acc-clocks .sides__now").inner_text()

        page.keyboard.press("s")
        page.locator("#status-menu button:has(.dot[data-phase=third])").first.click()
        for each in (page, diego):
            expect(each.locator("#acc-clocks .sides__now .dot")).to_have_attribute("data-phase", "third")
            expect(each.locator("#acc-clocks .sides__now")).not_to_have_text(before)
    page.goto(f"{house.url}/desk/tickets/{number}/?tab=clocks")
    expect(page.locator("#panel .entry").first).to_be_visible()
    expect(page.locator("#panel .entry [data-runs]").first).to_be_visible()
