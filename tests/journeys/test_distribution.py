"""Who gets which ticket, on a clock that the test moves: a route made on its page, two agents, and each reason on the screen."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.journeys.acting import PATIENCE, expect_phase, mail, send
from zaguan.testing.installation import Installation, installation

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


@pytest.fixture
def house() -> Iterator[Installation]:
    with installation(demo=False, moving_clock=True, ZAGUAN_TIME_ZONE="America/Bogota") as made:
        done = made.run("manage", "shell", "--no-imports", given=CAST.encode())
        assert done.returncode == 0, done.stderr.decode()[-2000:]
        yield made


@contextmanager
def _signed_in(browser: Browser, house: Installation, name: str) -> Iterator[Page]:
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


def _row(page: Page, subject: str) -> Locator:
    return page.locator(".ticket-row", has_text=subject)


def _save(page: Page) -> None:
    page.locator(".form__actions button[type=submit]").first.click()


def _be(page: Page, availability: str) -> None:
    """By the menu at the avatar."""
    page.locator('[popovertarget="agent-menu"]').click()
    with page.expect_event("domcontentloaded"):
        page.locator(f'#agent-menu button[value="{availability}"]').click()


def _list(page: Page, house: Installation, view: str = "mine") -> None:
    page.goto(f"{house.url}/desk/views/{view}/")
    expect(page.locator("html")).to_have_attribute("data-live", "on")


def _open(page: Page, subject: str) -> None:
    page.locator(".ticket-row", has_text=subject).first.click()
    expect(page.locator("[data-ticket-page]")).to_be_visible()


@pytest.mark.skipif(
    "postgres" in os.environ.get("DATABASE_URL", ""), reason="the pages are the same on every database"
)
def test_tickets_find_somebody_and_say_why(house: Installation, browser: Browser) -> None:
    with (
        _signed_in(browser, house, "lucia") as lucia,
        _signed_in(browser, house, "diego") as diego,
        _signed_in(browser, house, "nadia") as nadia,
    ):
        _make_a_route(lucia, house)
        _say_what_diego_can(lucia, house)
        for page in (diego, nadia):
            _be(page, "online")
            _list(page, house)

        # At once, to who speaks it, and on screen without a touch.
        send(house, mail("Conta bloqueada", PORTUGUESE, "Inês <ines@cliente.example>"))
        expect(_row(diego, "Conta bloqueada")).to_be_visible()
        _open(diego, "Conta bloqueada")
        expect(diego.locator("#thread")).to_contain_text(
            "“A quien sepa” gave you the ticket: you speak Portuguese"
        )
        expect(diego.locator("#thread")).to_contain_text("0 of your 2 places taken")

        # One goes away: the other gets what both could do, until there is no place left.
        _be(diego, "away")
        for subject in ("Primera", "Segunda"):
            send(house, mail(subject, SPANISH, f"{subject} <{subject.lower()}@cliente.example>"))
            expect(_row(nadia, subject)).to_be_visible()
        _list(lucia, house, "unassigned")
        send(house, mail("Tercera", SPANISH, "Tercera <tercera@cliente.example>"))
        expect(_row(lucia, "Tercera")).to_be_visible()
        expect(_row(nadia, "Tercera")).to_have_count(0)

        # A place gets free: what waited comes.
        _open(nadia, "Primera")
        nadia.locator("body").press("e")
        expect_phase(nadia, "resolved")
        _list(nadia, house)
        expect(_row(nadia, "Tercera")).to_be_visible()
        expect(_row(lucia, "Tercera")).to_have_count(0)

        _time_passes(lucia, nadia, house)
        _next(lucia, diego, house)
        _by_hand(lucia, nadia, house)


def _make_a_route(lucia: Page, house: Installation) -> None:
    """In words, on its page."""
    lucia.goto(f"{house.url}/desk/settings/distribution/new/")
    lucia.fill("[name=name]", "A quien sepa")
    lucia.select_option("[name=team]", label="Patio")
    lucia.get_by_label("First to whoever served this customer last").uncheck()
    lucia.get_by_label("Only in the team’s working hours").uncheck()
    lucia.fill("[name=timeout_minutes]", "30")
    lucia.select_option("[name=overflow_team]", label="Jardín")
    lucia.fill("[name=overflow_minutes]", "60")
    _save(lucia)
    told = lucia.locator(".item", has_text="A quien sepa")
    for words in (
        "They go to whoever is there and has least to do.",
        "Only to who speaks the customer’s language.",
        "Whoever does nothing for 30 minutes loses it to somebody else.",
        "What nobody takes in 60 minutes goes to Jardín.",
    ):
        expect(told).to_contain_text(words)


def _say_what_diego_can(lucia: Page, house: Installation) -> None:
    """A skill and a language; the route's page says at once who would get such a ticket, and why not the others."""
    lucia.goto(f"{house.url}/desk/settings/skills/new/")
    lucia.fill("[name=name]", "Facturas")
    _save(lucia)
    expect(lucia.locator(".card--list")).to_contain_text("Facturas")
    lucia.goto(f"{house.url}/desk/settings/capacity/")
    lucia.get_by_role("link", name="Diego").click()
    for language in ("Spanish", "Portuguese"):
        lucia.get_by_label(language, exact=True).check()
    lucia.get_by_label("Facturas").select_option(label="Expert")
    _save(lucia)
    expect(lucia.locator(".item", has_text="Diego")).to_contain_text("Portuguese")
    lucia.get_by_role("link", name="Nadia").click()
    lucia.get_by_label("Spanish", exact=True).check()
    _save(lucia)
    lucia.goto(f"{house.url}/desk/settings/distribution/")
    lucia.get_by_role("link", name="A quien sepa").click()
    preview = lucia.locator("#preview")
    preview.locator("[name=language]").select_option(label="Portuguese")
    preview.locator("button").click()
    expect(preview).to_contain_text("Diego would get it.")
    expect(preview.locator(".item", has_text="Nadia")).to_contain_text("does not speak Portuguese")


