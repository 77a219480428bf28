"""An agent comes in by the front door."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from zaguan.testing.installation import Installation


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_an_agent_signs_in_and_sees_the_inbox(
    house: Installation, page: Page, axe: Callable[..., list[str]], scheme: str
) -> None:
    known = json.loads((house.data / "prepared.json").read_text())["welcome"]
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    page.goto(f"{house.url}/desk/")
    assert axe(page) == []

    page.fill("[name=email]", known["email"])
    page.fill("[name=password]", "not the password")
    page.click("button[type=submit]")
    expect(page.locator("[role=alert]")).to_be_visible()
    assert axe(page) == []

    page.fill("[name=password]", known["password"])
    page.click("button[type=submit]")
    expect(page.locator(".ticket-row__subject").first).to_be_visible()
    assert axe(page) == []
