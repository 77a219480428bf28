"""The main journey: a mail comes in, an agent answers, the customer reads it and answers again."""

from __future__ import annotations

import base64
from email.message import EmailMessage
from email.utils import make_msgid, parseaddr
from uuid import uuid4

from playwright.sync_api import FrameLocator, Page, expect

from tests.journeys.acting import connect_smtp, expect_phase, mail, send, sign_in, threads_in, write
from zaguan.testing.imap import Dovecot
from zaguan.testing.installation import Installation
from zaguan.testing.processes import wait_until
from zaguan.testing.sink import Sink, Taken

CUSTOMER = "soporte@example.com"
SUBJECT = f"¿Cuánto tarda el envío a Córdoba? Acción {uuid4().hex[:6]}"
HTML = """<p>Buenas tardes,</p><p>mi pedido <b>31&nbsp;337</b> todavía no llegó.</p>
<script>document.title = "script"</script><img src="http://tracker.example/pixel.gif" alt="">"""
PICTURE = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg=="
)


def _question() -> EmailMessage:
    message = mail(SUBJECT, "Buenas tardes, mi pedido 31 337 todavía no llegó.", f"Iñaki Núñez <{CUSTOMER}>")
    message.add_alternative(HTML, subtype="html")
    message.add_attachment(PICTURE, maintype="image", subtype="png", filename="señal de pago.png")
    return message


def _the_ticket_opens_beside_the_list(page: Page) -> FrameLocator:
    row = page.locator(".ticket-row", has_text=SUBJECT)
    row.locator(".ticket-row__subject").click()
    page.wait_for_url("**/desk/tickets/*/**")
    expect(row).to_have_attribute("data-selected", "")
    return page.frame_locator(".message__frame")


def _attachment_downloads(page: Page) -> None:
    link = page.locator("#thread a.attachment")
    expect(link).to_contain_text("señal de pago.png")
    with page.expect_download() as started:
        link.click()
    assert started.value.suggested_filename == "señal de pago.png"
    assert started.value.path().read_bytes() == PICTURE


def _answer_and_set_answered(page: Page) -> None:
    page.keyboard.press("r")
    write(page, "Hola, Iñaki: sale hoy y llega el viernes.")
    page.locator("#composer .split.when-reply [popovertarget=then-menu]").click()
    page.locator("#then-menu").get_by_role("menuitem", name="Respondido").click()
    expect(page.locator("#toasts .toast__undo")).to_be_visible()
    expect_phase(page, "customer")
    expect(page.locator("#thread .message--agent", has_text="llega el viernes")).to_be_visible()


def _check_threads(box_server: Dovecot, question: EmailMessage, answer: EmailMessage, number: str) -> None:
    assert answer["In-Reply-To"] == question["Message-ID"]
    assert question["Message-ID"] in answer["References"]
    assert f"[#{number}]" in answer["Subject"]
    assert "Auto-Submitted" not in answer
    parts = [part.get_content_type() for part in answer.walk()]
    assert {"text/plain", "text/html"} <= set(parts)
    assert parseaddr(answer["Reply-To"])[1].startswith("hola+")
    assert threads_in(box_server, CUSTOMER, "secreto-imap", [question, answer]) == "(1 2)"


def _taken(sink: Sink) -> list[Taken]:
    """What the mail server took about our question; other journeys' mail may still be on its way."""
    return [each for each in sink.messages if SUBJECT in each.message["Subject"]]


def _customer_answers(house: Installation, answer: EmailMessage) -> None:
    again = EmailMessage()
    again["From"], again["To"] = f"Iñaki Núñez <{CUSTOMER}>", answer["Reply-To"]
    again["Subject"] = f"Re: {answer['Subject']}"
    again["Message-ID"], again["In-Reply-To"] = make_msgid(domain="example.com"), answer["Message-ID"]
    again.set_content("¡Mil gracias! ¿Y el otro paquete?\n\n> Hola, Iñaki: sale hoy y llega el viernes.\n")
    send(house, again)


def test_a_mail_comes_in_is_answered_and_answered_again(
    house: Installation, page: Page, sink: Sink, imap_server: Dovecot
) -> None:
    sign_in(page, house)
    connect_smtp(page, house, sink)
    page.goto(f"{house.url}/desk/views/unassigned/")
    expect(page.locator("html")).to_have_attribute("data-live", "on")
    outside: list[str] = []
    page.context.on(
        "request", lambda asked: outside.append(asked.url) if house.url not in asked.url else None
    )
    page.evaluate("window.neverReloaded = true")

    question = _question()
    send(house, question)
    expect(page.locator(".ticket-row", has_text=SUBJECT)).to_be_visible()

    body = _the_ticket_opens_beside_the_list(page)
    expect(body.get_by_text("todavía no llegó")).to_be_visible()
    sandbox = page.locator(".message__frame").get_attribute("sandbox") or ""
    assert "allow-same-origin" not in sandbox
    _attachment_downloads(page)
    _answer_and_set_answered(page)
    assert page.evaluate("window.neverReloaded")

    wait_until(lambda: bool(_taken(sink)), "the answer at the mail server", 25)
    (taken,) = _taken(sink)
    answer = taken.message
    number = page.locator("[data-ticket-page]").get_attribute("data-ticket") or ""
    assert taken.recipients == [CUSTOMER]
    _check_threads(imap_server, question, answer, number)

    _customer_answers(house, answer)
    expect(page.locator("#thread .message", has_text="¿Y el otro paquete?")).to_be_visible()
    expect_phase(page, "open")
    assert page.evaluate("window.neverReloaded")
    assert page.title() != "script"
    assert [each for each in outside if not each.startswith(("data:", "blob:"))] == []
