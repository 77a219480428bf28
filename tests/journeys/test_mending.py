"""What needs a person: mail that failed, a tag with the wrong name, a browser without scripts."""

from __future__ import annotations

import re
from uuid import uuid4

from playwright.sync_api import Browser, Page, expect

from tests.journeys.acting import ADMIN, another_agent, ask, sign_in, ticket_from_mail
from zaguan.testing.installation import Installation

# A mail that is stored and whose processing went wrong, as a fault of ours would leave it.
_FAILED = """
from zaguan.conversations.models import Inbox, RawMessage
from zaguan.conversations.raw import store_raw
inbox = Inbox.objects.filter(kind="email").order_by("pk").first()
raw, _new = store_raw(b"From: Ines Gil <ines@cliente.example>\\r\\nTo: " + inbox.address.encode() +
    b"\\r\\nSubject: {subject}\\r\\nMessage-ID: <{mark}@cliente.example>\\r\\n\\r\\nSigo sin respuesta.\\r\\n", inbox=inbox, source="imap")
RawMessage.objects.filter(pk=raw.pk).update(state="failed", reason="ValueError: {mark}")
print(raw.pk)
"""


def test_failed_mail_is_seen_and_comes_in_after_all(page: Page, house: Installation) -> None:
    mark = uuid4().hex[:8]
    subject = f"Perdido {mark}"
    ask(house, _FAILED.format(subject=subject, mark=mark))
    sign_in(page, house)
    page.goto(f"{house.url}/desk/failed-mail/")
    entry = page.locator(".item", has_text=subject)
    expect(entry).to_contain_text(f"ValueError: {mark}")
    expect(entry).to_contain_text("ines@cliente.example")
    entry.locator("form button[type=submit]").click()
    expect(page.locator(".toast").filter(has_text=re.compile(r"\d"))).to_be_visible()
    expect(page.locator(".item", has_text=subject)).to_have_count(0)
    page.goto(f'{house.url}/desk/views/all/?order=created&q="{subject}"')
    expect(page.locator(".ticket-row", has_text=subject)).to_have_count(1)


def test_a_tag_gets_another_name_everywhere(page: Page, house: Installation) -> None:
    mark = uuid4().hex[:6]
    sign_in(page, house)
    number = ticket_from_mail(page, house, f"Con etiqueta {mark}")
    ask(
        house,
        f"""
from zaguan.people.models import Agent
from zaguan.tickets.editing import retag, tag_named
retag({number}, add=[tag_named("vieja{mark}")], by=Agent.objects.get(email="{ADMIN}"))
print("ok")
""",
    )
    page.goto(f"{house.url}/desk/settings/tags/")
    row = page.locator(".item").filter(has=page.locator(f'input[value="vieja{mark}"]'))
    row.locator("input[name=name]").fill(f"nueva{mark}")
    row.locator("button:not([name])").click()
    expect(page.locator(f'input[value="nueva{mark}"]')).to_have_count(1)
    page.goto(f"{house.url}/desk/views/all/?q=etiqueta:nueva{mark}")
    expect(page.locator(f'.ticket-row[data-ticket="{number}"]')).to_contain_text(f"nueva{mark}")


def test_without_scripts_a_ticket_is_read_answered_and_resolved(
    page: Page, browser: Browser, house: Installation
) -> None:
    sign_in(page, house)
    number = ticket_from_mail(page, house, f"Sin guiones {uuid4().hex[:6]}", "¿Tienen la baldosa azul?")
    with another_agent(browser, house, ADMIN, java_script_enabled=False) as bare:
        bare.goto(f"{house.url}/desk/tickets/{number}/")
        expect(bare.locator("#thread")).to_contain_text("¿Tienen la baldosa azul?")
        bare.locator("#composer textarea:visible").first.fill("Sí, quedan doce cajas.")
        bare.locator("#composer .split.when-reply > [data-send=reply]").click()
        bare.goto(f"{house.url}/desk/tickets/{number}/")
        expect(bare.locator("#thread .message--agent")).to_contain_text("Sí, quedan doce cajas.")
        bare.locator("#ticket-head [data-keys=e]").click()
        bare.goto(f"{house.url}/desk/tickets/{number}/")
        expect(bare.locator("#ticket-head [data-keys=s] .dot")).to_have_attribute("data-phase", "resolved")
