"""A `zaguan serve` that is started again whenever its head is killed, and whose processes can be killed."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import threading
import time
import urllib.request
from pathlib import Path
from typing import Any, Self

from zaguan.testing.installation import own_database
from zaguan.testing.processes import folder_for, free_port

ADDRESS = "hola@patio.example"

FURNISH = """
from zaguan.people.models import Agent, Role, Team
from zaguan.conversations.models import Inbox
from zaguan.people.tokens import create_token
team = Team.objects.create(name="Soporte")
agent = Agent.objects.create_agent("ana@patio.example", None, name="Ana", role=Role.objects.get(is_admin=True))
settings = {"smtp": {"host": "127.0.0.1", "port": %(sink)d, "security": "none", "auth": "none"}}
Inbox.objects.create(kind="email", name="Hola", address="%(address)s", team=team, settings=settings)
print(create_token(agent, by=agent))
"""
COUNT = """
import json
from zaguan.conversations.models import *
from zaguan.tickets.models import Ticket
print(json.dumps({"tickets": Ticket.objects.count(), "received": Message.objects.filter(direction="in").count(),
    "sent": Message.objects.filter(direction="out").count(), "raw": RawMessage.objects.count(),
    "raw_open": RawMessage.objects.exclude(state="processed").count(),
    "deliveries": list(Delivery.objects.values_list("state", flat=True))}))
"""


class House:
    """Use with `with`."""

    def __init__(self, sink_port: int) -> None:
        self.sink_port = sink_port
        self.port, self.smtp_port = free_port(), free_port()
        self.kills = 0
        self._chance = random.Random(7)
        self._lock = threading.Lock()
        self._folder: Any = folder_for("endurance", None)
        self._database: Any = own_database()

    def __enter__(self) -> Self:
        self.data: Path = self._folder.__enter__()
        database = self._database.__enter__()
        self.environment = os.environ | {
            "ZAGUAN_DATA": str(self.data),
            "DATABASE_URL": database,
            "PORT": str(self.port),
            "SMTP_PORT": str(self.smtp_port),
            "DEMO": "0",
        }
        self._start()
        self._wait_ready(120)
        self.token = self.python(FURNISH % {"sink": self.sink_port, "address": ADDRESS}).strip()
        return self

    def __exit__(self, *error: object) -> None:
        self.process.terminate()
        self.process.wait(30)
        self._database.__exit__(None, None, None)
        self._folder.__exit__(None, None, None)

    def _start(self) -> None:
        with (self.data / "serve.log").open("ab") as log:
            command = [sys.executable, "-m", "zaguan", "serve"]
            self.process = subprocess.Popen(command, env=self.environment, stdout=log, stderr=log)

    def _wait_ready(self, seconds: float) -> None:
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/health/ready", timeout=2):
                    return
            except OSError:
                time.sleep(0.2)
        raise RuntimeError((self.data / "serve.log").read_text()[-3000:])

    def python(self, code: str) -> str:
        """Run code inside the installation."""
        start = "import django; django.setup()\n"
        environment = self.environment | {"DJANGO_SETTINGS_MODULE": "zaguan.config.settings"}
        done = subprocess.run(
            [sys.executable, "-c", start + code], env=environment, capture_output=True, text=True, check=False
        )
        if done.returncode:
            raise RuntimeError(done.stderr[-2000:])
        return done.stdout

    def kill_one(self) -> None:
        """kill -9 of one of its processes by chance; the head now and then, which is then started again."""
        with self._lock:
            children = _children(self.process.pid)
            victim = self._chance.choice([*children * 4, self.process.pid])
            try:
                os.kill(victim, signal.SIGKILL)
            except ProcessLookupError:
                return
            self.kills += 1
            if victim == self.process.pid:
                self.process.wait()
                self._start()

    def count(self) -> dict[str, Any]:
        """What the database holds."""
        found: dict[str, Any] = json.loads(self.python(COUNT))
        return found

    def wait_for_calm(self, seconds: float = 180) -> None:
        """Until no delivery is under way and no mail waits to be processed."""
        self._wait_ready(60)
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            found = self.count()
            if not {"queued", "sending"} & set(found["deliveries"]) and not found["raw_open"]:
                return
            time.sleep(2)


def _children(parent: int) -> list[int]:
    found = []
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = path.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[1]) == parent:
            found.append(int(path.parent.name))
    return found + [grand for child in found for grand in _children(child)]
