"""The ticket's menu and the palette: type to find, arrows and Enter, macros too."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.journeys.acting import open_ticket, sign_in, ticket_from_mail
from zaguan.testing.installation import Installation


def test_an_entry_of_the_menu_is_found_by_typing(page: Page, house: Installation) -> None:
    sign_in(page, house)
    number = ticket_from_mail(page, house, "Menú largo")
    open_ticket(page, house, number)
    page.set_viewport_size({"width": 900, "height": 375})
    menu = page.locator("#ticket-menu")
    page.locator("[popovertarget=ticket-menu]").click()
    expect(menu.locator(".menu__find")).to_be_focused()
    box = menu.bounding_box()
    assert box is not None
    assert box["y"] >= 0
    assert box["y"] + box["height"] <= 375
    page.keyboard.type("FÚS")
    expect(menu.locator(".menu__item:visible", has_text="Fusionar con otro ticket")).to_be_visible()
    expect(menu.locator(".menu__item:visible", has_text="Eliminar")).to_have_count(0)
    expect(menu.locator("[data-active]")).to_have_count(1)
    page.keyboard.press("ArrowDown")
    expect(menu.locator(".menu__item:focus")).to_have_count(1)
    page.keyboard.press("Escape")
    expect(menu).to_be_hidden()
    page.locator("[popovertarget=ticket-menu]").click()
    expect(menu.locator(".menu__find")).to_have_value("")
    page.keyboard.type("clonar")
    page.keyboard.press("Enter")
    expect(page.locator("#action-dialog [name=subject]")).to_be_visible()


def test_a_macro_is_chosen_in_the_palette(page: Page, house: Installation) -> None:
    sign_in(page, house)
    number = ticket_from_mail(page, house, "Paleta con macros")
    open_ticket(page, house, number)
    page.keyboard.press("Control+k")
    page.keyboard.type("asignarmelo e iniciar")
    expect(page.locator("dialog.palette .option", has_text="Asignármelo e iniciar")).to_be_visible()
    page.keyboard.press("Enter")
    expect(page.locator("#action-dialog #macro-preview")).to_be_visible()
