"""Hold everything that would leave: after a restore, nothing is sent until an administrator says so (E7)."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings

from zaguan.events import pausing


def is_paused() -> bool:
    """Whether sending waits."""
    return pause_file().exists() or pausing.is_paused()


def pause() -> None:
    """Send nothing from now on; what is queued stays queued."""
    pause_file().touch()


def resume() -> bool:
    """Send again, beginning with what has waited; says whether it was paused."""
    was_paused = is_paused()
    pause_file().unlink(missing_ok=True)
    pausing.resume()
    return was_paused


def pause_file() -> Path:
    """While this file is in the data folder, nothing is sent; so a copy of the folder can be marked without a database."""
    return Path(settings.DATA) / "sending.paused"
