"""The parts of an installation, one process each: `zaguan web`, `zaguan live`, `zaguan worker`."""

from __future__ import annotations

import os
import signal
import socket
import sys
from types import FrameType

from zaguan.config.doors import listen
from zaguan.config.facts import Facts, read_facts

# Pages that are being made may finish; streams are ended at once.
SECONDS_TO_FINISH = 5


def web(words: list[str]) -> int:
    """Serve pages and live updates in this process."""
    return _http(words)


def live(words: list[str]) -> int:
    """Serve live updates only, for machines of their own."""
    os.environ["ZAGUAN_LIVE_ONLY"] = "1"
    return _http(words)


def worker(words: list[str]) -> int:
    """Do what waits in the background: reactions, deliveries, the clock, incoming mail."""
    end_with_parent()
    import django

    django.setup()
    from zaguan.config.background import work

    return work(int(words[1]) if words[:1] == ["--smtp-socket"] else None)


def _http(words: list[str]) -> int:
    end_with_parent()
    import uvicorn

    from zaguan.config.asgi import application
    from zaguan.config.warming import warm_up
    from zaguan.realtime.streams import hub

    class Server(uvicorn.Server):
        """Ends the streams first: they would never end by themselves."""

        def handle_exit(self, sig: int, frame: FrameType | None) -> None:
            hub.close()
            super().handle_exit(sig, frame)

    config = uvicorn.Config(
        application,
        http="httptools",
        loop="uvloop",
        ws="none",
        lifespan="off",
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_keep_alive=75,
        timeout_graceful_shutdown=SECONDS_TO_FINISH,
        proxy_headers=bool(os.environ.get("BEHIND_PROXY")),
    )
    warm_up()
    Server(config).run([_listener(words, read_facts())])
    return 0


def _listener(words: list[str], facts: Facts) -> socket.socket:
    """The supervisor's socket, or one of our own when this part runs alone."""
    if words[:1] == ["--socket"]:
        return socket.socket(fileno=int(words[1]))
    return listen(facts.host, facts.port)


def end_with_parent() -> None:
    """Under a supervisor: the kernel ends this process when the supervisor dies, however it dies."""
    parent = int(os.environ.get("ZAGUAN_SUPERVISOR", 0))
    if not parent or sys.platform != "linux":
        return
    import ctypes

    ctypes.CDLL(None).prctl(1, signal.SIGTERM)  # 1 is PR_SET_PDEATHSIG
    if os.getppid() != parent:
        os._exit(1)
