"""Requests from another process: `python bench/load.py < plan.json` prints how many a second, and how long they took."""

from __future__ import annotations

import json
import re
import socket
import sys
import threading
import time
from typing import Any

LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)


class Line:
    """One kept connection, read with as little work as can be: the load must not take the time of what it measures."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.socket = self._connect()

    def _connect(self) -> socket.socket:
        found = socket.create_connection(("127.0.0.1", self.port), timeout=60)
        found.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return found

    def ask(self, request: bytes) -> int:
        """Send a request, read its whole answer; returns the status."""
        self.socket.sendall(request)
        got = self.socket.recv(262_144)
        while b"\r\n\r\n" not in got:
            got += self._more()
        head, _, body = got.partition(b"\r\n\r\n")
        found = LENGTH.search(head)
        left = int(found.group(1)) - len(body) if found else 0
        while left > 0:
            left -= len(self._more())
        if b"connection: close" in head.lower():
            self.socket.close()
            self.socket = self._connect()
        return int(head[9:12])

    def _more(self) -> bytes:
        got = self.socket.recv(262_144)
        if not got:
            raise ConnectionError("the server hung up")
        return got


def run(plan: dict[str, Any]) -> dict[str, Any]:
    """`plan`: port, requests (texts, taken in turn), concurrency, seconds, expect (a status)."""
    requests = [text.encode() for text in plan["requests"]]
    until = time.monotonic() + plan["seconds"]
    times: list[float] = []
    wrong: list[int] = []
    place = iter(range(10**9))

    def work() -> None:
        line = Line(plan["port"])
        while (began := time.monotonic()) < until:
            status = line.ask(requests[next(place) % len(requests)])
            times.append(time.monotonic() - began)
            if status != plan["expect"]:
                wrong.append(status)

    began = time.monotonic()
    crowd = [threading.Thread(target=work) for _ in range(plan["concurrency"])]
    for each in crowd:
        each.start()
    for each in crowd:
        each.join()
    spent = time.monotonic() - began
    times.sort()
    return {
        "per_second": len(times) / spent,
        "p50_ms": 1000 * times[len(times) // 2],
        "p95_ms": 1000 * times[len(times) * 95 // 100],
        "wrong": sorted(set(wrong)),
    }


if __name__ == "__main__":
    sys.stdout.write(json.dumps(run(json.load(sys.stdin))))
