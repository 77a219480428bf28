"""How a filter is written: words, "phrases", -not, and operator:value,value. Pure; nothing here knows any operator."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

_VALUE = r'"[^"]*"?|[^\s,"]+'
_TOKEN = re.compile(
    rf"""(?P<minus>-?)(?:
        (?P<key>[^\W\d_][\w-]*(?:\.[^\W\d_][\w-]*)?):(?P<values>(?:(?:{_VALUE})(?:,(?:{_VALUE})?)*)?)
        |\#(?P<number>\d+)(?=\s|$)
        |"(?P<phrase>[^"]*)"?
        |(?P<word>[^\s"]+)
    )""",
    re.VERBOSE,
)
_SPLIT = re.compile(_VALUE)


@dataclass(frozen=True, slots=True)
class Word:
    """A word or a phrase to be found in the text of a ticket."""

    text: str
    is_phrase: bool = False
    negated: bool = False

    def __str__(self) -> str:
        return f"{'-' if self.negated else ''}" + (f'"{self.text}"' if self.is_phrase else self.text)


@dataclass(frozen=True, slots=True)
class Term:
    """operator:value,value as written; any one of the values is enough."""

    key: str
    values: tuple[str, ...]
    negated: bool = False

    def __str__(self) -> str:
        quoted = (f'"{v}"' if re.search(r"[\s,]", v) else v for v in self.values)
        return f"{'-' if self.negated else ''}{self.key}:{','.join(quoted)}"


def read(text: str) -> Iterator[Word | Term]:
    """The parts of a filter in the order they were written."""
    for match in _TOKEN.finditer(text.strip()):
        negated = bool(match["minus"])
        if match["key"] is not None:
            yield _term(match, negated)
        elif match["number"] is not None:
            yield Term("number", (match["number"],), negated)
        elif match["phrase"] is not None:
            if match["phrase"].strip():
                yield Word(match["phrase"].strip(), is_phrase=True, negated=negated)
        elif any(c.isalnum() for c in match["word"]):
            yield Word(match["word"], negated=negated)


def _term(match: re.Match[str], negated: bool) -> Word | Term:
    if match["values"].startswith("//"):
        # An address of a page is a word, not an operator.
        return Word(match[0].lstrip("-"), negated=negated)
    values = tuple(v.strip('"').strip() for v in _SPLIT.findall(match["values"]))
    return Term(match["key"], tuple(v for v in values if v), negated)
