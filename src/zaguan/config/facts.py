"""The few settings that the supervisor needs, read without Django; a test keeps them equal to settings.py."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

NO = {"0", "false", "no", "off", "f", "n", ""}


@dataclass(frozen=True)
class Facts:
    """Where the data lie, where to listen, and how many processes serve pages."""

    data: Path
    database_url: str
    host: str
    port: int
    base_url: str
    smtp_host: str
    smtp_port: int
    web_processes: int
    demo: bool
    language: str


def read_facts() -> Facts:
    """From the environment, with the defaults of settings.py."""
    env = os.environ.get
    port = int(env("PORT") or 8000)
    return Facts(
        data=Path(env("ZAGUAN_DATA") or "data").resolve(),
        database_url=env("DATABASE_URL", ""),
        host=env("HOST") or "127.0.0.1",
        port=port,
        base_url=(env("ZAGUAN_URL") or f"http://localhost:{port}").rstrip("/"),
        smtp_host=env("SMTP_HOST") or "127.0.0.1",
        smtp_port=int(env("SMTP_PORT") or 2525),
        web_processes=max(1, int(env("WEB_PROCESSES") or 2)),
        demo=env("DEMO", "1").lower() not in NO,
        language=(env("LANGUAGE") or "es").split("_")[0].split(":")[0] or "es",
    )
