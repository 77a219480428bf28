"""What happened to a ticket, one small sentence per event, for the thread and the feed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from zaguan.conversations.surroundings import Happening
from zaguan.tickets import reference

# Icon and sentence; None leaves the event out.
Line = tuple[str, str]
Teller = Callable[[dict[str, Any], str], Line | None]


def tell(happening: Happening, requester: str) -> Line | None:
    """The icon and the sentence of an event; None for what the thread shows otherwise or not at all."""
    teller = _TELLERS.get(happening.kind)
    return teller(happening.data, actor_name(happening, requester)) if teller else None


def actor_name(happening: Happening, requester: str) -> str:
    """Who did it; empty when it happened by itself."""
    if happening.actor_kind == "agent":
        agent = reference.agents.get(happening.actor_id)
        return agent.name if agent else _("A former colleague")
    return requester if happening.actor_kind == "contact" else ""


def _when(moment: datetime) -> str:
    return date_format(timezone.localtime(moment), "SHORT_DATETIME_FORMAT")


def _named(row: Any, nobody: str) -> str:
    return str(getattr(row, "label", None) or getattr(row, "name", None) or nobody)


def _opened(data: dict[str, Any], who: str) -> Line:
    if not who:
        return "ticket-plus", _("Ticket opened")
    return "ticket-plus", _("%(name)s opened the ticket") % {"name": who}


def _status(data: dict[str, Any], who: str) -> Line:
    status = _named(reference.statuses.get(data["statuses"][1]), _("another status"))
    until = parse_datetime(data.get("snoozed_until") or "")
    values = {
        "name": who,
        "status": status,
        "until": _when(until) if until else "",
        "reason": data.get("reason", ""),
    }
    if until and who:
        return "alarm-clock", _("%(name)s set %(status)s until %(until)s") % values
    if who and values["reason"]:
        return "circle-dot", _("%(name)s set %(status)s: %(reason)s") % values
    if who:
        return "circle-dot", _("%(name)s set %(status)s") % values
    return "circle-dot", _("%(status)s by itself") % values


def _assigned(data: dict[str, Any], who: str) -> Line:
    old, new = (reference.agents.get(pk) for pk in data["assignees"])
    values = {"name": who or _("A rule"), "agent": _named(new, ""), "old": _named(old, "")}
    if new is None:
        return "user-round-x", (
            _("%(name)s gave the ticket back")
            if values["old"] == who
            else _("%(name)s took the ticket from %(old)s")
        ) % values
    if values["agent"] == who:
        return "user-round-check", _("%(name)s took the ticket") % values
    return "user-round-check", _("%(name)s assigned %(agent)s") % values


def _team(data: dict[str, Any], who: str) -> Line:
    values = {"name": who, "team": _named(reference.teams.get(data["teams"][1]), "")}
    if not who:
        return "users-round", _("Moved to %(team)s") % values
    return "users-round", _("%(name)s moved the ticket to %(team)s") % values


_LABELS: dict[str, Callable[[], str]] = {
    "subject": lambda: _("Subject"),
    "category": lambda: _("Category"),
    "urgency": lambda: _("Urgency"),
    "service": lambda: _("Service"),
    "is_important": lambda: _("Important"),
    "summary": lambda: _("Summary"),
    "requester": lambda: _("Requester"),
}


def field_label(name: str) -> str:
    """The name of a ticket's field in the reader's language."""
    return _LABELS[name]() if name in _LABELS else name.capitalize()


def shown(value: Any) -> str:
    """A recorded value as words."""
    if value is None or value == "":
        return "–"
    return {True: _("yes"), False: _("no")}[value] if isinstance(value, bool) else str(value)


def _fields(data: dict[str, Any], who: str) -> Line | None:
    changes: dict[str, Any] = data.get("changes", {})
    told = [f"{field_label(name)}: {shown(pair[1])}" for name, pair in changes.items() if name != "summary"]
    told += [field_label(name) for name in changes if name == "summary"]
    if not told:
        return None
    if list(changes) == ["is_important"]:
        marked = changes["is_important"][1]
        return "star", (
            _("%(name)s marked it as important") if marked else _("%(name)s took the star away")
        ) % {"name": who}
    return "pencil", _("%(name)s changed %(what)s") % {"name": who or _("A rule"), "what": ", ".join(told)}


def _tags(data: dict[str, Any], who: str) -> Line:
    words = [f"+ {name}" for name in data.get("added", [])] + [
        f"− {name}" for name in data.get("removed", [])
    ]
    return "tag", _("%(name)s changed the tags: %(what)s") % {
        "name": who or _("A rule"),
        "what": ", ".join(words),
    }


def _copies(data: dict[str, Any], who: str) -> Line:
    words = [f"+ {name}" for name in data.get("added", [])] + [
        f"− {name}" for name in data.get("removed", [])
    ]
    return "at-sign", _("%(name)s changed who is in copy: %(what)s") % {
        "name": who or _("A rule"),
        "what": ", ".join(words),
    }


def _linked(data: dict[str, Any], who: str) -> Line:
    kind, values = data.get("kind_of_link"), {"number": data.get("other_id")}
    if kind == "follow_up" and data.get("outwards"):
        return "link", _("Followed up by ticket %(number)s") % values
    if kind == "follow_up":
        return "link", _("Follows up ticket %(number)s") % values
    if kind == "suggested":
        return "link", _("May belong to ticket %(number)s") % values
    return "link", _("Related to ticket %(number)s") % values


def _withdrawn(data: dict[str, Any], who: str) -> Line:
    return "undo-2", _("%(name)s took back a message before it left") % {"name": who}


_TELLERS: dict[str, Teller] = {
    "tickets.TicketOpened": _opened,
    "tickets.StatusChanged": _status,
    "tickets.TicketAssigned": _assigned,
    "tickets.TeamChanged": _team,
    "tickets.FieldsChanged": _fields,
    "tickets.TagsChanged": _tags,
    "tickets.CopiesChanged": _copies,
    "tickets.TicketLinked": _linked,
    "conversations.MessageWithdrawn": _withdrawn,
}


def folded_label(count: int) -> str:
    """What stands over several events that are folded."""
    return ngettext("%(num)d change", "%(num)d changes", count) % {"num": count}
