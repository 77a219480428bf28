"""Fixtures that any test may ask for: the cast, real servers, a browser, a running installation."""

from __future__ import annotations

import os
from collections.abc import Callable, Generator, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from zaguan.testing.installation import Installation, installation
from zaguan.testing.servers import (
    CHROMIUM_FLAGS,
    Dovecot,
    Sink,
    chromium,
    dovecot,
    dovecot_program,
    smtp_sink,
)

if TYPE_CHECKING:
    from zaguan.testing.world import World

AXE = Path(__file__).resolve().parents[3] / "node_modules" / "axe-core" / "axe.min.js"
USERS = {"soporte@example.com": "secreto-imap", "ventas@example.com": "secreto-imap"}


@pytest.fixture
def world(db: None) -> World:
    """The cast: Ana the agent, Bo the admin and the others."""
    from zaguan.testing.world import make_world

    return make_world()


@pytest.fixture(scope="session")
def imap_server() -> Iterator[Dovecot]:
    """A real IMAP server with the accounts of USERS; it keeps its mail between the tests of one run."""
    if not dovecot_program():
        pytest.skip("no IMAP server; apt-get install dovecot-imapd")
    with dovecot(USERS) as server:
        yield server


@pytest.fixture
def sink() -> Iterator[Sink]:
    """A real SMTP server that keeps what it gets; its fields say how it behaves."""
    with smtp_sink() as running_sink:
        yield running_sink


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, Any]:
    """Start the Chromium of this machine, without asking anything of the network."""
    program = chromium()
    if not program:
        pytest.skip("no browser; apt-get install chromium")
    return {"executable_path": program, "args": CHROMIUM_FLAGS, "headless": True}


@pytest.fixture(scope="session")
def browser_context_args() -> dict[str, Any]:
    """A desktop window of a Spanish-speaking agent in Bogotá."""
    return {"viewport": {"width": 1440, "height": 900}, "locale": "es-CO", "timezone_id": "America/Bogota"}


@pytest.fixture(scope="session")
def house() -> Iterator[Installation]:
    """A running installation with the demo desk, shared by the journeys of one run."""
    with installation() as running_house:
        yield running_house


@pytest.fixture
def axe() -> Callable[..., list[str]]:
    """Call with a page (and rules to leave out, each with its reason beside it): what axe finds wrong, one line each."""
    source = AXE.read_text()

    def inspect(page: Any, **options: Any) -> list[str]:
        page.evaluate(source)
        found = page.evaluate("options => axe.run(document, options)", options)
        return [
            f"{violation['id']}: {violation['help']} – {node['html'][:160]}"
            for violation in found["violations"]
            for node in violation["nodes"]
        ]

    return inspect


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Journeys look at an installation from outside: everything under tests/journeys is one."""
    for item in items:
        if "journeys" in item.path.parts:
            item.add_marker(pytest.mark.journey)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Beside a journey that failed, show what the installation had to say."""
    report = yield
    running_house = getattr(item, "funcargs", {}).get("house")
    if report.failed and isinstance(running_house, Installation):
        report.sections.append(("zaguan serve", (running_house.data / "serve.log").read_text()[-6000:]))
    return report


@pytest.fixture(autouse=True)
def _own_language() -> Iterator[None]:
    """No test inherits the language that the one before it switched to."""
    from django.conf import settings
    from django.utils import translation

    with translation.override(settings.LANGUAGE_CODE):
        yield


@pytest.fixture(autouse=True)
def _fresh_reference() -> None:
    """No test sees the teams and statuses of the one before it, whose ids come again."""
    from zaguan.people import reference

    reference.forget_all()


def pytest_report_header() -> str:
    """Say which of the two databases this run is about."""
    kind = "PostgreSQL" if os.environ.get("DATABASE_URL", "").startswith("postgres") else "SQLite"
    return f"database: {kind}"
