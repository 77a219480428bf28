"""Hold everything that would leave: after a restore, nothing is sent until an administrator says so (E7)."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings


def is_paused() -> bool:
    """Whether sending waits."""
    return pause_file().exists()


def pause() -> None:
    """Send nothing from now on; what is queued stays queued."""
    pause_file().touch()


def resume() -> None:
    """Send again, beginning with what has waited."""
    pause_file().unlink(missing_ok=True)


def pause_file() -> Path:
    """While this file is in the data folder, nothing is sent; so a copy of the folder can be marked without a database."""
    return Path(settings.DATA) / "sending.paused"
