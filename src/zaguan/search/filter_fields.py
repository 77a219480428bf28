"""Words in the filter of a list or a saved view: the tickets whose newest documents contain them."""

from __future__ import annotations

from dataclasses import replace

from django.db.models import Q

from zaguan.people.models import Agent
from zaguan.search import naming
from zaguan.search.clauses import Clause, clauses_of
from zaguan.search.engine import engine
from zaguan.tickets.filter_language import Word
from zaguan.tickets.filtering import register_word_finder

__all__ = ["naming"]
# A list that is filtered by a word looks this far back; the search page has no such end.
LATEST = 3000


@register_word_finder
def tickets_with(tokens: tuple[Word, ...], viewer: Agent) -> Q:
    """The condition "contains these words"; the viewer's scope is added by whoever uses it."""
    clauses = clauses_of(tokens)
    if any(not clause.negated for clause in clauses):
        return Q(pk__in=_tickets(clauses))
    condition = Q()
    for clause in clauses:
        condition &= ~Q(pk__in=_tickets([replace(clause, negated=False)]))
    return condition


def _tickets(clauses: list[Clause]) -> set[int]:
    wanted = engine().expression(clauses)
    return {hit[1] for hit in engine().hits(wanted, before=None, limit=LATEST)[0]} if wanted else set()
