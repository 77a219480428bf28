"""What a rule saw when it acted: each part of its filter and each condition, whether it held, and the value."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from zaguan.automation.conditions import look_at
from zaguan.automation.facts import Fact
from zaguan.automation.models import Rule
from zaguan.automation.rule_queries import truths
from zaguan.lib.errors import Refused
from zaguan.tickets.filter_language import Term, read
from zaguan.tickets.filtering import field_named
from zaguan.tickets.models import Ticket


def what_was_seen(rule: Rule, fact: Fact) -> list[dict[str, Any]]:
    """As a run keeps it; the words are made when it is read, in the reader's language."""
    ticket = fact.ticket
    found: list[dict[str, Any]] = [
        {"query": term, "true": true, "seen": value_of(ticket, term)}
        for term, true in truths(rule.query, ticket.pk)
    ]
    for row in rule.conditions:
        try:
            seen = look_at(row, fact)
        except Refused as refused:
            found.append({"condition": row, "true": False, "seen": refused.sentence[:200]})
        else:
            found.append({"condition": row, "true": seen.true, "seen": seen.seen[:200]})
    return found


def _label(name: str) -> Callable[[Ticket], str]:
    def read_label(ticket: Ticket) -> str:
        row = getattr(ticket, name)
        return str(row) if row is not None else "–"

    return read_label


def _moment(name: str) -> Callable[[Ticket], str]:
    def read_moment(ticket: Ticket) -> str:
        at = getattr(ticket, name)
        return at.isoformat(timespec="minutes") if at is not None else "–"

    return read_moment


def _tags(ticket: Ticket) -> str:
    return ", ".join(tag.name for tag in ticket.tags.all()) or "–"


_VALUES: dict[str, Callable[[Ticket], str]] = {
    "status": _label("status"),
    "is": _label("status"),
    "assignee": _label("assignee"),
    "team": _label("team"),
    "category": _label("category"),
    "urgency": _label("urgency"),
    "service": _label("service"),
    "type": _label("type"),
    "from": _label("requester"),
    "organisation": _label("organisation"),
    "tag": _tags,
    "channel": lambda ticket: ticket.channel,
    "inbox": lambda ticket: ticket.account,
    "number": lambda ticket: str(ticket.pk),
    "created": _moment("created_at"),
    "after": _moment("created_at"),
    "before": _moment("created_at"),
    "updated": _moment("updated_at"),
    "active": _moment("active_at"),
    "waiting": _moment("waiting_since"),
    "resolved": _moment("resolved_at"),
    "closed": _moment("closed_at"),
    "promised": _moment("promised_at"),
}


def value_of(ticket: Ticket, text: str) -> str:
    """The value that a part of a filter looks at, "" for one that is not a plain value."""
    term = next(iter(read(text)), None)
    known = field_named(term.key) if isinstance(term, Term) else None
    say = _VALUES.get(known.key) if known else None
    return say(ticket)[:200] if say else ""
