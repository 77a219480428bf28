"""The filter of a rule: read without a viewer, asked for one ticket with SQL that is made once."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import compress
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Case, Exists, IntegerField, OuterRef, Q, Value, When
from django.utils.translation import gettext as _

from zaguan.lib.errors import Refused
from zaguan.lib.prepared import Prepared
from zaguan.people.models import Agent, Role
from zaguan.tickets.filtering import LIFETIME, Query, parse
from zaguan.tickets.models import HIDDEN_RANK, Ticket

# Stands for whoever looks; where it is found in a question, that depends on a person.
_NOBODY = 8_070_450_532_247_600_000


@cache
def nobody() -> Agent:
    """Who a rule asks as: sees everything, and is nobody."""
    viewer = Agent(pk=_NOBODY, role=Role(is_admin=True), is_active=True)
    viewer.__dict__["_team_ids"] = {_NOBODY}
    return viewer


def read_query(text: str) -> Query:
    """The filter as a rule reads it."""
    return parse(text, nobody())


def checked_query(text: str) -> str:
    """A filter from outside; raises Refused for one that cannot be read, that looks for words, or that says "me"."""
    clean = " ".join(text.split())
    if len(clean) > 500:
        raise Refused(_("This filter is too long to be saved."), field="query")
    asked = parse(clean, nobody(), with_words=False)
    if asked.problems:
        raise Refused(asked.problems[0], field="query")
    if asked.tokens:
        word = str(asked.tokens[0])
        sentence = _("A rule does not search for words: use the condition on the message for “%(word)s”.")
        raise Refused(sentence % {"word": word}, field="query")
    if _NOBODY in _params(asked.q):
        raise Refused(
            _("A rule is nobody: name the person or the team instead of “me” or “mine”."), field="query"
        )
    return clean


def _params(q: Q) -> Sequence[Any]:
    try:
        params: Sequence[Any] = Ticket.objects.filter(q).query.get_compiler(connection=connection).as_sql()[1]
    except EmptyResultSet:
        return ()
    return params


@dataclass
class Asked:
    """The filters of several rules in one question about one ticket."""

    numbers: tuple[int, ...]
    question: Prepared | None
    until: float
    # Filters that could not be read any more: their rules do nothing.
    broken: frozenset[int] = frozenset()

    @property
    def asked_for(self) -> set[int]:
        """All numbers, also those of broken filters."""
        return {*self.numbers, *self.broken}

    def on(self, ticket_id: int) -> set[int]:
        """The numbers of the rules whose filter finds the ticket; none for one that is out of sight."""
        # Ones and zeros, on both databases: nothing to convert.
        rows = self.question.raw(ticket_id) if self.question else []
        return set(compress(self.numbers, rows[0])) if rows else set()


def ask_together(queries: dict[int, str]) -> Asked:
    """Make the question for these filters, by number of rule."""
    columns: dict[int, Any] = {}
    broken, lifetime = set(), LIFETIME
    for number, text in queries.items():
        asked = read_query(text)
        if asked.problems:
            broken.add(number)
            continue
        lifetime = min(lifetime, asked.lifetime)
        columns[number] = _column(asked.q)
    numbers = tuple(columns)
    question = Prepared(lambda ticket: _asked(ticket, list(columns.values()))) if numbers else None
    return Asked(numbers, question, time.monotonic() + lifetime, frozenset(broken))


def ask_in_parts(queries: dict[int, str]) -> list[Asked]:
    """The same in two questions: what lasts is not made anew with what must be looked up again soon."""
    soon = {number for number, text in queries.items() if read_query(text).fleeting}
    parts = ({n: q for n, q in queries.items() if (n in soon) is is_soon} for is_soon in (False, True))
    return [ask_together(part) for part in parts if part]


def _asked(ticket: int, columns: list[Any]) -> Any:
    return Ticket.objects.filter(pk=ticket, rank__lt=HIDDEN_RANK).order_by().values_list(*columns)


def _column(q: Q) -> Any:
    """1 or 0 for the ticket of the row; what needs another table is asked by itself, so that no row is doubled."""
    if not q:
        return Value(1, output_field=IntegerField())
    alone = Ticket.objects.filter(q).query
    if len(alone.alias_map) > 1:
        condition: Any = Exists(Ticket.objects.filter(q, pk=OuterRef("pk")))
    else:
        condition = q
    return Case(When(condition, then=Value(1)), default=Value(0), output_field=IntegerField())


def terms_of(text: str) -> list[str]:
    """The parts of a filter that are told one by one."""
    return [str(term) for term in read_query(text).terms]


def truths(text: str, ticket_id: int) -> list[tuple[str, bool]]:
    """Each part of a filter, and whether it holds for the ticket now."""
    terms = terms_of(text)
    if not terms:
        return []
    found = ask_together(dict(enumerate(terms))).on(ticket_id)
    return [(term, place in found) for place, term in enumerate(terms)]