def _time_passes(lucia: Page, nadia: Page, house: Installation) -> None:
    """Nothing was done: back to the queue; nobody takes it: to the other team."""
    house.let_pass(timedelta(minutes=31))
    expect(_row(nadia, "Tercera")).to_have_count(0)
    expect(_row(lucia, "Tercera")).to_be_visible()
    _open(lucia, "Tercera")
    expect(lucia.locator("#thread")).to_contain_text(
        "“A quien sepa” took the ticket away from Nadia: nothing was done for 30 minutes"
    )
    _be(nadia, "away")
    house.let_pass(timedelta(minutes=61))
    expect(lucia.locator("#thread")).to_contain_text(
        "“A quien sepa” moved the ticket to the team Jardín: nobody took it in 60 minutes"
    )


def _next(lucia: Page, diego: Page, house: Installation) -> None:
    """Where nothing is given by itself, Shift+J takes the best one and says why."""
    lucia.goto(f"{house.url}/desk/settings/distribution/")
    lucia.get_by_role("link", name="A quien sepa").click()
    lucia.select_option("[name=strategy]", label="To nobody by itself: agents take the next one")
    _save(lucia)
    _list(lucia, house, "unassigned")
    for subject, text in (("Cuarta", SPANISH), ("Quinta", SPANISH), ("Sexta", PORTUGUESE)):
        send(house, mail(subject, text, f"{subject} <{subject.lower()}@cliente.example>"))
        expect(_row(lucia, subject)).to_be_visible()
    _be(diego, "online")
    _list(diego, house)
    diego.locator("body").press("Shift+J")
    diego.wait_for_url("**/desk/tickets/**")
    expect(diego.locator("#toasts")).to_contain_text("This one is yours: you speak Spanish")
    expect(diego.locator("#ticket-head")).to_contain_text("Cuarta")


def _by_hand(lucia: Page, nadia: Page, house: Installation) -> None:
    """A person's word counts, whoever is away, and no time-out takes it back."""
    _open(lucia, "Quinta")
    lucia.locator("#pick-assignee-button").click()
    lucia.locator("#panel .option:visible", has_text="Nadia").click()
    expect(lucia.locator("#thread")).to_contain_text("Lucía assigned the ticket to Nadia")
    house.let_pass(timedelta(hours=2))
    _list(nadia, house)
    expect(_row(nadia, "Quinta")).to_be_visible()
