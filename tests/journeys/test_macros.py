"""Several things in one click, ready texts, and whole lists at once; a second agent watches, and all of it is taken back."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.journeys.acting import (
    ask,
    expect_phase,
    open_ticket,
    ticket_from_mail,
)
from zaguan.testing.installation import Installation

MACRO = "Asignármelo e iniciar"


def test_a_macro_by_key_with_preview_and_the_way_back(lucia: Page, diego: Page, house: Installation) -> None:
    number = ticket_from_mail(lucia, house, "Una macro")
    open_ticket(lucia, house, number)
    open_ticket(diego, house, number)
    expect_phase(diego, "new")
    lucia.keyboard.press("m")
    dialog = lucia.locator("#action-dialog")
    dialog.get_by_text(MACRO).click()
    expect(dialog.locator("#macro-preview strong").first).to_have_text("Lucía Ferrer")
    dialog.locator("[data-macro-apply]").click()
    expect(dialog).to_be_hidden()
    expect_phase(lucia, "open")
    expect_phase(diego, "open")
    lucia.locator(".toast__undo").last.click()
    expect_phase(diego, "new")
    expect_phase(lucia, "new")


def test_a_ready_text_behind_a_slash(lucia: Page, house: Installation) -> None:
    number = ticket_from_mail(lucia, house, "Un texto listo")
    open_ticket(lucia, house, number)
    lucia.keyboard.press("r")
    lucia.locator("#composer .composer__area:visible").click()
    editor = lucia.locator("#composer [contenteditable=true]:visible")
    expect(editor).to_be_focused()
    lucia.keyboard.type("/record")
    expect(lucia.locator("#choices-at-cursor .option")).to_have_count(1)
    expect(editor).to_have_attribute("aria-activedescendant", "choice-at-cursor-0")
    lucia.keyboard.press("Enter")
    expect(editor).to_contain_text("Adélaïde")
    expect(editor).to_contain_text(f"#{number}")
    lucia.keyboard.type(" {{organisation.name}}")
    expect(editor.locator(".placeholder")).to_have_count(1)
    lucia.keyboard.press("Control+Enter")
    expect(lucia.locator("#composer [data-notice]")).to_contain_text("{{organisation.name}}")
    for _letter in "{{organisation.name}}":
        lucia.keyboard.press("Backspace")
    lucia.keyboard.press("Control+Enter")
    expect(lucia.locator(".message", has_text="Adélaïde").last).to_be_visible()


def test_a_whole_list_at_once(lucia: Page, house: Installation) -> None:
    numbers = [ticket_from_mail(lucia, house, f"En montón {n}") for n in range(2)]
    lucia.goto(f'{house.url}/desk/views/all/?q="En montón"')
    lucia.locator('.ticket-row input[name="ticket"]').first.check(force=True)
    selection = lucia.locator("#selection")
    selection.locator('input[name="whole"]').check()
    expect(selection.locator("[data-whole-words]")).to_contain_text("2")
    selection.locator('[name="do"][value="important:1"]').click()
    expect(lucia.locator(".toast__undo").last).to_be_visible()
    starred = f"from zaguan.tickets.models import Ticket as T; print(T.objects.filter(pk__in={numbers}, is_important=True).count())"
    assert ask(house, starred) == "2"
    with lucia.expect_response("**/undo/"):
        lucia.locator(".toast__undo").last.click()
    assert ask(house, starred) == "0"
