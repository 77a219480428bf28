"""Counts, per source, how many cases there were and which expectations held."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field

_WORD = re.compile(r"\w+")
_TAG = re.compile(r"<(style|script|title)\b.*?</\1\s*>|<!--.*?-->|<[^>]*>", re.IGNORECASE | re.DOTALL)


@dataclass
class Tally:
    """One source: its cases, crashes, and per aspect how many expectations were met."""

    source: str
    cases: int = 0
    crashes: list[str] = field(default_factory=list)
    met: Counter[str] = field(default_factory=Counter)
    asked: Counter[str] = field(default_factory=Counter)
    misses: list[tuple[str, str, str, str]] = field(default_factory=list)

    def check(self, aspect: str, case: str, held: bool, got: object = "", wanted: object = "") -> None:
        """Note whether one expectation held."""
        self.asked[aspect] += 1
        if held:
            self.met[aspect] += 1
        else:
            self.misses.append((aspect, case, repr(got)[:300], repr(wanted)[:300]))

    def share(self, aspect: str) -> float:
        """The share of expectations met, of 1."""
        return self.met[aspect] / self.asked[aspect] if self.asked[aspect] else 1.0

    def line(self) -> str:
        """One line to print."""
        shares = "  ".join(
            f"{aspect} {self.met[aspect]}/{self.asked[aspect]}" for aspect in sorted(self.asked)
        )
        return f"{self.source:<34} {self.cases:>5} cases {len(self.crashes):>3} crashes  {shares}"


def words(text: str) -> list[str]:
    """The words of a text."""
    return _WORD.findall(text)


def text_of_markup(html: str) -> str:
    """The text between tags, by a way of its own so that it does not test itself."""
    from html import unescape

    return unescape(_TAG.sub(" ", html))


def alike(got: str, wanted: str, least: float = 0.97) -> bool:
    """True when both have (nearly) the same words."""
    left, right = Counter(words(got)), Counter(words(wanted))
    most = max(sum(left.values()), sum(right.values()))
    return most == 0 or sum((left & right).values()) / most >= least


def squeezed(text: str | None) -> str:
    """A text with every run of blanks as one."""
    return " ".join((text or "").split())
