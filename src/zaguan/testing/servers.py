"""Real servers for tests, each in a folder and on a port of its own: PostgreSQL, IMAP, a mail sink, a browser."""

from __future__ import annotations

import shutil

from zaguan.testing.imap import Dovecot, dovecot, dovecot_program
from zaguan.testing.postgresql import postgres
from zaguan.testing.processes import free_port, running, wait_until
from zaguan.testing.sink import Sink, Taken, smtp_sink

__all__ = [
    "CHROMIUM_FLAGS",
    "Dovecot",
    "Sink",
    "Taken",
    "chromium",
    "dovecot",
    "dovecot_program",
    "free_port",
    "postgres",
    "running",
    "smtp_sink",
    "wait_until",
]

CHROMIUM_FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def chromium() -> str:
    """The path of a Chromium or Chrome on this machine, or an empty string."""
    names = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
    return next((path for path in map(shutil.which, names) if path), "")
