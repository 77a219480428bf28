"""A `zaguan serve` on a seeded database, and what it weighs."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from http.cookiejar import CookieJar
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


class House:
    """Use with `with`; serves on `port`, with two processes for pages."""

    def __init__(self, data: Path, database: str, port: int) -> None:
        self.data, self.port = data, port
        self.environment = os.environ | {
            "ZAGUAN_DATA": str(data),
            "DATABASE_URL": database,
            "PORT": str(port),
            "SMTP_PORT": str(port + 1),
            "DEMO": "0",
            "WEB_PROCESSES": "2",
        }
        self.start_seconds = 0.0

    def __enter__(self) -> House:  # noqa: PYI034
        began = time.monotonic()
        with (self.data / "bench.log").open("ab") as log:
            command = [sys.executable, "-m", "zaguan", "serve"]
            self.process = subprocess.Popen(command, env=self.environment, stdout=log, stderr=log)
        while time.monotonic() - began < 60:
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/health/ready", timeout=1):
                    break
            except OSError:
                time.sleep(0.02)
        self.start_seconds = time.monotonic() - began
        return self

    def __exit__(self, *error: object) -> None:
        self.process.terminate()
        self.process.wait(30)

    def sign_in(self, email: str, password: str) -> str:
        """The Cookie header of a signed-in agent."""
        jar = CookieJar()
        opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(jar))
        address = f"http://127.0.0.1:{self.port}/desk/sign-in/"
        page = opener.open(address, timeout=30).read().decode()
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
        given = {"email": email, "password": password, "csrfmiddlewaretoken": token.group(1) if token else ""}
        opener.open(address, urllib.parse.urlencode(given).encode(), timeout=30).read(1)
        return "; ".join(f"{cookie.name}={cookie.value}" for cookie in jar)

    def token(self, email: str) -> str:
        """A bearer token."""
        command = [sys.executable, "-m", "zaguan", "token", "create", "--agent", email]
        done = subprocess.run(command, env=self.environment, capture_output=True, text=True, check=True)
        return done.stdout.strip().splitlines()[-1]

    def memory_mb(self) -> dict[str, float]:
        """Memory of all its processes: "shared" counts a page that several of them hold once (PSS), "whole" in each of them (RSS)."""
        every = [_memory_kb(pid) for pid in family(self.process.pid)]
        return {
            "shared": sum(pss for pss, _rss in every) / 1024,
            "whole": sum(rss for _pss, rss in every) / 1024,
        }


def _memory_kb(pid: int) -> tuple[int, int]:
    try:
        lines = (line.split() for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()[1:])
    except OSError:
        return 0, 0
    found = {line[0]: int(line[1]) for line in lines}
    return found["Pss:"], found["Rss:"]


def family(pid: int) -> list[int]:
    children = []
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            parent = int(path.read_text().rpartition(")")[2].split()[1])
        except (OSError, ValueError):
            continue
        if parent == pid:
            children.append(int(path.parent.name))
    return [pid, *(each for child in children for each in family(child))]
