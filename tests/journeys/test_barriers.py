"""No page of the desk has a barrier that axe can find, in light and in dark."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from tests.journeys.acting import sign_in
from zaguan.testing.installation import Installation

LISTS = (
    "inboxes",
    "agents",
    "teams",
    "roles",
    "statuses",
    "categories",
    "urgencies",
    "services",
    "tags",
    "rules",
    "views",
)
NEW = ("inboxes", "agents", "teams", "roles", "statuses", "views")
PAGES = [
    "views/mine/",
    "views/mentions/",
    "views/all/?q=nadie+dijo+esto",
    "tickets/190/",
    "tickets/190/?tab=changes",
    "tickets/190/?tab=feed",
    "tickets/new/",
    "messages/1/",
    "search/",
    "search/?q=factura",
    "people/",
    "people/new/",
    "organisations/",
    "organisations/new/",
    "failed-mail/",
    "profile/",
    "profile/password/",
    "settings/",
    *(f"settings/{name}/" for name in LISTS),
    *(f"settings/{name}/new/" for name in NEW),
    "tickets/999999/",
]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_pages_have_no_barriers(
    house: Installation, page: Page, axe: Callable[..., list[str]], scheme: str
) -> None:
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")  # type: ignore[arg-type]
    sign_in(page, house)
    # The same elements in other colours: in the dark only the contrast is new.
    only = {"runOnly": ["color-contrast"]} if scheme == "dark" else {}
    found: list[str] = []
    for path in PAGES:
        answer = page.goto(f"{house.url}/desk/{path}")
        assert answer is not None
        assert answer.status in ((404,) if "999999" in path else (200,)), path
        found += [f"{path}: {line}" for line in axe(page, **only)]
    assert found == []
