"""What is looked for, as the full-text engines take it: words side by side, perhaps half typed, perhaps unwanted."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from zaguan.lib.folding import words_of
from zaguan.tickets.filter_language import Word

# A beginning of one letter would match half of everything.
SHORTEST_BEGINNING = 2
LONGEST_WORD = 40
# Nobody types more; whoever sends more means harm.
MOST = 16


# Document, ticket and message (None for the ticket's head).
Hit = tuple[int, int, int | None]
# What a look found, and before which document the next one goes on (None when there is nothing older).
Look = tuple[list[Hit], int | None]


@dataclass(frozen=True, slots=True)
class Clause:
    """Words that stand side by side; `begins`: the last one may go on."""

    words: tuple[str, ...]
    begins: bool = False
    negated: bool = False


def clauses_of(tokens: Iterable[Word], *, typing: bool = False) -> list[Clause]:
    """The clauses behind the words of a filter. While it is being typed, the last word may be a beginning."""
    every = list(tokens)[:MOST]
    found = []
    for place, token in enumerate(every):
        words = tuple(word[:LONGEST_WORD] for word in words_of(token.text))[:MOST]
        last = typing and place == len(every) - 1 and not token.is_phrase and not token.negated
        if words:
            begins = last and len(words[-1]) >= SHORTEST_BEGINNING
            found.append(Clause(words, begins=begins, negated=token.negated))
    return found
