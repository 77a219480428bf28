"""An agent asks a supplier by mail; the answer comes back for colleagues, live, and the customer hears nothing of it."""

from __future__ import annotations

from collections.abc import Callable
from email.message import EmailMessage
from email.utils import make_msgid, parseaddr
from uuid import uuid4

from playwright.sync_api import Page, expect

from tests.journeys.acting import (
    connect_smtp,
    open_ticket,
    send,
    sign_in,
    ticket_from_mail,
    write,
)
from zaguan.testing.installation import Installation
from zaguan.testing.processes import wait_until
from zaguan.testing.sink import Sink, Taken

SUPPLIER, CUSTOMER = "sue@supplier.example", "adelaide@cliente.example"
SECRET = "Compramos a mitad de precio"


def _to(sink: Sink, address: str, part: str) -> list[Taken]:
    return [each for each in sink.messages if address in each.recipients and part in each.message["Subject"]]


def _plain(taken: Taken) -> str:
    body = taken.message.get_body(("plain",))
    assert body is not None
    return str(body.get_content())


def _asks(page: Page, subject: str) -> None:
    page.keyboard.press("Shift+E")
    dialog = page.locator("#action-dialog")
    field = dialog.locator(".tokenfield__input")
    field.fill(f"Sue <{SUPPLIER}>,")
    page.fill("#outside-subject", subject)
    page.fill("#outside-text", "¿Qué nos costaría?")
    dialog.locator("#outside-redacted").check()
    dialog.locator("button[type=submit]").click()
    preview = dialog.locator("#outside-preview")
    expect(preview).to_contain_text("¿Qué nos costaría?")
    expect(preview).to_contain_text("¿Me ayudan?")
    expect(preview).not_to_contain_text("Adélaïde")
    dialog.locator("button[type=submit]").click()
    page.wait_for_url("**tab=outside**")
    expect(page.locator(".side")).to_have_count(1)


def _answers(house: Installation, asked: EmailMessage) -> None:
    answer = EmailMessage()
    answer["From"], answer["To"] = f"Sue <{SUPPLIER}>", asked["Reply-To"]
    answer["Subject"] = f"Re: {asked['Subject']}"
    answer["Message-ID"], answer["In-Reply-To"] = make_msgid(domain="supplier.example"), asked["Message-ID"]
    answer.set_content(f"{SECRET}.\n")
    send(house, answer)


def test_a_supplier_is_asked_and_the_customer_hears_nothing(
    house: Installation, page: Page, diego: Page, sink: Sink, axe: Callable[..., list[str]]
) -> None:
    sign_in(page, house)
    connect_smtp(page, house, sink)
    mark = uuid4().hex[:6]
    number = ticket_from_mail(page, house, f"Una pieza rota {mark}")
    open_ticket(page, house, number)
    _asks(page, f"La pieza {mark}")
    assert axe(page) == []

    wait_until(lambda: bool(_to(sink, SUPPLIER, mark)), "the question at the mail server", 25)
    (asked,) = _to(sink, SUPPLIER, mark)
    assert asked.recipients == [SUPPLIER]
    assert parseaddr(asked.message["Reply-To"])[1].startswith("hola+")
    assert "Adélaïde" not in _plain(asked)
    assert "¿Me ayudan?" in _plain(asked)

    diego.goto(f"{house.url}/desk/tickets/{number}/?tab=outside")
    expect(diego.locator("html")).to_have_attribute("data-live", "on")
    _answers(house, asked.message)
    expect(diego.locator(".side__one", has_text=SECRET)).to_be_visible()
    expect(page.locator(".side__one", has_text=SECRET)).to_be_visible()
    expect(page.locator("#thread .message", has_text=SECRET)).to_have_count(0)

    # Diego writes on, beside the conversation.
    diego.locator(".side__form textarea").fill("Nos la quedamos.")
    diego.locator(".side__form button").click()
    expect(diego.locator(".side__one", has_text="Nos la quedamos.")).to_be_visible()
    expect(diego.locator(".side__form textarea")).to_have_value("")
    wait_until(lambda: len(_to(sink, SUPPLIER, mark)) == 2, "the second mail to the supplier", 25)
    assert _to(sink, CUSTOMER, mark) == []

    # What the customer does get is the answer, and nothing of the side thread.
    page.goto(f"{house.url}/desk/tickets/{number}/")
    page.keyboard.press("r")
    write(page, "Sale el lunes.")
    page.keyboard.press("ControlOrMeta+Enter")
    wait_until(lambda: bool(_to(sink, CUSTOMER, mark)), "the answer at the mail server", 40)
    (answered,) = _to(sink, CUSTOMER, mark)
    assert "Sale el lunes." in _plain(answered)
    for word in (SECRET, SUPPLIER, "Nos la quedamos", str(asked.message["Message-ID"])):
        assert word not in answered.content.decode("utf-8", "replace") + _plain(answered)
