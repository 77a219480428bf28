"""Pictures of the running demo: `bin/pictures` makes those of the README, `bin/pictures FOLDER` many, to look at."""

from __future__ import annotations

import itertools
import json
import sys
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, sync_playwright

from tests.sources import ROOT
from zaguan.testing.installation import Installation, installation
from zaguan.testing.servers import CHROMIUM_FLAGS, chromium

PAGES = {
    "inbox": "/desk/",
    "search": "/desk/search/?q=factura",
    "people": "/desk/people/",
    "settings": "/desk/settings/",
}
WIDTHS = {"desktop": (1440, 900), "tablet": (1024, 768), "phone": (375, 812)}
SCHEMES = ("light", "dark")


def open_page(browser: Browser, house: Installation, width: str, scheme: Any) -> Page:
    """A signed-in window of one size and theme."""
    wide, high = WIDTHS[width]
    context = browser.new_context(
        viewport={"width": wide, "height": high},
        color_scheme=scheme,
        locale="es-CO",
        timezone_id="America/Bogota",
        device_scale_factor=1,
        reduced_motion="reduce",
    )
    page = context.new_page()
    known = json.loads((house.data / "prepared.json").read_text())["welcome"]
    page.goto(f"{house.url}/desk/sign-in/")
    page.fill("[name=email]", known["email"])
    page.fill("[name=password]", known["password"])
    page.click("button[type=submit]")
    page.wait_for_url(f"{house.url}/desk/**")
    return page


def take(page: Page, house: Installation, address: str, path: Path) -> None:
    """One picture, once the page is quiet; a page that does not exist is said and skipped."""
    answer = page.goto(f"{house.url}{address}")
    if answer is None or answer.status != 200:
        sys.stdout.write(f"{address}: {answer.status if answer else 'no answer'}\n")
        return
    page.wait_for_timeout(600)
    path.parent.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=path)
    sys.stdout.write(f"{path}\n")


def for_readme(browser: Browser, house: Installation) -> None:
    """The inbox with a ticket open, in both themes."""
    for scheme in SCHEMES:
        page = open_page(browser, house, "desktop", scheme)
        first = page.locator(".ticket-row__subject").first.get_attribute("href") or "/desk/"
        end = "" if scheme == "light" else "-dark"
        take(page, house, first, ROOT / "docs" / "pictures" / f"inbox{end}.png")
        page.context.close()


def for_looking(browser: Browser, house: Installation, folder: Path) -> None:
    """Every page in every size and theme."""
    for width, scheme in itertools.product(WIDTHS, SCHEMES):
        page = open_page(browser, house, width, scheme)
        first = page.locator(".ticket-row__subject").first.get_attribute("href") or "/desk/"
        for name, address in {**PAGES, "ticket": first}.items():
            take(page, house, address, folder / f"{name}-{width}-{scheme}.png")
        page.context.close()


def main(arguments: list[str]) -> None:
    """Start an installation of our own, take the pictures, end it."""
    with installation() as house, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=CHROMIUM_FLAGS)
        if arguments:
            for_looking(browser, house, Path(arguments[0]))
        else:
            for_readme(browser, house)
        browser.close()


if __name__ == "__main__":
    main(sys.argv[1:])
