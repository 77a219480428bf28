"""The ASGI side of a stream: who asks, and then one chunk after the other until somebody leaves."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, MutableMapping
from concurrent.futures import ThreadPoolExecutor
from http.cookies import CookieError, SimpleCookie
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user
from django.contrib.sessions.backends.db import SessionStore
from django.db import close_old_connections
from django.http import HttpRequest

from zaguan.people.models import Agent
from zaguan.realtime.streams import Stream, hub

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
HEADERS = [
    (b"content-type", b"text/event-stream"),
    (b"cache-control", b"no-cache, no-transform"),
    # nginx would collect a whole buffer first.
    (b"x-accel-buffering", b"no"),
]


async def live(scope: Scope, receive: Receive, send: Send, pool: ThreadPoolExecutor) -> None:
    """Answer GET /desk/live/."""
    headers = dict(scope["headers"])
    hub.loop = asyncio.get_running_loop()
    status, stream = await hub.loop.run_in_executor(pool, _open, headers, scope["method"])
    if stream is None:
        await send({"type": "http.response.start", "status": status, "headers": [(b"content-length", b"0")]})
        await send({"type": "http.response.body", "body": b""})
        return
    leaving = asyncio.create_task(_until_gone(receive, stream))
    try:
        await send({"type": "http.response.start", "status": 200, "headers": HEADERS})
        async for chunk in stream.chunks():
            await send({"type": "http.response.body", "body": chunk, "more_body": True})
        await send({"type": "http.response.body", "body": b""})
    finally:
        hub.discard(stream)
        leaving.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await leaving


async def _until_gone(receive: Receive, stream: Stream) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
    stream.close()


def _open(headers: dict[bytes, bytes], method: str) -> tuple[int, Stream | None]:
    """The stream, or the status that says why not."""
    if method != "GET":
        return 405, None
    close_old_connections()
    request = _request(headers)
    agent = get_user(request)
    if not isinstance(agent, Agent):
        return 401, None
    last = headers.get(b"last-event-id", b"").decode("latin-1")
    position = int(last) if last.isascii() and last.isdigit() and len(last) < 19 else None
    stream = hub.open(agent.pk, request.session.session_key or "", position)
    return (200, stream) if stream else (403, None)


def _request(headers: dict[bytes, bytes]) -> HttpRequest:
    """As much of a request as Django needs to tell who is signed in."""
    cookies: SimpleCookie = SimpleCookie()
    with contextlib.suppress(CookieError):
        cookies.load(headers.get(b"cookie", b"").decode("latin-1"))
    morsel = cookies.get(settings.SESSION_COOKIE_NAME)
    request = HttpRequest()
    request.session = SessionStore(morsel.value if morsel else None)
    return request
