"""A type is set up in the settings; a conversation becomes a ticket of it while a second agent looks on."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.journeys.acting import open_ticket, ticket_from_mail
from zaguan.testing.installation import Installation


def _type(page: Page, house: Installation, name: str) -> None:
    """Settings → Data → Ticket types → Create ticket type, with three attributes."""
    page.goto(f"{house.url}/desk/settings/")
    page.get_by_role("link", name="Tipos de ticket").or_(
        page.get_by_role("link", name="Ticket types")
    ).click()
    page.locator("a[href$='/settings/types/new/']").click()
    page.locator("[name=name]").fill(name)
    page.locator("[name=icon][value=wrench]").check(force=True)
    page.locator("main form.form [type=submit]").click()
    for label, format_, more in (
        ("Modelo", "text", ["needed_from_agent"]),
        ("Causa", "list", []),
        ("Precio", "decimal", ["needed_to_resolve"]),
    ):
        page.locator("a[href$='/attributes/new/']").click()
        page.locator("[name=format]").select_option(format_)
        page.locator("[name=name]").fill(label)
        if format_ == "list":
            page.locator("[name=option_name]").first.fill("Corriente")
        for each in more:
            page.locator(f"[name={each}]").check()
        page.locator("main form.form [type=submit]").click()
    expect(page.locator("[data-sortable] [data-id]")).to_have_count(5)


def test_a_conversation_becomes_a_ticket_of_a_new_type(lucia: Page, diego: Page, house: Installation) -> None:
    _type(lucia, house, "Avería de horno")
    # By the keyboard: the price comes before the cause.
    grip = lucia.locator("[data-id]", has_text="Precio").locator("[data-grip]")
    with lucia.expect_response("**/attributes/move/"):
        grip.press("Alt+ArrowUp")
    number = ticket_from_mail(lucia, house, "El horno no calienta")
    open_ticket(lucia, house, number)
    open_ticket(diego, house, number)

    lucia.keyboard.press("y")
    dialog = lucia.locator("#action-dialog")
    dialog.get_by_role("button", name="Avería de horno").click()
    expect(dialog.locator("[name='attributes.modelo']")).to_be_focused()
    dialog.locator("[name='attributes.modelo']").fill("H 200")
    dialog.locator("[type=submit]").last.click()
    expect(dialog).to_be_hidden()
    for page in (lucia, diego):
        expect(page.locator(".ticket__type")).to_have_text("Avería de horno")
        expect(page.locator("#panel [name='attributes.modelo']")).to_have_value("H 200")

    # It cannot be finished before the price is known: the dialog asks for it.
    lucia.keyboard.press("e")
    expect(dialog.locator("[name='attributes.precio']")).to_be_visible()
    lucia.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    price = lucia.locator("#panel [name='attributes.precio']")
    price.fill("12,50")
    price.press("Tab")
    expect(diego.locator("#panel [name='attributes.precio']")).to_have_value("12.50")
    lucia.locator("#panel [name='attributes.causa']").select_option("corriente")
    toast = lucia.locator(".toast", has_text="Guardado").last
    toast.locator(".toast__undo").click()
    expect(diego.locator("#panel [name='attributes.causa']")).to_have_value("")

    # Found by what was written down, with its icon and number at a glance.
    lucia.goto(f"{house.url}/desk/views/all/?q=modelo:%22h%20200%22")
    expect(lucia.locator(f".ticket-row[data-ticket='{number}'] .ticket-row__type")).to_contain_text(
        f"#{number}"
    )
