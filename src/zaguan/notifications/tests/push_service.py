"""A push service on this machine: it checks who sends, opens what was sent, and answers as it is told."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from zaguan.lib import webpush


@dataclass
class PushService:
    """One subscription behind it; `answer` is what it says next."""

    port: int = 0
    answer: int = 201
    said: str = ""
    retry_after: str = ""
    arrived: list[dict[str, Any]] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    key: Any = field(default_factory=webpush.new_key)
    auth: str = webpush.encode(b"sixteen letters.")

    @property
    def endpoint(self) -> str:
        return f"http://127.0.0.1:{self.port}/send/abc"

    @property
    def p256dh(self) -> str:
        return webpush.encode(webpush.public_bytes(self.key))

    def take(self, headers: dict[str, str], body: bytes) -> int:
        """As a real one does: the proof must be ours to check, for us, and not too long valid."""
        claims = webpush.claims_of(headers["authorization"])
        if claims["aud"] != f"http://127.0.0.1:{self.port}":
            return 403
        if not time.time() < float(str(claims["exp"])) <= time.time() + 86400:
            return 403
        if not str(claims["sub"]).startswith(("mailto:", "https:")) or int(headers["ttl"]) < 0:
            return 400
        if self.answer in (200, 201, 202):
            self.headers.append(headers)
            self.arrived.append(json.loads(webpush.decrypt(body, self.key, self.auth)))
        return self.answer


@contextmanager
def push_service() -> Iterator[PushService]:
    """Running for as long as the test does."""
    service = PushService()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            try:
                code = service.take({k.lower(): v for k, v in self.headers.items()}, body)
            except Exception as fault:  # noqa: BLE001 (told to the test)
                service.faults.append(repr(fault))
                code = 400
            self.send_response(code)
            if service.retry_after:
                self.send_header("Retry-After", service.retry_after)
            self.end_headers()
            self.wfile.write(service.said.encode())

        def log_message(self, *args: Any) -> None:
            """Quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    service.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield service
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
