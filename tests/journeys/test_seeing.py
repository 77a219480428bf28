"""What is to be seen of a ticket and of its customer: every tab by its address, the timeline, the PDF, two contacts made one."""

from __future__ import annotations

from uuid import uuid4

import pypdfium2
from playwright.sync_api import Page, expect

from tests.journeys.acting import (
    mail,
    open_ticket,
    send,
    ticket_from_mail,
    ticket_named,
)
from zaguan.testing.installation import Installation


def _note(page: Page, house: Installation, number: int, words: str) -> None:
    """A note in the chat beside the conversation."""
    page.goto(f"{house.url}/desk/tickets/{number}/?tab=notes")
    page.locator("#chat-text").fill(words)
    page.locator("#chat-text").press("Enter")
    expect(page.locator("#chat-all")).to_contain_text(words)


def test_every_tab_has_an_address_and_says_how_much_is_in_it(
    lucia: Page, diego: Page, house: Installation
) -> None:
    number = ticket_from_mail(lucia, house, "Todas las pestañas")
    open_ticket(lucia, house, number)
    _note(diego, house, number, "Una nota para contar")
    lucia.keyboard.press("v")
    counted = lucia.locator("#tab-menu a[href$='tab=notes'] [data-count]")
    expect(counted).to_have_text("1")
    addresses = lucia.eval_on_selector_all(
        "#tab-menu a[href]", "all => all.map(each => each.getAttribute('href'))"
    )
    assert len(addresses) >= 13
    for address in addresses:
        answer = lucia.goto(house.url + address)
        assert answer is not None
        assert answer.status == 200, address
        expect(lucia.locator("#tab-menu [aria-current=page]")).to_have_attribute("href", address)


def test_the_timeline_is_a_picture_and_a_table(lucia: Page, diego: Page, house: Installation) -> None:
    number = ticket_from_mail(lucia, house, "Una vida en una línea")
    _note(diego, house, number, "Lo miro yo")
    lucia.goto(f"{house.url}/desk/tickets/{number}/?tab=timeline")
    expect(lucia.locator(".lifeline__picture .lifeline__dot")).to_have_count(2)
    expect(lucia.locator(".lifeline__picture .lifeline__bar").first).to_be_visible()
    lucia.locator("#lifeline-table > summary").click()
    rows = lucia.locator("#lifeline-table tbody tr")
    expect(rows.first).to_be_visible()
    assert rows.count() >= 3
    lucia.locator(".segments a").last.click()
    expect(lucia.locator(".segments a").last).to_have_attribute("aria-current", "true")


def test_the_customers_pdf_holds_no_note(lucia: Page, house: Installation) -> None:
    number = ticket_from_mail(lucia, house, "Papel", "Palabras del cliente")
    _note(lucia, house, number, "Palabras internas")
    lucia.goto(f"{house.url}/desk/tickets/{number}/pdf/")
    found = {}
    for copy in ("customer", "full"):
        with lucia.expect_download() as started:
            lucia.locator(f"a[href*='copy={copy}'][lang=es]").click()
        document = pypdfium2.PdfDocument(started.value.path().read_bytes())
        found[copy] = "".join(page.get_textpage().get_text_range() for page in document)
    assert "Palabras del cliente" in found["customer"]
    assert "Palabras internas" not in found["customer"]
    assert "Palabras internas" in found["full"]


def test_two_contacts_become_one_and_two_again(lucia: Page, diego: Page, house: Installation) -> None:
    mark = uuid4().hex[:6]
    numbers = []
    for place in ("casa", "oficina"):
        subject = f"Desde {place} {mark}"
        send(house, mail(subject, "Hola", f"Berta Olmos {mark} <berta.{place}.{mark}@cliente.example>"))
        numbers.append(ticket_named(lucia, house, subject))
    open_ticket(lucia, house, numbers[0])
    expect(lucia.locator("#previous .ticket-row")).to_have_count(0)
    person = lucia.locator("#panel a[href*='/desk/people/']").first.get_attribute("href") or ""

    lucia.goto(f"{house.url}{person}merge/")
    lucia.locator(".item, li.row", has_text=f"berta.oficina.{mark}").get_by_role("link").last.click()
    lucia.locator("main form[method=post] [type=submit]").first.click()
    lucia.wait_for_url(f"**{person}")
    subjects = lucia.locator(".ticket-row__subject")
    expect(subjects).to_have_count(2)
    # On the other's ticket a colleague finds the earlier one now.
    open_ticket(diego, house, numbers[1])
    diego.locator("#acc-previous").scroll_into_view_if_needed()
    expect(diego.locator(f"#previous .ticket-row[data-ticket='{numbers[0]}']")).to_be_visible()

    lucia.locator("form[action*='/merged-contacts/'] [type=submit]").click()
    expect(lucia.locator(".ticket-row__subject")).to_have_count(1)
