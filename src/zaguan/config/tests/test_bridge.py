"""The bridge from the event loop to Django: bodies, headers, streams, and a browser that leaves."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from django.http import HttpResponse, StreamingHttpResponse

from zaguan.config.bridge import BODY_IN_MEMORY, Message, Pages


def ask(
    application: Callable[..., Iterable[bytes]], bodies: list[Message] | None = None, **scope: Any
) -> list[Message]:
    """One request through the bridge; what it sent."""
    sent: list[Message] = []
    waiting = list(bodies or [{"type": "http.request", "body": b""}])

    async def receive() -> Message:
        return waiting.pop(0)

    async def send(message: Message) -> None:
        sent.append(message)

    whole = {
        "type": "http",
        "method": "GET",
        "path": "/",
        "query_string": b"",
        "http_version": "1.1",
        "headers": [],
    }
    pages = Pages(application, 1)
    asyncio.run(pages({**whole, **scope}, receive, send))
    pages.pool.shutdown()
    return sent


def answering(seen: dict[str, Any], response: Any = None) -> Callable[..., Any]:
    def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Any:
        seen.update(environ, body=environ["wsgi.input"].read(), thread=threading.current_thread().name)
        answer = response or HttpResponse(b"hola", headers={"X-Door": "open"})
        start_response("200 OK", list(answer.items()))
        return answer

    return application


def test_a_page_is_sent_in_two_messages_from_a_thread() -> None:
    seen: dict[str, Any] = {}
    start, body = ask(answering(seen), path="/añil", query_string=b"q=1")
    assert (start["status"], (b"x-door", b"open") in start["headers"]) == (200, True)
    assert body == {"type": "http.response.body", "body": b"hola"}
    assert seen["PATH_INFO"].encode("latin-1").decode() == "/añil"
    assert seen["QUERY_STRING"] == "q=1"
    assert seen["thread"].startswith("page")


def test_a_body_in_parts_arrives_whole_and_has_a_length() -> None:
    seen: dict[str, Any] = {}
    half = b"x" * BODY_IN_MEMORY
    parts: list[Message] = [
        {"type": "http.request", "body": half, "more_body": True},
        {"type": "http.request", "body": half},
    ]
    ask(answering(seen), parts, method="POST")
    assert seen["CONTENT_LENGTH"] == str(2 * BODY_IN_MEMORY)
    assert seen["body"] == half * 2


def test_a_browser_that_leaves_half_way_is_not_answered() -> None:
    seen: dict[str, Any] = {}
    parts: list[Message] = [
        {"type": "http.request", "body": b"x", "more_body": True},
        {"type": "http.disconnect"},
    ]
    assert ask(answering(seen), parts) == []
    assert not seen


def test_a_header_with_underscores_cannot_pass_for_another() -> None:
    seen: dict[str, Any] = {}
    ask(answering(seen), headers=[(b"x_forwarded_proto", b"https"), (b"accept", b"a"), (b"accept", b"b")])
    assert "HTTP_X_FORWARDED_PROTO" not in seen
    assert seen["HTTP_ACCEPT"] == "a,b"


def test_a_streaming_answer_comes_in_parts_and_is_closed() -> None:
    closed: list[bool] = []

    class Parts:
        """Like a file: read bit by bit, closed at the end."""

        def __init__(self) -> None:
            self.left = iter([b"one", b"", b"two"])

        def __iter__(self) -> Iterator[bytes]:
            return self.left

        def close(self) -> None:
            closed.append(True)

    response = StreamingHttpResponse(Parts())
    bodies = [message for message in ask(answering({}, response)) if message["type"] == "http.response.body"]
    assert [message["body"] for message in bodies] == [b"one", b"two", b""]
    assert [message.get("more_body", False) for message in bodies] == [True, True, False]
    assert closed == [True]
