"""Parts of the ticket's page, drawn once with stand-ins and then filled in for each ticket.

Two tickets differ in their texts and numbers, seldom in which buttons and fields there are. Drawing a part costs
a hundred times more than filling it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable
from typing import Any

from markupsafe import Markup, escape

from zaguan.desk.templating import template
from zaguan.lib.recent import Recent

# Private letters mark a stand-in in the drawing; what is filled in is never searched for them.
_PLACE = re.compile("\ue000([a-z_0-9]+)\ue001")
_kept: Recent[list[str]] = Recent(2000)


def stand_in(name: str) -> Markup:
    """What stands in the drawing where the value `name` goes."""
    return Markup(f"\ue000{name}\ue001")  # noqa: S704 (a fixed name)


def filled(name: str, key: Hashable, context: Callable[[], dict[str, Any]], values: dict[str, Any]) -> Markup:
    """The template `name` with `values` in their places.

    `key` holds all facts that decide what is drawn; `context` gives them to the template, with `stand_in`s for
    the values. Values are escaped here unless they are markup.
    """
    pieces = _pieces(name, key, context)
    drawn = pieces.copy()
    # The values of a part are few, their places many.
    texts = {name: value if type(value) is Markup else _text(value) for name, value in values.items()}
    drawn[1::2] = [texts[name] for name in pieces[1::2]]
    return Markup("".join(drawn))  # noqa: S704 (each piece is drawn by a template or escaped)


def _text(value: Any) -> str:
    return str(value) if type(value) is int else escape(value) if value else ""


def _pieces(name: str, key: Hashable, context: Callable[[], dict[str, Any]]) -> list[str]:
    """Literal text and names of values in turn."""
    found = _kept.get((name, key))
    return (
        found if found is not None else _kept.put((name, key), _PLACE.split(template(name).render(context())))
    )
