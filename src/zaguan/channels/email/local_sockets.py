"""Two sockets in the data folder: `run/mail.sock` for `zaguan mail receive`, `run/lmtp.sock` for a mail server beside us."""

from __future__ import annotations

import asyncio
import json
import logging
import socket
from pathlib import Path
from typing import Any

from django.conf import settings

from zaguan.channels.email.handing_in import Given
from zaguan.channels.email.intake import Intake
from zaguan.channels.email.smtp_receiver import Door, receiver

log = logging.getLogger(__name__)

# A path in a socket's address may have this many bytes.
_LONGEST_PATH = 100
_PROCESS_SECONDS = 30
STORED_ONLY = "The mail is stored and waits to be processed."


def run_folder() -> Path:
    """Where the sockets lie; only the owner may enter."""
    folder = Path(settings.DATA) / "run"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


async def serve_pipe(intake: Intake) -> asyncio.Server | None:
    """Take in what `zaguan mail receive` hands over: a line of JSON, the mail, the end of the stream."""
    path = _free_path(run_folder() / "mail.sock")
    if path is None:
        return None

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            said = json.loads(await reader.readline())
            given = Given(await reader.read(-1), "pipe", inbox_address=str(said.get("inbox") or ""))
            writer.write(json.dumps(await _outcome(intake, given)).encode() + b"\n")
            await writer.drain()
        except (OSError, ValueError):
            log.warning("A mail was not handed over completely", exc_info=True)
        finally:
            writer.close()

    return await asyncio.start_unix_server(answer, path=path)


async def _outcome(intake: Intake, given: Given) -> dict[str, Any]:
    intake.give(given)
    try:
        await asyncio.wrap_future(given.stored)
    except Exception as error:  # noqa: BLE001 (the client must not believe that it is stored)
        return {"error": str(error)}
    try:
        done = asyncio.shield(asyncio.wrap_future(given.done))
        return await asyncio.wait_for(done, _PROCESS_SECONDS)
    except TimeoutError:
        return {"outcome": "failed", "ticket": None, "message": None, "reason": STORED_ONLY}


async def serve_lmtp(intake: Intake) -> asyncio.Server | None:
    """LMTP on a socket, as Postfix's `lmtp:unix:` and others use it."""
    path = _free_path(run_folder() / "lmtp.sock")
    if path is None:
        return None
    loop = asyncio.get_running_loop()
    door = Door(intake)
    return await loop.create_unix_server(lambda: receiver(door, loop), path=path)


def _free_path(path: Path) -> str | None:
    """The path, free to listen on; None when it is too long or another process of ours listens there."""
    if len(str(path).encode()) > _LONGEST_PATH:
        log.warning("The path %s is too long for a socket", path)
        return None
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as probe:
        try:
            probe.connect(str(path))
        except OSError:
            path.unlink(missing_ok=True)
            return str(path)
    return None
