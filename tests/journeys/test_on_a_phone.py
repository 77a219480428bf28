"""The desk at 375 pixels: one pane at a time, and a way back."""

from __future__ import annotations

from playwright.sync_api import Browser, expect

from tests.journeys.acting import ADMIN, another_agent, ticket_from_mail, write
from zaguan.testing.installation import Installation


def test_a_ticket_is_answered_on_a_phone(house: Installation, browser: Browser) -> None:
    size = {"width": 375, "height": 812}
    with another_agent(browser, house, ADMIN, viewport=size, has_touch=True) as page:
        number = ticket_from_mail(page, house, "Desde el móvil")
        page.goto(f"{house.url}/desk/views/unassigned/?order=created")
        assert page.evaluate("document.documentElement.scrollWidth") <= 375
        page.locator(f'[data-list] .ticket-row[data-ticket="{number}"] .ticket-row__subject').tap()
        expect(page.locator("#thread")).to_be_visible()
        expect(page.locator("#list")).to_be_hidden()
        assert page.evaluate("document.documentElement.scrollWidth") <= 375
        write(page, "Respondo desde la calle.")
        page.locator("#composer .split.when-reply [data-send=reply]").tap()
        expect(page.locator("#thread .message--agent", has_text="desde la calle")).to_be_visible()
        page.locator("#ticket-head .back").tap()
        expect(page.locator("#list")).to_be_visible()
        expect(page.locator("#thread")).to_be_hidden()
        for path in (
            "people/",
            "settings/?all=1",
            "search/?q=factura",
            "tickets/new/",
            "failed-mail/",
            "profile/",
        ):
            page.goto(f"{house.url}/desk/{path}")
            assert page.evaluate("document.documentElement.scrollWidth") <= 375, path
