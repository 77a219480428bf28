"""Letters as the search compares them: without accents, in lower case, the same on every database."""

from __future__ import annotations

import re
import unicodedata

_WORD = re.compile(r"[^\W_]+")
_MARKS = re.compile("[\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]+")


def fold(text: str) -> str:
    """`text` without accents and case: "Peñón" and "penon" are the same."""
    if text.isascii():
        return text.lower()
    return _MARKS.sub("", unicodedata.normalize("NFKD", text)).casefold()


def words_of(text: str) -> list[str]:
    """The folded words of `text`: letters and digits that stand together."""
    return _WORD.findall(fold(text))


def squeeze(text: str) -> str:
    """A name as people type it into a filter: folded, without blanks, dots, hyphens and underscores."""
    return "".join(c for c in fold(text) if c.isalnum() or c in "@#")
