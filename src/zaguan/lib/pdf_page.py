"""The first page of somebody's PDF as a picture, drawn by a process that has nothing and can reach nothing."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from threading import BoundedSemaphore
from typing import BinaryIO

SECONDS = 10
# Drawing costs a core; whoever opens many previews waits for their turn.
_turn = BoundedSemaphore(2)


class UnreadablePdf(Exception):  # noqa: N818 (what is said of the file)
    """It is no PDF, is locked, or takes too long to draw."""


def first_page(file: BinaryIO, *, seconds: int = SECONDS) -> bytes:
    """A PNG of the first page. Raises UnreadablePdf."""
    command = [sys.executable, "-I", str(Path(__file__).with_name("pdf_page_process.py")), str(seconds)]
    environment = {"PATH": os.defpath, "HOME": "/nonexistent", "LANG": "C.UTF-8"}
    with _turn:
        try:
            done = subprocess.run(  # noqa: S603 (our own program; its one argument is a number)
                command, input=file.read(), env=environment, cwd="/", capture_output=True, timeout=seconds * 2, check=False
            )  # fmt: skip
        except subprocess.TimeoutExpired:
            raise UnreadablePdf("too slow") from None
    if done.returncode or not done.stdout.startswith(b"\x89PNG"):
        raise UnreadablePdf(done.stderr.decode(errors="replace")[-500:])
    return done.stdout
