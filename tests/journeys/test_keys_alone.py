"""A whole working day without a mouse."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.journeys.acting import expect_phase, sign_in, ticket_from_mail
from zaguan.testing.installation import Installation


def test_an_agent_works_with_keys_alone(house: Installation, page: Page) -> None:
    sign_in(page, house)
    number = ticket_from_mail(page, house, "Sin ratón")
    page.goto(f"{house.url}/desk/views/unassigned/?order=created")
    page.keyboard.press("j")
    page.keyboard.press("k")
    page.keyboard.press("Enter")
    conversation = page.locator("[data-ticket-page]")
    expect(conversation).to_be_visible()
    first = conversation.get_attribute("data-ticket") or ""
    page.keyboard.press("j")
    expect(conversation).not_to_have_attribute("data-ticket", first)
    page.keyboard.press("k")
    expect(conversation).to_have_attribute("data-ticket", first)

    page.goto(f"{house.url}/desk/tickets/{number}/")
    page.keyboard.press("i")
    expect(page.locator("#panel-body [data-keys=i]")).to_have_count(0)
    page.keyboard.press("r")
    expect(page.locator("#composer [contenteditable=true]:visible")).to_be_focused()
    page.keyboard.type("Va por correo.")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#thread .message--agent", has_text="Va por correo.")).to_be_visible()

    page.keyboard.press("t")
    expect(page.locator("#panel [data-tokens] input:focus")).to_have_count(1)
    page.keyboard.type("teclado")
    page.keyboard.press("Enter")
    page.keyboard.press("Escape")
    expect(page.locator("#panel-body")).to_contain_text("teclado")
    page.locator("#main").focus()

    page.keyboard.press("s")
    expect(page.locator("#status-menu")).to_be_visible()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Escape")
    page.keyboard.press("z")
    expect(page.locator("#snooze-menu")).to_be_visible()
    page.keyboard.press("Enter")
    expect_phase(page, "snoozed")


def test_palette_and_help(house: Installation, page: Page) -> None:
    sign_in(page, house)
    page.keyboard.press("?")
    expect(page.locator("#keys")).to_be_visible()
    assert page.locator("#keys kbd").count() > 10
    page.keyboard.press("Escape")
    page.keyboard.press("Control+k")
    expect(page.locator(".palette__input")).to_be_focused()
    page.keyboard.type("config")
    expect(page.locator("dialog.palette .option").first).to_be_visible()
    page.keyboard.press("Enter")
    page.wait_for_url("**/settings/**")
    page.keyboard.press("Control+k")
    page.keyboard.type("190")
    expect(page.locator("dialog.palette .option", has_text="#190")).to_be_visible()
