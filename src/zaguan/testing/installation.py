"""A whole running Zaguán for browser journeys: `zaguan serve` on a fresh data folder and a fresh database."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import urllib.request
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

from zaguan.testing.processes import folder_for, free_port, running, wait_until


@dataclass(frozen=True)
class Installation:
    """Where a running installation answers, and how to talk to it from outside."""

    url: str
    smtp_port: int
    data: Path
    process: int
    environment: dict[str, str]
    # By how many seconds its clock is ahead; read only with `moving_clock=True`.
    clock: Path

    def let_pass(self, span: timedelta) -> None:
        """Move the clock of an installation with a moving clock forward."""
        ahead = float(self.clock.read_text() or 0) if self.clock.exists() else 0.0
        fresh = self.clock.with_suffix(".new")
        fresh.write_text(str(ahead + span.total_seconds()))
        fresh.replace(self.clock)

    def run(self, *arguments: str, given: bytes = b"") -> subprocess.CompletedProcess[bytes]:
        """Run a `zaguan` command against this installation, as an operator would."""
        command = [sys.executable, "-m", "zaguan", *arguments]
        return subprocess.run(
            command, input=given, env=self.environment, capture_output=True, check=False, timeout=120
        )


@contextlib.contextmanager
def installation(
    *, demo: bool = True, seconds: float = 400, moving_clock: bool = False, **settings: str
) -> Iterator[Installation]:
    """Serve on the database kind that DATABASE_URL names; `settings` are further environment variables."""
    with folder_for("house", None) as data, own_database() as database:
        port, smtp_port = free_port(), free_port()
        environment = {
            **os.environ,
            "ZAGUAN_DATA": str(data),
            "DATABASE_URL": database,
            "PORT": str(port),
            "SMTP_PORT": str(smtp_port),
            "DEMO": "1" if demo else "0",
            **settings,
        }
        log, clock = data / "serve.log", data / "clock"
        zaguan = ["zaguan.testing.moving_clock", str(clock)] if moving_clock else ["zaguan"]
        with running([sys.executable, "-m", *zaguan, "serve"], log, env=environment) as process:

            def ready() -> bool:
                if process.poll() is not None:
                    raise RuntimeError(f"zaguan serve ended by itself:\n{log.read_text()[-4000:]}")
                with urllib.request.urlopen(f"http://127.0.0.1:{port}/health/ready", timeout=2) as answer:
                    return bool(answer.status == 200)

            wait_until(ready, "zaguan serve", seconds, log)
            yield Installation(f"http://127.0.0.1:{port}", smtp_port, data, process.pid, environment, clock)


@contextlib.contextmanager
def own_database(*, copy_of: str = "") -> Iterator[str]:
    """A fresh database on the server of DATABASE_URL, dropped on leaving; "" for SQLite in the data folder."""
    server = os.environ.get("DATABASE_URL", "")
    if not server.startswith("postgres"):
        yield ""
        return
    import psycopg

    name = f"house_{uuid.uuid4().hex[:12]}"
    with psycopg.connect(server, autocommit=True) as link:
        link.execute(f'CREATE DATABASE "{name}"' + (f' TEMPLATE "{copy_of}"' if copy_of else ""))
    try:
        yield urlunsplit(urlsplit(server)._replace(path=f"/{name}"))
    finally:
        with psycopg.connect(server, autocommit=True) as link:
            link.execute(f'DROP DATABASE "{name}" WITH (FORCE)')
