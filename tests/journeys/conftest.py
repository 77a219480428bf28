"""Who walks the journeys, and how long anything may take: as long as a busy machine needs; what comes sooner is taken at once."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journeys.acting import PATIENCE, another_agent, sign_in
from zaguan.testing.installation import Installation


@pytest.fixture(autouse=True)
def _patience() -> Iterator[None]:
    """What is expected may take this long."""
    expect.set_options(timeout=PATIENCE)
    yield
    expect.set_options(timeout=None)


@pytest.fixture
def lucia(page: Page, house: Installation) -> Page:
    """The browser of Lucía, who administers, signed in."""
    return sign_in(page, house)


@pytest.fixture
def diego(browser: Browser, house: Installation) -> Iterator[Page]:
    """Diego, an agent of hers, at a browser of his own."""
    with another_agent(browser, house, "diego@patio.example") as page:
        yield page
