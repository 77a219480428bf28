"""Why a rule that fits does nothing: kept as what it is, said in the reader's language."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext as _

_WORDS: dict[str, Callable[[], str]] = {
    "itself": lambda: _("It caused this itself: a rule acts once for each first cause."),
    "depth": lambda: _("Rules had caused one another %(count)d times."),
    "often_on_ticket": lambda: _("It acted %(count)d times in a minute on ticket %(number)d."),
    "often": lambda: _("It acted %(count)d times in a minute."),
}


def kept(why: str, **values: int) -> str:
    """A reason as it is stored in the place of a sentence."""
    if why not in _WORDS:
        raise KeyError(why)
    return json.dumps({"why": why} | values)


def values_of(reason: str) -> dict[str, Any]:
    """What a stored reason is made of; nothing of one that is a sentence already (a refusal, an older row)."""
    try:
        found: dict[str, Any] = json.loads(reason) if reason.startswith("{") else {}
    except ValueError:
        return {}
    return found


def said(reason: str) -> str:
    """The sentence of a stored reason."""
    found = values_of(reason)
    return _WORDS[found["why"]]() % found if found.get("why") in _WORDS else reason
