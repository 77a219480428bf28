"""Subjects of answers: "Re:" once, and the ticket's number for mail programs that forget all else."""

from __future__ import annotations

import re

from zaguan.conversations.models import Message, Thread
from zaguan.tickets.models import Ticket

_LONGEST = 300
# What mail programs put before a subject, in many languages (B12); also several, and with a count.
_PREFIX = re.compile(
    r"^\s*(?:(?:re|aw|sv|res|enc|rv|antw|antwort|fw|fwd|wg|vs|ref|rif|tr|odp|ynt|r|i|doorst|vb|fs)\s*(?:\[\d+\])?\s*[:：]\s*)+",
    re.IGNORECASE,
)
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")


def subject_for(ticket: Ticket, thread: Thread, mode: str, answers: Message | None, wanted: str = "") -> str:
    """The subject line of an outgoing message, on one line."""
    said = one_line(answers.subject if answers and answers.subject else thread.subject or ticket.subject)
    given = without_number(one_line(wanted), ticket.number)
    tag = f" [#{ticket.number}]"
    if given and bare(given, ticket.number) not in (bare(said, ticket.number), one_line(ticket.subject)):
        return given[: _LONGEST - len(tag)] + tag
    prefix = {"forward": "Fwd: ", "new": ""}.get(mode, "Re: ")
    return f"{prefix}{bare(said, ticket.number)}".strip()[: _LONGEST - len(tag)] + tag


def bare(subject: str, number: int) -> str:
    """The subject without what mail programs and this ticket have put around it."""
    return without_number(_PREFIX.sub("", without_number(subject, number)), number)


def without_number(subject: str, number: int) -> str:
    """The subject without this ticket's number; another helpdesk's stays."""
    return " ".join(subject.replace(f"[#{number}]", " ").split())


def one_line(text: str) -> str:
    """No line ends or control characters, single blanks: nothing in it can end a header (B23)."""
    return " ".join(_CONTROL.sub(" ", text).split())
