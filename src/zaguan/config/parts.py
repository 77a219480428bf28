"""The parts of an installation, one process each: `zaguan web`, `zaguan live`, `zaguan worker`."""

from __future__ import annotations

import os
import socket

from zaguan.config.doors import listen
from zaguan.config.facts import read_facts
from zaguan.config.forking import end_with_parent


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
    from zaguan.config.http import run

    return run(_listener(words), _board(words))


def _listener(words: list[str]) -> socket.socket:
    """The supervisor's socket, or one of our own when this part runs alone."""
    if words[:1] == ["--socket"]:
        return socket.socket(fileno=int(words[1]))
    facts = read_facts()
    return listen(facts.host, facts.port)


def _board(words: list[str]) -> tuple[int, int, int] | None:
    """Shared memory, our place in it, and how many we are; none when we run alone."""
    if words[2:3] != ["--board"]:
        return None
    handle, own, processes = (int(word) for word in words[3:6])
    return handle, own, processes
