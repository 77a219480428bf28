"""A rule is written in words, tried and switched on; it acts on a mail, and the ticket says why. A status asks for what is missing."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.journeys.acting import expect_phase, open_ticket, ticket_from_mail
from zaguan.testing.installation import Installation

NAME, TAG = "Marcar lo del patio", "patio-nuevo"


def test_a_rule_from_its_first_word_to_the_answer_why(lucia: Page, house: Installation) -> None:
    lucia.goto(f"{house.url}/desk/settings/automation/new/")
    lucia.fill("[name=name]", NAME)
    lucia.select_option("[name=when-add]", "ticket_opened")
    lucia.click("[name=do][value=when-add]")
    expect(lucia.locator("[name=when-0-key]")).to_have_value("ticket_opened")
    lucia.select_option("[name=add]", "add_tags")
    lucia.click("[name=do][value=add]")
    lucia.fill("[name=step-0-tags]", TAG)
    expect(lucia.locator("#rule-words")).to_contain_text(TAG)
    with lucia.expect_popup() as opened:
        lucia.click("[name=do][value=try]")
    beside = opened.value
    expect(beside.locator(".rule__result")).to_be_visible()
    expect(beside.locator("[data-run-page]")).to_have_count(0)
    expect(beside.locator(".item", has_text=TAG).first).to_be_visible()
    beside.close()
    lucia.click("[name=do][value=on]")
    expect(lucia.locator(".item", has_text=NAME).locator("[value=off]")).to_be_visible()
    number = ticket_from_mail(lucia, house, "Lo del patio")
    open_ticket(lucia, house, number)
    expect(lucia.locator(".why__link").first).to_be_attached()
    lucia.locator("details.thread-events > summary").evaluate_all("all => all.forEach((one) => one.click())")
    lucia.locator(".why__link").first.click()
    why = lucia.locator("#action-dialog")
    expect(why).to_contain_text(NAME)
    expect(why).to_contain_text(TAG)
    lucia.goto(f"{house.url}/desk/settings/automation/")
    lucia.locator(".item", has_text=NAME).locator("[value=off]").click()
    expect(lucia.locator(".item", has_text=NAME).locator("[value=on]")).to_be_visible()


def test_a_status_asks_for_what_is_missing_and_no_word_is_lost(lucia: Page, house: Installation) -> None:
    number = ticket_from_mail(lucia, house, "Sin resumen")
    lucia.goto(f"{house.url}/desk/settings/transitions/")
    lucia.locator(".ways th a", has=lucia.locator('[data-phase="resolved"]')).first.click()
    lucia.check("[name=fields][value=summary]")
    lucia.locator("main form button[type=submit]").first.click()
    expect(lucia.locator("[name=fields][value=summary]")).to_be_checked()
    there = lucia.url
    open_ticket(lucia, house, number)
    lucia.keyboard.press("e")
    dialog = lucia.locator("#action-dialog")
    dialog.locator("[name=summary]").fill("Se cambió la llave")
    dialog.locator("button[type=submit]").click()
    expect_phase(lucia, "resolved")
    lucia.goto(there)
    lucia.uncheck("[name=fields][value=summary]")
    lucia.locator("main form button[type=submit]").first.click()
    expect(lucia.locator("[name=fields][value=summary]")).not_to_be_checked()
