"""Placeholders in texts that are written once and sent often: {{requester.first_name|customer}}."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from html import escape
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from zaguan.lib.text import excerpt
from zaguan.people.models import Agent
from zaguan.tickets.attributes import attributes_of
from zaguan.tickets.models import Ticket

Value = Callable[[Ticket, Any], str]
# A name, and after a bar what stands there when the name has no value.
PATTERN = re.compile(r"\{\{\s*([\w.\-]{1,60}?)\s*(?:\|([^{}]*))?\}\}")
# Before the key of an attribute of the ticket's type.
ATTRIBUTE = "attribute."
_CODE = re.compile(r"<(code|pre)\b.*?</\1>", re.IGNORECASE | re.DOTALL)


@dataclass(frozen=True)
class Placeholder:
    """A name that stands for a value of a ticket or of whoever writes."""

    name: str
    label: Any
    value: Value


@dataclass(frozen=True)
class Filled:
    """A text with its placeholders filled in; `missing` names those that had no value and no fallback."""

    html: str
    missing: tuple[str, ...] = ()


_placeholders: dict[str, Placeholder] = {}


def register(name: str, label: Any, value: Value) -> None:
    """Offer a placeholder; its value is plain text, "" when there is none."""
    if name in _placeholders:
        raise ValueError(f"the placeholder {name} is registered twice")
    _placeholders[name] = Placeholder(name, label, value)


def all_placeholders() -> list[Placeholder]:
    """Every placeholder, in the order of registration."""
    return list(_placeholders.values())


def fill(html: str, ticket: Ticket, *, by: Any) -> Filled:
    """Put values into a text of HTML; what has none keeps its braces, so that the writer sees it."""
    missing: list[str] = []

    def value_of(match: re.Match[str]) -> str:
        value = _value(match[1].lower(), ticket, by)
        if value:
            return escape(value, quote=False)
        if match[2] is not None:
            return match[2].strip()
        missing.append(match[1])
        return match[0]

    return Filled(PATTERN.sub(value_of, html), tuple(dict.fromkeys(missing)))


def _value(name: str, ticket: Ticket, by: Any) -> str:
    if name.startswith(ATTRIBUTE):
        key = name.removeprefix(ATTRIBUTE)
        return next((each.text for each in attributes_of(ticket) if each.attribute.key.lower() == key), "")
    known = _placeholders.get(name)
    return known.value(ticket, by) if known else ""


def unknown_in(text: str) -> str:
    """The first name in a text, as written, for which no ticket will ever have a value."""
    for match in PATTERN.finditer(text):
        name = match[1].lower()
        if name not in _placeholders and not name.startswith(ATTRIBUTE):
            return match[1]
    return ""


def left_in(html: str) -> str:
    """The first placeholder that still stands in a text, as written; code is left alone, for it may mean its braces."""
    found = PATTERN.search(_CODE.sub("", html))
    return excerpt(found[0], 60) if found else ""


def _first(name: str) -> str:
    """The first word of a name, unless that is an initial or a title."""
    words = [word for word in name.split() if len(word.strip(".")) > 1 and not word.endswith(".")]
    return words[0] if words else ""


def _mail(ticket: Ticket, by: Any) -> str:
    if ticket.requester is None:
        return ""
    found = ticket.requester.identities.filter(kind="email").order_by("-is_primary", "id").first()
    return found.value if found else ""


def _name(ticket: Ticket, by: Any) -> str:
    return ticket.requester.name if ticket.requester and "@" not in ticket.requester.name else ""


def _agent(by: Any) -> str:
    return by.name if isinstance(by, Agent) else ""


register("requester.name", _("Requester: whole name"), _name)
register("requester.first_name", _("Requester: first name"), lambda ticket, by: _first(_name(ticket, by)))
register("requester.email", _("Requester: mail address"), _mail)
register(
    "organisation.name",
    _("Organisation of the requester"),
    lambda ticket, by: ticket.organisation.name if ticket.organisation else "",
)
register("ticket.number", _("Number of the ticket"), lambda ticket, by: str(ticket.pk))
register("ticket.subject", _("Subject"), lambda ticket, by: ticket.subject)
register("ticket.status", _("Status"), lambda ticket, by: ticket.status.label)
register("ticket.team", _("Team"), lambda ticket, by: ticket.team.name if ticket.team else "")
register("ticket.service", _("Service"), lambda ticket, by: ticket.service.label if ticket.service else "")
register("ticket.assignee", _("Assignee"), lambda ticket, by: ticket.assignee.name if ticket.assignee else "")
register("agent.name", _("Your whole name"), lambda ticket, by: _agent(by))
register("agent.first_name", _("Your first name"), lambda ticket, by: _first(_agent(by)))
register("agent.email", _("Your mail address"), lambda ticket, by: by.email if isinstance(by, Agent) else "")
register("today", _("Today's date"), lambda ticket, by: date_format(timezone.localdate(), "DATE_FORMAT"))
