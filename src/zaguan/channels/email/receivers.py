"""Everything that waits for mail to be handed in, in one thread of the worker process."""

from __future__ import annotations

import asyncio
import os
import socket
from collections.abc import Callable

from zaguan.channels.email.intake import Intake
from zaguan.channels.email.local_sockets import serve_lmtp, serve_pipe
from zaguan.channels.email.smtp_receiver import serve_smtp

_LOOK_EVERY = 0.1


def run_receivers(smtp: socket.socket | None, stopped: Callable[[], bool], *, helped: bool = True) -> None:
    """Receive until `stopped()`; whoever hands in a mail then, and has no answer yet, will try again."""
    intake = Intake(helped=helped and (os.cpu_count() or 1) > 1)
    intake.start()
    try:
        with asyncio.Runner(loop_factory=_loop) as runner:
            runner.run(_receive(smtp, intake, stopped))
    finally:
        intake.stop()


def _loop() -> asyncio.AbstractEventLoop:
    try:
        import uvloop
    except ImportError:
        return asyncio.new_event_loop()
    return uvloop.new_event_loop()


async def _receive(smtp: socket.socket | None, intake: Intake, stopped: Callable[[], bool]) -> None:
    servers = [await serve_pipe(intake), await serve_lmtp(intake)]
    if smtp is not None:
        # The supervisor keeps the socket itself open; closing this server must not close the door.
        servers.append(await serve_smtp(smtp.dup(), intake))
    while not stopped():
        await asyncio.sleep(_LOOK_EVERY)
    for server in servers:
        if server is not None:
            server.close()
    # Those who are in the middle of a mail may finish it.
    await asyncio.sleep(0.3)
