"""What people do in the journeys: sign in, send mail, look into the database."""

from __future__ import annotations

import imaplib
import json
import re
import smtplib
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from email.utils import formatdate, make_msgid
from uuid import uuid4

from playwright.sync_api import Browser, BrowserContext, Page, expect

from zaguan.testing.imap import Dovecot
from zaguan.testing.installation import Installation
from zaguan.testing.processes import wait_until
from zaguan.testing.sink import Sink

ADMIN = "lucia@patio.example"
TO = "hola@patio.example"
# Milliseconds that anything may take. What the desk promises is measured by `make bench`; the machine of a test may be busy.
PATIENCE = 30_000


def password_of(house: Installation) -> str:
    """All agents of the demo share it."""
    return str(json.loads((house.data / "prepared.json").read_text())["welcome"]["password"])


def sign_in(page: Page, house: Installation, email: str = ADMIN) -> Page:
    """Come in by the front door."""
    page.set_default_timeout(PATIENCE)
    page.goto(f"{house.url}/desk/sign-in/")
    page.fill("[name=email]", email)
    page.fill("[name=password]", password_of(house))
    page.click("button[type=submit]")
    page.wait_for_url("**/desk/views/**")
    return page


@contextmanager
def another_agent(browser: Browser, house: Installation, email: str, **options: object) -> Iterator[Page]:
    """A browser of one's own, signed in."""
    context: BrowserContext = browser.new_context(locale="es-CO", timezone_id="America/Bogota", **options)  # type: ignore[arg-type]
    try:
        yield sign_in(context.new_page(), house, email)
    finally:
        context.close()


def mail(subject: str, text: str, sender: str = "Adélaïde Muñoz <adelaide@cliente.example>") -> EmailMessage:
    """A customer's mail, as an ordinary mail program writes it."""
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = sender, TO, subject
    message["Message-ID"], message["Date"] = make_msgid(domain="cliente.example"), formatdate(localtime=True)
    message.set_content(text)
    return message


def send(house: Installation, message: EmailMessage) -> None:
    """Hand it to the built-in receiver by SMTP."""
    with smtplib.SMTP("127.0.0.1", house.smtp_port, timeout=20) as smtp:
        smtp.send_message(message)


def connect_smtp(page: Page, house: Installation, sink: Sink) -> None:
    """In the settings: the inbox that customers write to sends by the sink from now on."""
    page.goto(f"{house.url}/desk/settings/inboxes/")
    page.get_by_role("link", name="Hola", exact=True).click()
    page.fill("[name=smtp_host]", "127.0.0.1")
    page.fill("[name=smtp_port]", str(sink.port))
    page.select_option("[name=smtp_security]", "none")
    page.select_option("[name=smtp_auth]", "none")
    page.locator(".form__actions button").first.click()
    page.wait_for_url("**/settings/inboxes/")


def ticket_from_mail(page: Page, house: Installation, subject: str, text: str = "¿Me ayudan?") -> int:
    """Send a mail and find its ticket."""
    send(house, mail(subject, text))
    return ticket_named(page, house, subject)


def ticket_named(page: Page, house: Installation, subject: str) -> int:
    """The number of the newest ticket with this subject, once it is there."""
    number = 0

    def found() -> bool:
        nonlocal number
        page.goto(f'{house.url}/desk/views/all/?order=created&q="{subject}"')
        # Exactly so: the sample desk speaks of the same things.
        exact = re.compile(rf"(^|[:\d])\s*{re.escape(subject)}\s*$")
        rows = page.locator(".ticket-row", has=page.locator(".ticket-row__subject", has_text=exact))
        number = int(rows.first.get_attribute("data-ticket") or 0) if rows.count() else 0
        return number > 0

    wait_until(found, f"the ticket “{subject}”", PATIENCE / 1000)
    return number


def open_ticket(page: Page, house: Installation, number: int) -> None:
    """Its page, ready for keys."""
    page.goto(f"{house.url}/desk/tickets/{number}/")
    expect(page.locator("[data-ticket-page]")).to_have_attribute("data-ticket", str(number))
    expect(page.locator("html")).to_have_attribute("data-live", "on")


def write(page: Page, words: str) -> None:
    """Type into the editor of the composer, which comes when it gets the focus."""
    page.locator("#composer .composer__area:visible").click()
    editor = page.locator("#composer [contenteditable=true]:visible")
    expect(editor).to_be_focused()
    page.keyboard.type(words)


def expect_phase(page: Page, phase: str) -> None:
    """The status chip of the open ticket shows this phase, now or in a moment."""
    expect(page.locator("#ticket-head [data-keys=s] .dot")).to_have_attribute("data-phase", phase)


def ask(house: Installation, code: str) -> str:
    """What a line of Python prints inside the installation."""
    done = house.run("manage", "shell", "-c", code)
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout.decode().strip().splitlines()[-1]


@contextmanager
def mailbox(server: Dovecot, user: str, password: str) -> Iterator[tuple[imaplib.IMAP4, str]]:
    """The customer's mailbox, in a folder of its own."""
    box = imaplib.IMAP4(server.host, server.port)
    box.login(user, password)
    folder = f"Hilo-{uuid4().hex[:8]}"
    box.create(folder)
    box.select(folder)
    try:
        yield box, folder
    finally:
        box.logout()


def threads_in(server: Dovecot, user: str, password: str, messages: list[EmailMessage]) -> str:
    """How the mail server itself puts these messages into threads, by their references: "(1 2)"."""
    with mailbox(server, user, password) as (box, folder):
        for message in messages:
            box.append(folder, "", "", message.as_bytes())
        box.noop()
        _ok, found = box.thread("REFERENCES", "UTF-8", "ALL")
        return (found[0] or b"").decode()
