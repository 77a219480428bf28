"""Why a ticket went to somebody by itself: reasons as stored in events, and how they read."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import get_language_info, ngettext
from django.utils.translation import gettext as _

# ["places", {"taken": 200, "total": 1000}]: a word of `_WORDS` below, and what belongs into it.
Reason = list[Any]
MINUTE, HOUR, DAY = 60, 3600, 86400


def reason(word: str, **values: Any) -> Reason:
    """One reason, for an event."""
    return [word, values]


def told(reasons: Iterable[Reason], *, to_whom_it_concerns: bool = False) -> list[str]:
    """Each reason in the reader's language; "you speak …" when it is about the reader."""
    words = _YOURS if to_whom_it_concerns else {}
    found = []
    for word, values in reasons:
        say = words.get(word) or _WORDS.get(word)
        if say is not None:
            found.append(say(values))
    return found


def in_words(reasons: Iterable[Reason], *, to_whom_it_concerns: bool = False) -> str:
    """All of them, one after the other."""
    return ", ".join(told(reasons, to_whom_it_concerns=to_whom_it_concerns))


def given_sentence(
    because: dict[str, Any], who: str, old: str, new: str, *, to_whom_it_concerns: bool = False
) -> str:
    """How a ticket that was given or taken by a route, or by Next, reads in the history; whoever got it is "you"."""
    values = {"route": because.get("route", ""), "who": who, "old": old, "new": new}
    values["reasons"] = in_words(because.get("reasons", ()), to_whom_it_concerns=to_whom_it_concerns)
    if to_whom_it_concerns:
        return _given_to_you(because, old) % values
    if old and new:
        return _("“%(route)s” moved the ticket from %(old)s to %(new)s: %(reasons)s.") % values
    if not new:
        return _("“%(route)s” took the ticket away from %(old)s: %(reasons)s.") % values
    if not because.get("route"):
        return _("%(who)s asked for the next ticket and got this one: %(reasons)s.") % values
    return _("“%(route)s” gave the ticket to %(new)s: %(reasons)s.") % values


def _given_to_you(because: dict[str, Any], old: str) -> str:
    if not because.get("route"):
        return _("You asked for the next ticket and got this one: %(reasons)s.")
    if old:
        return _("“%(route)s” moved the ticket from %(old)s to you: %(reasons)s.")
    return _("“%(route)s” gave you the ticket: %(reasons)s.")


def moved_sentence(because: dict[str, Any], new: str) -> str:
    """How a ticket that a route handed to another team reads."""
    values = {"route": because.get("route", ""), "new": new}
    values["reasons"] = in_words(because.get("reasons", ()))
    return _("“%(route)s” moved the ticket to the team %(new)s: %(reasons)s.") % values


def language_name(code: str) -> str:
    """Portuguese for "pt", in the reader's language; the code itself for one that nobody named."""
    try:
        return str(get_language_info(code)["name_translated"])
    except KeyError:
        return code


def places(hundredths: int) -> str:
    """Hundredths of a chat as a person counts them: 250 is 2.5."""
    return f"{hundredths / 100:.2f}".rstrip("0").rstrip(".")


def span(seconds: float) -> str:
    """A stretch of time, roughly."""
    if seconds < HOUR:
        count = max(int(seconds // MINUTE), 0)
        return ngettext("%(count)d min", "%(count)d min", count) % {"count": count}
    if seconds < 2 * DAY:
        count = int(seconds // HOUR)
        return ngettext("%(count)d hour", "%(count)d hours", count) % {"count": count}
    count = int(seconds // DAY)
    return ngettext("%(count)d day", "%(count)d days", count) % {"count": count}


def _due(values: dict[str, Any]) -> str:
    left = (datetime.fromisoformat(values["at"]) - timezone.now()).total_seconds()
    if left < 0:
        return _("overdue since %(span)s") % {"span": span(-left)}
    return _("due in %(span)s") % {"span": span(left)}


def _waiting(values: dict[str, Any]) -> str:
    since = datetime.fromisoformat(values["since"])
    return _("has waited for %(span)s") % {"span": span((timezone.now() - since).total_seconds())}


def _timeout(values: dict[str, Any]) -> str:
    count = values["minutes"]
    if values.get("working", True):
        text = ngettext(
            "nothing was done for %(count)d working minute",
            "nothing was done for %(count)d working minutes",
            count,
        )
    else:
        text = ngettext(
            "nothing was done for %(count)d minute", "nothing was done for %(count)d minutes", count
        )
    return text % {"count": count}


def _places(values: dict[str, Any]) -> str:
    numbers = {"taken": places(values["taken"]), "total": places(values["total"])}
    return _("%(taken)s of %(total)s places taken") % numbers


def _tongue(sentence: Callable[[], str]) -> Callable[[dict[str, Any]], str]:
    return lambda values: sentence() % {"language": language_name(values["code"])}


_WORDS: dict[str, Callable[[dict[str, Any]], str]] = {
    "language": _tongue(lambda: _("speaks %(language)s")),
    "no_language": _tongue(lambda: _("nobody here speaks %(language)s")),
    "skill": lambda v: _("knows %(skill)s") % {"skill": v["name"]},
    "no_skill": lambda v: _("nobody here knows %(skill)s") % {"skill": v["name"]},
    "sticky": lambda v: _("served this customer last"),
    "follows": lambda v: _("has the ticket that this one follows"),
    "places": _places,
    "turn": lambda v: _("next in turn"),
    "load": lambda v: _("has least to do"),
    "due": _due,
    "waiting": _waiting,
    "urgent": lambda v: _("urgency %(name)s") % {"name": v["name"]},
    "timeout": lambda v: _timeout(v),
    "even": lambda v: (
        _("%(more)s places taken against %(less)s, and nobody had touched it")
        % {"more": places(v["more"]), "less": places(v["less"])}
    ),
    "gone": lambda v: _("whoever had it is not there"),
    "overflow": lambda v: (
        ngettext("nobody took it in %(count)d minute", "nobody took it in %(count)d minutes", v["minutes"])
        % {"count": v["minutes"]}
    ),
}
_YOURS: dict[str, Callable[[dict[str, Any]], str]] = {
    "language": _tongue(lambda: _("you speak %(language)s")),
    "skill": lambda v: _("you know %(skill)s") % {"skill": v["name"]},
    "load": lambda v: _("you have least to do"),
    "turn": lambda v: _("you are next in turn"),
    "places": lambda v: (
        _("%(taken)s of your %(total)s places taken")
        % {"taken": places(v["taken"]), "total": places(v["total"])}
    ),
    "sticky": lambda v: _("you served this customer last"),
    "follows": lambda v: _("you have the ticket that this one follows"),
}
