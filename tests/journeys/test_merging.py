"""Two tickets become one while a colleague types; a message gets a ticket of its own; one is deleted and brought back."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.journeys.acting import open_ticket, ticket_from_mail, write
from zaguan.testing.installation import Installation


def _choose(page: Page, path: str) -> None:
    """An entry of the ticket's menu."""
    page.locator("[popovertarget=ticket-menu]").click()
    page.locator(f"#ticket-menu [hx-get$='/{path}/']").click()
    expect(page.locator("#action-dialog")).to_be_visible()


def _submit(page: Page) -> None:
    page.locator("#action-dialog .dialog__foot [type=submit]").click()


def test_a_colleague_types_on_while_the_ticket_is_merged_and_parted_again(
    lucia: Page, diego: Page, house: Installation
) -> None:
    first = ticket_from_mail(lucia, house, "Fuga en el patio", "Gotea.")
    second = ticket_from_mail(lucia, house, "Sigue goteando", "Ahora más.")
    open_ticket(diego, house, second)
    diego.keyboard.press("r")
    write(diego, "Voy para allá")

    open_ticket(lucia, house, first)
    _choose(lucia, "merge")
    dialog = lucia.locator("#action-dialog")
    dialog.locator(f"[name=ticket][value='{second}']").check()
    _submit(lucia)
    lucia.wait_for_url(f"**/desk/tickets/{first}/")
    expect(lucia.locator("#thread-all")).to_contain_text("Ahora más.")
    expect(diego.locator("#thread-all")).to_contain_text("Gotea.")
    expect(diego.locator("#composer [contenteditable=true]:visible")).to_have_text("Voy para allá")

    diego.goto(f"{house.url}/desk/tickets/{second}/")
    diego.wait_for_url(f"**/desk/tickets/{first}/")
    _choose(lucia, "merged")
    lucia.locator("#action-dialog [name=merge]").click()
    expect(lucia.locator("#thread-all")).not_to_contain_text("Ahora más.")
    expect(diego.locator("#thread-all")).not_to_contain_text("Ahora más.")


def test_a_message_leaves_and_a_deleted_ticket_comes_back(
    lucia: Page, diego: Page, house: Installation
) -> None:
    number = ticket_from_mail(lucia, house, "Silla y mesa", "La silla.")
    open_ticket(lucia, house, number)
    open_ticket(diego, house, number)
    _choose(lucia, "clone")
    lucia.locator("#action-dialog [name=conversation]").check()
    lucia.locator("#action-dialog [name=subject]").fill("Silla y mesa, copia")
    _submit(lucia)
    expect(lucia.locator("#ticket-head")).to_contain_text("Silla y mesa, copia")

    open_ticket(lucia, house, number)
    _choose(lucia, "delete")
    _submit(lucia)
    lucia.wait_for_url("**/desk/trash/")
    item = lucia.locator(".item", has_text=f"#{number}")
    expect(item).to_be_visible()
    diego.goto(f"{house.url}/desk/tickets/{number}/")
    expect(diego.locator("[data-ticket-page]")).to_have_count(0)
    item.locator("form [type=submit]").first.click()
    lucia.wait_for_url(f"**/desk/tickets/{number}/")
    expect(lucia.locator("#thread-all")).to_contain_text("La silla.")
