"""A data folder with a migrated database and nothing running: for tests that start and kill single processes."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from zaguan.testing.installation import own_database
from zaguan.testing.processes import folder_for, free_port, running


@dataclass(frozen=True)
class Bare:
    """Where it lies, and the environment that names it."""

    data: Path
    environment: dict[str, str]

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.environment['PORT']}"

    def run(
        self, *command: str, given: bytes = b"", seconds: float = 120
    ) -> subprocess.CompletedProcess[bytes]:
        """`python …` with this data folder, to its end."""
        return subprocess.run(
            [sys.executable, *command],
            input=given,
            env=self.environment,
            capture_output=True,
            check=True,
            timeout=seconds,
        )

    @contextlib.contextmanager
    def start(self, *command: str, **settings: str) -> Iterator[subprocess.Popen[bytes]]:
        """`python …` with this data folder, in the background; its output is in `log` of the folder."""
        environment = self.environment | settings
        with running([sys.executable, *command], self.data / "log", env=environment) as process:
            yield process


@contextlib.contextmanager
def bare_installation() -> Iterator[Bare]:
    """On the database kind that DATABASE_URL names; no agents, no tickets."""
    with folder_for("bare", None) as data, own_database() as database:
        environment = {
            **os.environ,
            "ZAGUAN_DATA": str(data),
            "DATABASE_URL": database,
            "PORT": str(free_port()),
            "SMTP_PORT": str(free_port()),
            "DEMO": "0",
            "DJANGO_SETTINGS_MODULE": "zaguan.config.settings",
        }
        found = Bare(data, environment)
        found.run("-m", "zaguan", "prepare")
        yield found
