"""One search for tickets, people and organisations, always within what the viewer may see."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from zaguan.conversations.models import Message
from zaguan.lib.many import PreparedMany
from zaguan.people.models import Agent, Contact, Organisation
from zaguan.search.clauses import Clause, clauses_of
from zaguan.search.naming import named
from zaguan.search.snippets import highlight, pattern_of, snippet
from zaguan.search.streaming import Found, Stream
from zaguan.tickets.filtering import Query, parse
from zaguan.tickets.listing import page
from zaguan.tickets.rows import Row, rows_by_number, rows_of

PEOPLE = 6


@dataclass(frozen=True)
class Hit:
    """A ticket and where the words stand in it; `subject` and `snippet` are safe HTML with <mark>."""

    row: Row
    subject: SafeString
    snippet: SafeString
    message_id: int | None = None
    # "in", "out", "note", or "" for the ticket's head.
    kind: str = ""


@dataclass(frozen=True)
class Results:
    """What was found. `number` is the ticket whose number was typed. `partial`: older ones were not looked at yet."""

    tickets: list[Hit] = field(default_factory=list)
    people: list[Contact] = field(default_factory=list)
    organisations: list[Organisation] = field(default_factory=list)
    number: Row | None = None
    next_cursor: str = ""
    problems: list[str] = field(default_factory=list)
    partial: bool = False

    def __bool__(self) -> bool:
        return bool(self.tickets or self.people or self.organisations or self.number)


def find(viewer: Agent, text: str, *, cursor: str = "", size: int = 50, typing: bool = True) -> Results:
    """Search with words and operators, newest first, one row per ticket.

    `typing` takes the last word for the beginning of one. People, organisations and the ticket with a typed number
    come with the first page only.
    """
    asked = parse(text, viewer, with_words=False)
    clauses = clauses_of(asked.tokens, typing=typing and not text.endswith(" "))
    if not text.strip() or not viewer.can("desk.use"):
        return Results(problems=asked.problems)
    if any(not clause.negated for clause in clauses):
        found = _by_words(viewer, asked, clauses, cursor, size)
    else:
        found = _by_operators(viewer, text, asked, clauses, cursor, size)
    if cursor:
        return found
    words = " ".join(token.text for token in asked.tokens if not token.negated)
    people = named(words, PEOPLE) if words and not asked.terms and viewer.can("people.view") else {}
    return Results(
        found.tickets,
        _contacts(viewer, people.get("contact", [])),
        _organisations(viewer, people.get("organisation", [])),
        _numbered(viewer, text),
        found.next_cursor,
        found.problems,
        found.partial,
    )


def _by_words(viewer: Agent, asked: Query, clauses: list[Clause], cursor: str, size: int) -> Results:
    stream = Stream(viewer, asked, clauses, cursor)
    found = stream.read(size)
    hits = _hits(viewer, found, clauses)
    return Results(hits, next_cursor=stream.next_cursor, problems=asked.problems, partial=stream.partial)


def _by_operators(
    viewer: Agent, text: str, asked: Query, clauses: list[Clause], cursor: str, size: int
) -> Results:
    problems = list(asked.problems)
    if clauses:
        problems.append(_("Add a word to look for: “-word” only leaves tickets out."))
    if not asked.terms:
        return Results(problems=problems)
    found = page(viewer, view="all", query=" ".join(map(str, asked.terms)), cursor=cursor, size=size)
    pattern = pattern_of(clauses)
    hits = [Hit(row, highlight(row.subject, pattern), snippet(row.excerpt, pattern)) for row in found.rows]
    return Results(hits, next_cursor=found.next_cursor, problems=problems)


_texts = PreparedMany(
    lambda numbers: Message.objects.filter(pk__in=numbers).values_list(
        "pk", "direction", "reply_text", "text"
    )
)


def _hits(viewer: Agent, found: list[Found], clauses: list[Clause]) -> list[Hit]:
    pattern = pattern_of(clauses)
    message_of = {one.ticket: one.message for one in found}
    wanted = [one.message for one in found if one.message is not None]
    texts = {pk: (kind, reply, text) for pk, kind, reply, text in _texts(wanted)}
    hits = []
    # The stream has judged every ticket.
    for row in rows_by_number([one.ticket for one in found], viewer):
        message_id = message_of[row.id]
        kind, reply, text = texts.get(message_id or 0, ("", "", row.excerpt))
        piece = snippet(reply or text, pattern)
        if reply and text != reply and "<mark>" not in piece:
            piece = snippet(text, pattern)
        hits.append(Hit(row, highlight(row.subject, pattern), piece, message_id, kind))
    return hits


def _numbered(viewer: Agent, text: str) -> Row | None:
    digits = text.strip().removeprefix("#")
    if not (digits.isascii() and digits.isdecimal()) or len(digits) > 15:
        return None
    found = rows_of(viewer, [int(digits)])
    return found[0] if found else None


def _contacts(viewer: Agent, numbers: list[int]) -> list[Contact]:
    rows = Contact.objects.visible_to(viewer).select_related("organisation").prefetch_related("identities")
    found = {contact.pk: contact for contact in rows.filter(pk__in=numbers)} if numbers else {}
    return [found[number] for number in numbers if number in found]


def _organisations(viewer: Agent, numbers: list[int]) -> list[Organisation]:
    found = (
        {o.pk: o for o in Organisation.objects.visible_to(viewer).filter(pk__in=numbers)} if numbers else {}
    )
    return [found[number] for number in numbers if number in found]
