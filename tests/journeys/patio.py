"""A bare desk with two agents and one who administers, for journeys in which tickets find somebody."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, Locator, Page, expect

from tests.journeys.acting import PATIENCE
from zaguan.testing.installation import Installation

PASSWORD = "patio-con-limonero"
# A desk with two agents of a team, one who administers, and mail that takes a whole place of the two that each has.
CAST = f"""
from zaguan.conversations.models import Inbox
from zaguan.events.base import SYSTEM
from zaguan.people.capacity import save_capacity
from zaguan.people.models import Agent, Role, Team
patio, garden = (Team.objects.create(name=name) for name in ("Patio", "Jardín"))
admin, answers = Role.objects.get(is_admin=True), Role.objects.filter(is_admin=False, ticket_scope="team")
answers = next(role for role in answers if "automation.next" in role.permissions)
for name, email, role in (("Lucía", "lucia", admin), ("Diego", "diego", answers), ("Nadia", "nadia", answers)):
    agent = Agent.objects.create_agent(email + "@patio.example", "{PASSWORD}", name=name, role=role, language="en")
    agent.teams.add(garden if role == admin else patio)
Inbox.objects.create(kind="email", name="Hola", address="hola@patio.example", team=patio)
save_capacity(by=SYSTEM, weights={{"email": 100}}, total=200, away_after_minutes=0)
"""
PORTUGUESE = (
    "Olá, não consigo entrar na minha conta. Vocês podem me ajudar? Muito obrigado, um abraço para todos."
)
SPANISH = (
    "Hola, no puedo entrar en mi cuenta. ¿Me pueden ayudar, por favor? Muchas gracias y un saludo para todos."
)


@contextmanager
def signed_in(browser: Browser, house: Installation, name: str) -> Iterator[Page]:
    """A browser of one's own."""
    context = browser.new_context(locale="en", timezone_id="America/Bogota")
    try:
        page = context.new_page()
        page.set_default_timeout(PATIENCE)
        page.goto(f"{house.url}/desk/sign-in/")
        page.fill("[name=email]", f"{name}@patio.example")
        page.fill("[name=password]", PASSWORD)
        page.click("button[type=submit]")
        page.wait_for_url("**/desk/views/**")
        yield page
    finally:
        context.close()


def row(page: Page, subject: str) -> Locator:
    """A ticket in the list."""
    return page.locator(".ticket-row", has_text=subject)


def save(page: Page) -> None:
    """Send the form of a page of the settings."""
    page.locator(".form__actions button[type=submit]").first.click()


def be(page: Page, availability: str) -> None:
    """By the menu at the avatar."""
    page.locator('[popovertarget="agent-menu"]').click()
    with page.expect_event("domcontentloaded"):
        page.locator(f'#agent-menu button[value="{availability}"]').click()


def show_list(page: Page, house: Installation, view: str = "mine") -> None:
    """One of the lists, alive."""
    page.goto(f"{house.url}/desk/views/{view}/")
    expect(page.locator("html")).to_have_attribute("data-live", "on")


def open_row(page: Page, subject: str) -> None:
    """Open a ticket from the list."""
    page.locator(".ticket-row", has_text=subject).first.click()
    expect(page.locator("[data-ticket-page]")).to_be_visible()
