"""The piece of a text where the words stand, with the words marked; safe to put into a page."""

from __future__ import annotations

import re
from collections.abc import Sequence
from html import escape

from django.utils.safestring import SafeString, mark_safe

from zaguan.lib.folding import fold
from zaguan.search.clauses import Clause

LENGTH = 180
BEFORE = 50
# How far into a text a piece is looked for.
LOOKED_AT = 50_000


def pattern_of(clauses: Sequence[Clause]) -> re.Pattern[str] | None:
    """Finds the wanted words in folded text."""
    parts = []
    for clause in clauses:
        if not clause.negated:
            words = r"[\W_]+".join(map(re.escape, clause.words))
            parts.append(rf"(?<![^\W_]){words}" + ("" if clause.begins else r"(?![^\W_])"))
    return re.compile("|".join(parts)) if parts else None


def snippet(text: str, pattern: re.Pattern[str] | None) -> SafeString:
    """About LENGTH letters of `text` around the first word found, or its beginning."""
    line = " ".join(text[:LOOKED_AT].split())
    spans = _spans(line, pattern)
    start = 0
    if spans and spans[0][0] > LENGTH - BEFORE:
        start = line.find(" ", spans[0][0] - BEFORE) + 1
    end = len(line) if len(line) - start <= LENGTH else line.rfind(" ", start, start + LENGTH)
    end = end if end > start else start + LENGTH
    inside = [(a - start, b - start) for a, b in spans if start <= a and b <= end]
    piece = _marked(line[start:end], inside)
    return mark_safe(("… " if start else "") + piece + (" …" if end < len(line) else ""))  # noqa: S308 (escaped below)


def highlight(text: str, pattern: re.Pattern[str] | None) -> SafeString:
    """The whole of a short text with the words marked."""
    return mark_safe(_marked(text, _spans(text, pattern)))  # noqa: S308 (escaped below)


def _marked(text: str, spans: Sequence[tuple[int, int]]) -> str:
    """`text` escaped, with <mark> around the spans."""
    if not spans:
        return escape(text)
    parts, at = [], 0
    for start, end in spans:
        parts += [escape(text[at:start]), "<mark>", escape(text[start:end]), "</mark>"]
        at = end
    parts.append(escape(text[at:]))
    return "".join(parts)


def _spans(text: str, pattern: re.Pattern[str] | None) -> list[tuple[int, int]]:
    if pattern is None:
        return []
    plain = fold(text)
    if len(plain) != len(text):
        # Letters that fold into several: fold each alone, and keep its place by its first one.
        plain = "".join(folded[0] if (folded := fold(letter)) else " " for letter in text)
    return [match.span() for match in pattern.finditer(plain)]
