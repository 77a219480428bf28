"""No page and no dialog of the desk has a barrier that axe can find, in light and in dark, nor is wider than a phone."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page

from tests.journeys.acting import open_ticket, sign_in
from zaguan.testing.installation import Installation

pytestmark = pytest.mark.skipif(
    os.environ.get("DATABASE_URL", "").startswith("postgres"), reason="pages look the same on every database"
)
# WALK=all takes every page in every look, which lasts ten minutes. Otherwise each page is walked in light, and some in the other looks.
WHOLE = os.environ.get("WALK") == "all"
SOME_IN_DARK = 1 if WHOLE else 4
SOME_ON_A_PHONE = 1 if WHOLE else 2
TICKET = 190
# Each with what its list leads to: the form of the first entry, and the one for a new entry.
FORMS = ("inboxes", "agents", "teams", "roles", "statuses", "categories", "urgencies", "services", "party-roles",
    "library", "types", "time-activities", "products", "checklists", "hour-banks", "macros", "canned", "views")  # fmt: skip
LISTS = ("tags", "rules", "fields/contact", "fields/organisation", "working-time", "customer-rates", "templates",
    "jobs")  # fmt: skip
PAGES = [
    *("views/mine/", "views/mentions/", "views/all/?q=nadie+dijo+esto"),
    *("views/all/board/", "views/all/board/?q=nadie+dijo+esto", "views/all/table/"),
    *(
        f"tickets/{TICKET}/",
        "tickets/new/",
        "messages/1/",
        "scheduled/",
        "trash/",
        "agenda/",
        "approvals/",
        "time/",
    ),
    *("search/", "search/?q=factura", "people/", "people/new/", "organisations/", "organisations/new/"),
    *("failed-mail/", "profile/", "profile/keys/", "profile/password/", "settings/?all=1"),
    *(f"settings/{name}/" for name in (*FORMS, *LISTS)),
    *(f"settings/{name}/new/" for name in (*FORMS, "fields/contact")),
    "tickets/999999/",
]
ICONS = """() => [...document.querySelectorAll("svg > use")]
    .map(use => new URL(use.getAttribute("href"), location.href).href).filter(href => href.includes(".svg#"))"""


def addresses(page: Page, house: Installation) -> Iterator[str]:
    """Pages by name; then what the ticket's tabs, its menu, a person and the lists of the settings lead to."""
    yield from PAGES
    desk = f"{house.url}/desk/"
    page.goto(f"{desk}tickets/{TICKET}/")
    yield from links(page, desk, "#tab-menu a")
    yield from links(page, desk, "#ticket-menu a[hx-get]")
    for path in ("people/", "organisations/"):
        page.goto(f"{desk}{path}")
        yield from links(page, desk, "tbody a")[:1]
    # The form of an entry is the form of a new one.
    for name in FORMS if WHOLE else ():
        page.goto(f"{desk}settings/{name}/")
        yield from [each for each in links(page, desk, "main ul a, tbody a") if f"settings/{name}/" in each][
            :1
        ]


def links(page: Page, desk: str, selector: str) -> list[str]:
    """Where these lead to, below the desk."""
    found: list[str] = page.locator(selector).evaluate_all("all => all.map(each => each.href)")
    return [each.removeprefix(desk) for each in found if each.startswith(desk)]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_pages_have_no_barriers(
    house: Installation, page: Page, axe: Callable[..., list[str]], scheme: str
) -> None:
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")  # type: ignore[arg-type]
    sign_in(page, house)
    # The same elements in other colours: in the dark only the contrast is new.
    only = {"runOnly": ["color-contrast"]} if scheme == "dark" else {}
    found: list[str] = []
    icons: set[str] = set()
    for path in list(addresses(page, house))[:: SOME_IN_DARK if scheme == "dark" else 1]:
        answer = page.goto(f"{house.url}/desk/{path}")
        assert answer is not None
        assert answer.status == (404 if "999999" in path else 200), path
        found += [f"{path}: {line}" for line in axe(page, **only)]
        icons.update(page.evaluate(ICONS))
    assert found == []
    assert missing(page, icons) == []


def missing(page: Page, icons: set[str]) -> list[str]:
    """Icons that pages ask for and the picture of all icons does not hold."""
    drawn = {file: page.request.get(file).text() for file in {each.split("#")[0] for each in icons}}
    named = (each.split("#") for each in sorted(icons))
    return [name for file, name in named if f'id="{name}"' not in drawn[file]]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_dialogs_have_no_barriers(
    house: Installation, page: Page, axe: Callable[..., list[str]], scheme: str
) -> None:
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")  # type: ignore[arg-type]
    sign_in(page, house)
    open_ticket(page, house, TICKET)
    only = {"runOnly": ["color-contrast"]} if scheme == "dark" else {}
    found: list[str] = []
    inside = "[...document.querySelectorAll('#ticket-menu [hx-target=\"#action-dialog\"]')].map(e => e.getAttribute('hx-get'))"
    for path in page.evaluate(inside)[:: SOME_IN_DARK if scheme == "dark" else 1]:
        page.evaluate("path => htmx.ajax('GET', path, {target: '#action-dialog', swap: 'innerHTML'})", path)
        dialog = page.locator("#action-dialog[open]")
        dialog.locator(".dialog__head").wait_for()
        found += [f"{path}: {line}" for line in axe(page, **only)]
        dialog.evaluate("each => { each.close(); each.replaceChildren() }")
    for name in page.evaluate("[...document.querySelectorAll('dialog[id]')].map(each => each.id)"):
        page.evaluate("name => document.getElementById(name).showModal()", name)
        if name != "action-dialog":
            found += [f"{name}: {line}" for line in axe(page, **only)]
        page.evaluate("name => document.getElementById(name).close()", name)
    assert found == []


def test_nothing_is_wider_than_a_phone(house: Installation, page: Page) -> None:
    page.set_viewport_size({"width": 375, "height": 812})
    sign_in(page, house)
    wide = []
    for path in list(addresses(page, house))[::SOME_ON_A_PHONE]:
        page.goto(f"{house.url}/desk/{path}")
        if page.evaluate("document.documentElement.scrollWidth") > 375:
            wide.append(path)
    assert wide == []
