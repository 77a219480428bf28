"""Who gets which ticket, on a clock that the test moves: a route made on its page, two agents, and each reason on the screen."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import timedelta

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journeys.acting import expect_phase, mail, send
from tests.journeys.patio import (
    CAST,
    PORTUGUESE,
    SPANISH,
    be,
    open_row,
    row,
    save,
    show_list,
    signed_in,
)
from zaguan.testing.installation import Installation, installation


@pytest.fixture
def house() -> Iterator[Installation]:
    with installation(demo=False, moving_clock=True, ZAGUAN_TIME_ZONE="America/Bogota") as made:
        done = made.run("manage", "shell", "--no-imports", given=CAST.encode())
        assert done.returncode == 0, done.stderr.decode()[-2000:]
        yield made


@pytest.mark.skipif(
    "postgres" in os.environ.get("DATABASE_URL", ""), reason="the pages are the same on every database"
)
def test_tickets_find_somebody_and_say_why(house: Installation, browser: Browser) -> None:
    with (
        signed_in(browser, house, "lucia") as lucia,
        signed_in(browser, house, "diego") as diego,
        signed_in(browser, house, "nadia") as nadia,
    ):
        _make_a_route(lucia, house)
        _say_what_diego_can(lucia, house)
        for page in (diego, nadia):
            be(page, "online")
            show_list(page, house)

        # At once, to who speaks it, and on screen without a touch.
        send(house, mail("Conta bloqueada", PORTUGUESE, "Inês <ines@cliente.example>"))
        expect(row(diego, "Conta bloqueada")).to_be_visible()
        open_row(diego, "Conta bloqueada")
        expect(diego.locator("#thread")).to_contain_text(
            "“A quien sepa” gave you the ticket: you speak Portuguese"
        )
        expect(diego.locator("#thread")).to_contain_text("0 of your 2 places taken")

        # One goes away: the other gets what both could do, until there is no place left.
        be(diego, "away")
        for subject in ("Primera", "Segunda"):
            send(house, mail(subject, SPANISH, f"{subject} <{subject.lower()}@cliente.example>"))
            expect(row(nadia, subject)).to_be_visible()
        show_list(lucia, house, "unassigned")
        send(house, mail("Tercera", SPANISH, "Tercera <tercera@cliente.example>"))
        expect(row(lucia, "Tercera")).to_be_visible()
        expect(row(nadia, "Tercera")).to_have_count(0)

        # A place gets free: what waited comes.
        open_row(nadia, "Primera")
        nadia.locator("body").press("e")
        expect_phase(nadia, "resolved")
        show_list(nadia, house)
        expect(row(nadia, "Tercera")).to_be_visible()
        expect(row(lucia, "Tercera")).to_have_count(0)

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
    save(lucia)
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
    save(lucia)
    expect(lucia.locator(".card--list")).to_contain_text("Facturas")
    lucia.goto(f"{house.url}/desk/settings/capacity/")
    lucia.get_by_role("link", name="Diego").click()
    for language in ("Spanish", "Portuguese"):
        lucia.get_by_label(language, exact=True).check()
    lucia.get_by_label("Facturas").select_option(label="Expert")
    save(lucia)
    expect(lucia.locator(".item", has_text="Diego")).to_contain_text("Portuguese")
    lucia.get_by_role("link", name="Nadia").click()
    lucia.get_by_label("Spanish", exact=True).check()
    save(lucia)
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
    expect(row(nadia, "Tercera")).to_have_count(0)
    expect(row(lucia, "Tercera")).to_be_visible()
    open_row(lucia, "Tercera")
    expect(lucia.locator("#thread")).to_contain_text(
        "“A quien sepa” took the ticket away from Nadia: nothing was done for 30 minutes"
    )
    be(nadia, "away")
    house.let_pass(timedelta(minutes=61))
    expect(lucia.locator("#thread")).to_contain_text(
        "“A quien sepa” moved the ticket to the team Jardín: nobody took it in 60 minutes"
    )


def _next(lucia: Page, diego: Page, house: Installation) -> None:
    """Where nothing is given by itself, Shift+J takes the best one and says why."""
    lucia.goto(f"{house.url}/desk/settings/distribution/")
    lucia.get_by_role("link", name="A quien sepa").click()
    lucia.select_option("[name=strategy]", label="To nobody by itself: agents take the next one")
    save(lucia)
    show_list(lucia, house, "unassigned")
    for subject, text in (("Cuarta", SPANISH), ("Quinta", SPANISH), ("Sexta", PORTUGUESE)):
        send(house, mail(subject, text, f"{subject} <{subject.lower()}@cliente.example>"))
        expect(row(lucia, subject)).to_be_visible()
    be(diego, "online")
    show_list(diego, house)
    diego.locator("body").press("Shift+J")
    diego.wait_for_url("**/desk/tickets/**")
    expect(diego.locator("#toasts")).to_contain_text("This one is yours: you speak Spanish")
    expect(diego.locator("#ticket-head")).to_contain_text("Cuarta")


def _by_hand(lucia: Page, nadia: Page, house: Installation) -> None:
    """A person's word counts, whoever is away, and no time-out takes it back."""
    open_row(lucia, "Quinta")
    lucia.locator("#pick-assignee-button").click()
    lucia.locator("#panel .option:visible", has_text="Nadia").click()
    expect(lucia.locator("#thread")).to_contain_text("Lucía assigned the ticket to Nadia")
    house.let_pass(timedelta(hours=2))
    show_list(nadia, house)
    expect(row(nadia, "Quinta")).to_be_visible()
