"""A data folder with a migrated database and nothing running: for tests that start and kill single processes."""

from __future__ import annotations

import atexit
import contextlib
import functools
import os
import shutil
import subprocess
import sys
import textwrap
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

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
        done = subprocess.run(
            [sys.executable, *command],
            input=given,
            env=self.environment,
            capture_output=True,
            check=False,
            timeout=seconds,
        )
        assert done.returncode == 0, done.stderr.decode(errors="replace")[-3000:]
        return done

    def python(self, code: str) -> str:
        """Run `code` with Django and the test cast's modules at hand; returns what it prints."""
        return (
            self.run("-c", f"import django; django.setup()\n{textwrap.dedent(code)}").stdout.decode().strip()
        )

    def session(self, email: str) -> str:
        """A cookie with which `email` is signed in."""
        return self.python(f"""
            from django.conf import settings
            from django.test import Client
            from zaguan.people.models import Agent
            client = Client()
            client.force_login(Agent.objects.get(email="{email}"))
            name = settings.SESSION_COOKIE_NAME
            print(f"{{name}}={{client.cookies[name].value}}")
        """)

    @contextlib.contextmanager
    def start(self, *command: str, **settings: str) -> Iterator[subprocess.Popen[bytes]]:
        """`python …` with this data folder, in the background; its output is in `log` of the folder."""
        environment = self.environment | settings
        with running([sys.executable, *command], self.data / "log", env=environment) as process:
            yield process


@contextlib.contextmanager
def bare_installation() -> Iterator[Bare]:
    """On the database kind that DATABASE_URL names; no agents, no tickets. Migrated once per process, then copied."""
    model = _model()
    name = urlsplit(model.environment["DATABASE_URL"]).path.removeprefix("/")
    with folder_for("bare", None) as data, own_database(copy_of=name) as database:
        shutil.copytree(model.data, data, dirs_exist_ok=True)
        yield _bare(data, database)


def _bare(data: Path, database: str) -> Bare:
    places = {"ZAGUAN_DATA": str(data), "DATABASE_URL": database}
    ports = {"PORT": str(free_port()), "SMTP_PORT": str(free_port())}
    fixed = {"DEMO": "0", "DJANGO_SETTINGS_MODULE": "zaguan.config.settings"}
    return Bare(data, {**os.environ, **places, **ports, **fixed})


@functools.cache
def _model() -> Bare:
    """The one that others are copied from; it goes with this process."""
    kept = contextlib.ExitStack()
    atexit.register(kept.close)
    made = _bare(kept.enter_context(folder_for("model", None)), kept.enter_context(own_database()))
    made.run("-m", "zaguan", "prepare")
    return made


def ready(desk: Bare) -> bool:
    """Whether its door answers that all is well."""
    try:
        with urllib.request.urlopen(f"{desk.url}/health/ready", timeout=2) as answer:
            return bool(answer.status == 200)
    except urllib.error.HTTPError as error:
        error.close()
        return False


def children(pid: int) -> dict[int, str]:
    """Process ids with what they run."""
    found = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return {int(child): command(int(child)) for child in found}


def command(pid: int) -> str:
    """What a process runs."""
    return Path(f"/proc/{pid}/cmdline").read_text().replace("\0", " ")


def is_gone(pid: int) -> bool:
    """Whether a process has ended."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
    except FileNotFoundError:
        return True
    return state == "Z"


def connections_of(pid: int, port: int) -> int:
    """How many established connections to `port` a process holds."""
    rows = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:]]
    ours = {f"socket:[{row[9]}]" for row in rows if row[1].endswith(f":{port:04X}") and row[3] == "01"}
    return sum(str(handle.readlink()) in ours for handle in Path(f"/proc/{pid}/fd").iterdir())
