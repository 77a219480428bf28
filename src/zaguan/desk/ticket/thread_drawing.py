"""The thread as markup: messages are kept as they are drawn, and so are the small grey lines between them."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from django.utils.translation import get_language
from markupsafe import Markup, escape

from zaguan.desk.kept import KeptMarkup
from zaguan.desk.templating import template
from zaguan.desk.ticket.thread import Item, Thread

_kept = KeptMarkup(3000)


def thread_markup(number: int, thread: Thread) -> Markup:
    """The button for what came before, and everything in the thread."""
    reader = (get_language(), timezone.get_current_timezone_name())
    pieces: list[str] = [_macros().earlier(number, thread)] if thread.has_earlier else []
    for item in thread.items:
        if item.kind == "message":
            pieces.append(item.markup)
        elif item.kind == "day":
            pieces.append(f'<p class="thread-day">{escape(item.markup)}</p>')
        else:
            pieces.append(_between(item, reader))
    return Markup("".join(pieces))  # noqa: S704 (each was drawn by a template or escaped)


def _between(item: Item, reader: tuple[Any, ...]) -> Markup:
    key = (item.kind, reader, tuple(item.lines))
    return _kept.drawn(key, lambda: _macros().items({"items": [item]}))


def _macros() -> Any:
    return template("desk/ticket/thread.jinja").module
