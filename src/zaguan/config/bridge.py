"""From the event loop to Django's WSGI side: one hop to a small pool of threads and back (docs/decisions says why)."""

from __future__ import annotations

import asyncio
import io
import sys
import tempfile
from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache, partial
from typing import Any

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
WSGI = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]

# A larger body waits on disk instead of in memory.
BODY_IN_MEMORY = 1024 * 1024
KEYS = {b"content-type": "CONTENT_TYPE", b"cookie": "HTTP_COOKIE", b"host": "HTTP_HOST"}


class Disconnected(Exception):  # noqa: N818 (the browser went away; nobody is to blame)
    """The other side left before its request was complete."""


class Pages:
    """A WSGI application behind an ASGI door. Each thread keeps its database connection."""

    def __init__(self, application: WSGI, threads: int) -> None:
        self.application = application
        self.pool = ThreadPoolExecutor(threads, thread_name_prefix="page")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        run = asyncio.get_running_loop().run_in_executor
        try:
            body, size = await read_body(receive)
        except Disconnected:
            return
        try:
            await self._answer(environ_of(scope, body, size), send, run)
        finally:
            body.close()

    async def _answer(self, environ: dict[str, Any], send: Send, run: Callable[..., Any]) -> None:
        status, headers, first, rest = await run(self.pool, partial(respond, self.application, environ))
        await send({"type": "http.response.start", "status": status, "headers": headers})
        if rest is None:
            await send({"type": "http.response.body", "body": first})
            return
        try:
            while chunk := await run(self.pool, partial(_next, rest)):
                await send({"type": "http.response.body", "body": chunk, "more_body": True})
            await send({"type": "http.response.body", "body": b""})
        finally:
            await run(self.pool, rest.close)


async def read_body(receive: Receive) -> tuple[Any, int]:
    """The whole body as a file, and its size; raises Disconnected when it stops half-way."""
    message = await receive()
    if message["type"] == "http.request" and not message.get("more_body"):
        whole = message.get("body", b"")
        return io.BytesIO(whole), len(whole)
    body = tempfile.SpooledTemporaryFile(BODY_IN_MEMORY)  # noqa: SIM115 (closed with the request)
    while message["type"] == "http.request":
        body.write(message.get("body", b""))
        if not message.get("more_body"):
            size = body.tell()
            body.seek(0)
            return body, size
        message = await receive()
    body.close()
    raise Disconnected


def environ_of(scope: Scope, body: Any, size: int) -> dict[str, Any]:
    """WSGI's idea of the request."""
    server, client = scope.get("server") or ("localhost", 80), scope.get("client") or ("", 0)
    environ: dict[str, Any] = {
        "REQUEST_METHOD": scope["method"],
        "SCRIPT_NAME": "",
        "PATH_INFO": scope["path"].encode().decode("latin-1"),
        "QUERY_STRING": scope["query_string"].decode("latin-1"),
        "SERVER_PROTOCOL": f"HTTP/{scope['http_version']}",
        "SERVER_NAME": server[0],
        "SERVER_PORT": str(server[1]),
        "REMOTE_ADDR": client[0],
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope.get("scheme", "http"),
        "wsgi.input": body,
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }
    for name, value in scope["headers"]:
        key = KEYS.get(name) or _key(name)
        text = value.decode("latin-1")
        environ[key] = f"{environ[key]},{text}" if key in environ else text
    # The size that arrived, also when the body came in chunks without a length.
    environ["CONTENT_LENGTH"] = str(size) if size else ""
    return environ


@lru_cache(maxsize=256)
def _key(name: bytes) -> str:
    """A header's name for WSGI. One written with underscores could pass for another: it gets a name nobody reads."""
    return "ignored" if b"_" in name else "HTTP_" + name.decode("latin-1").upper().replace("-", "_")


def respond(application: WSGI, environ: dict[str, Any]) -> tuple[int, list[tuple[bytes, bytes]], bytes, Any]:
    """Run the request in this thread. The whole answer at once, or, when it streams, what remains to be read."""
    started: list[Any] = []
    response: Any = application(
        environ, lambda status, headers, error=None: started.extend((status, headers))
    )
    headers = [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in started[1]]
    status = int(started[0][:3])
    if getattr(response, "streaming", False) or not hasattr(response, "content"):
        return status, headers, b"", _Rest(response)
    try:
        return status, headers, response.content, None
    finally:
        response.close()


class _Rest:
    """What a streaming answer still has to say."""

    def __init__(self, response: Any) -> None:
        self.chunks = iter(response)
        self.close = getattr(response, "close", lambda: None)


def _next(rest: _Rest) -> bytes:
    for chunk in rest.chunks:
        if chunk:
            return bytes(chunk)
    return b""
