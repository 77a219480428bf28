"""Two agents on one ticket's tabs: a chat of notes beside the conversation, parties, and handing over."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.journeys.acting import open_ticket, ticket_from_mail
from zaguan.testing.installation import Installation


def test_they_talk_beside_the_conversation_and_bring_somebody_in(
    lucia: Page, diego: Page, house: Installation
) -> None:
    number = ticket_from_mail(lucia, house, "Entre varios")
    open_ticket(lucia, house, number)
    open_ticket(diego, house, number)

    # All tabs are one key away; the conversation stays where it is.
    diego.keyboard.press("v")
    menu = diego.locator("#tab-menu")
    expect(menu.get_by_role("menuitem").first).to_be_focused()
    menu.locator("a[href$='tab=notes']").click()
    expect(diego.locator("#chat-text")).to_be_visible()
    expect(diego.locator("#thread")).to_be_visible()

    lucia.keyboard.press("Shift+N")
    field = lucia.locator("#chat-text")
    field.fill("¿Lo conoces?")
    field.press("Enter")
    expect(diego.locator("#chat-all")).to_contain_text("¿Lo conoces?")
    expect(field).to_have_value("")

    # Each tab has an address of its own; the other sees who comes in.
    diego.goto(f"{house.url}/desk/tickets/{number}/?tab=parties")
    lucia.goto(f"{house.url}/desk/tickets/{number}/?tab=parties")
    lucia.locator("#party-who").fill("sol@agency.example")
    lucia.locator("#party-who").press("Enter")
    lucia.locator("#add-party button[type=submit]").click()
    theirs = diego.locator("#party-list")
    expect(theirs).to_contain_text("sol@agency.example")
    theirs.locator("button[value=copy]").click()
    expect(lucia.locator("#party-list button[value=no-copy]")).to_be_visible()

    # The dialog keeps what was typed when it refuses, and the undo leads back.
    lucia.keyboard.press("Escape")
    lucia.locator("#thread").focus()
    lucia.keyboard.press("Shift+T")
    dialog = lucia.locator("#action-dialog")
    dialog.locator("textarea").fill("Pregunta por un envío")
    dialog.locator("select").evaluate("field => field.removeAttribute('required')")
    dialog.locator("button[type=submit]").click()
    expect(dialog.get_by_role("alert")).to_be_visible()
    expect(dialog.locator("textarea")).to_have_value("Pregunta por un envío")
    dialog.locator("select").select_option(index=1)
    dialog.locator("button[type=submit]").click()
    expect(dialog).to_be_hidden()
    expect(lucia.locator("#toasts")).not_to_be_empty()
