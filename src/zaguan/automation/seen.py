"""What a rule looks at when it acts: each part of its filter and each condition, whether it holds, and the value."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from zaguan.automation.conditions import look_at
from zaguan.automation.facts import Fact
from zaguan.automation.models import Rule
from zaguan.automation.rule_queries import truths
from zaguan.automation.seen_words import NOTHING, SeenValue, at, row, yes_or_no
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
    for asked in rule.conditions:
        try:
            seen = look_at(asked, fact)
        except Refused as refused:
            found.append({"condition": asked, "true": False, "seen": refused.sentence[:200]})
        else:
            found.append({"condition": asked, "true": seen.true, "seen": _short(seen.seen)})
    return found


def _short(seen: SeenValue) -> SeenValue:
    return seen[:200] if isinstance(seen, str) else seen


def _row(name: str) -> Callable[[Ticket], SeenValue]:
    return lambda ticket: row(name, getattr(ticket, f"{name}_id"))


def _name(name: str) -> Callable[[Ticket], SeenValue]:
    return lambda ticket: str(getattr(ticket, name) or NOTHING)


def _moment(name: str) -> Callable[[Ticket], SeenValue]:
    return lambda ticket: at(getattr(ticket, name))


def _tags(ticket: Ticket) -> str:
    return ", ".join(tag.name for tag in ticket.tags.all()) or NOTHING


_VALUES: dict[str, Callable[[Ticket], SeenValue]] = {
    "status": _row("status"),
    "is": _row("status"),
    "assignee": _row("assignee"),
    "team": _row("team"),
    "category": _row("category"),
    "urgency": _row("urgency"),
    "service": _row("service"),
    "type": _row("type"),
    "from": _name("requester"),
    "organisation": _name("organisation"),
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


# What "is:" asks about and is no status.
_FLAGS = {"important": "is_important", "importante": "is_important", "internal": "is_internal"}


def value_of(ticket: Ticket, text: str) -> SeenValue:
    """The value that a part of a filter looks at, "" for one that is not a plain value."""
    term = next(iter(read(text)), None)
    if not isinstance(term, Term):
        return ""
    known = field_named(term.key)
    flag = _FLAGS.get(term.values[0].casefold()) if known and known.key == "is" and term.values else None
    if flag:
        return yes_or_no(getattr(ticket, flag))
    look = _VALUES.get(known.key) if known else None
    return _short(look(ticket)) if look else ""
