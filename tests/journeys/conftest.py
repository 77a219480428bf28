"""Journeys do not depend on speed: a page has as long as a busy machine needs, and what comes sooner is taken at once."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from tests.journeys.acting import PATIENCE


@pytest.fixture(autouse=True)
def _patience() -> Iterator[None]:
    """What is expected may take this long."""
    expect.set_options(timeout=PATIENCE)
    yield
    expect.set_options(timeout=None)
