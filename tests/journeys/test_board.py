"""A view as a board: cards are moved by mouse and by key, and a colleague sees it at once."""

from __future__ import annotations

from playwright.sync_api import Browser, Page, expect

from tests.journeys.acting import another_agent, sign_in, ticket_from_mail
from zaguan.testing.installation import Installation

BOARD = "/desk/views/open/board/?q=Tablero"


def test_cards_move_and_a_colleague_sees_it(browser: Browser, page: Page, house: Installation) -> None:
    sign_in(page, house)
    number = ticket_from_mail(page, house, "Tablero de la entrada")
    with another_agent(browser, house, "diego@patio.example") as diego:
        page.goto(house.url + BOARD)
        diego.goto(house.url + BOARD)
        expect(diego.locator("html")).to_have_attribute("data-live", "on")
        card, columns = f".ticket-row[data-ticket='{number}']", ".board__column"
        first, second = page.locator(columns).nth(0), page.locator(columns).nth(1)
        expect(first.locator(card)).to_be_visible()

        first.locator(card).locator("a").focus()
        page.keyboard.press("Shift+ArrowRight")
        expect(second.locator(card)).to_be_visible()
        expect(diego.locator(columns).nth(1).locator(card)).to_be_visible()

        second.locator(card).drag_to(page.locator(columns).nth(3))
        expect(page.locator(columns).nth(3).locator(card)).to_be_visible()
        expect(diego.locator(columns).nth(3).locator(card)).to_be_visible()
