"""Which lines of a mail are quoted history or a signature, and so are folded away below what was written."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from zaguan.lib.quotes.page import Page
from zaguan.lib.quotes.phrases import MOBILE_LINE

_LINES_READ = 20_000
_ALL = -1


@dataclass(frozen=True, slots=True)
class Split:
    """What the person wrote, and whether anything below it was folded."""

    reply_text: str
    has_folded: bool


def split(text: str) -> Split:
    """The part of a plain text mail that its writer wrote; the whole text when nothing else remains."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    ranges = folds(lines)
    if not ranges:
        return Split(text.strip(), has_folded=False)
    kept: list[str] = []
    position = 0
    for start, end in ranges:
        kept += lines[position:start]
        position = end
    kept += lines[position:]
    return Split("\n".join(kept).strip(), has_folded=True)


def folds(
    lines: Sequence[str], *, quoted: Sequence[bool] | None = None, cuts: frozenset[int] = frozenset()
) -> list[tuple[int, int]]:
    """The ranges of lines to fold, in order; none when nothing would remain to be seen.

    `quoted` and `cuts` are what the markup of the mail says: this line is inside a quote; from here on all is.
    """
    reader = _Reader(list(lines[:_LINES_READ]), quoted, cuts)
    ranges = reader.read()
    if len(lines) > _LINES_READ and ranges and ranges[-1][1] == _LINES_READ:
        ranges[-1] = (ranges[-1][0], len(lines))
    return ranges if _leaves_words(lines, ranges) else []


def _leaves_words(lines: Sequence[str], ranges: list[tuple[int, int]]) -> bool:
    position = 0
    for start, end in [*ranges, (len(lines), len(lines))]:
        if any(any(sign.isalnum() or ord(sign) > 0x2000 for sign in line) for line in lines[position:start]):
            return True
        if any(":" in line or line.strip() in ("+", "!", "?") for line in lines[position:start]):
            return True
        position = end
    return False


class _Reader:
    """Walks down the lines and decides what to fold."""

    def __init__(self, lines: list[str], quoted: Sequence[bool] | None, cuts: frozenset[int]) -> None:
        self.page = Page(lines, None if quoted is None else list(quoted))
        self.by_markup = quoted is not None
        self.cuts = cuts
        self.end = len(lines)
        self.blocks: list[tuple[int, int]] = []
        self.asides: list[tuple[int, int]] = []
        # Something stood above that could be the answer: not a quote, nor the mark of one.
        self.has_words = False

    def read(self) -> list[tuple[int, int]]:
        """The ranges to fold."""
        place = 0
        tail: tuple[int, int] | None = None
        while place < self.end and tail is None:
            step = self._step(place)
            if step == _ALL:
                tail = (place, self.end)
            place = step
        return self._choose(tail)

    def _step(self, place: int) -> int:
        """Look at one line: where to go on, or _ALL when everything from here on is folded."""
        line = self.page.lines[place]
        if place in self.cuts:
            return _ALL
        if self.page.quoted[place]:
            return self._block(place, place)
        if not line:
            return place + 1
        if self.page.is_header(place) or self.page.is_mark(line) or self.page.is_footer(place):
            return self._all_unless_first(place, place + 1)
        if len(line) < 200 and MOBILE_LINE.match(line) and self.page.stands_alone(place):
            self.asides.append((place, place + 1))
            self.has_words = True
            return place + 1
        after = self.page.attribution_end(place)
        if after:
            return self._attributed(place, after)
        self.has_words = True
        return place + 1

    def _attributed(self, place: int, after: int) -> int:
        follow = self.page.next_words(after)
        if follow < self.end and self.page.quoted[follow]:
            return self._block(place, follow)
        return self._all_unless_first(place, after)

    def _all_unless_first(self, place: int, after: int) -> int:
        """Fold all from here; but go on when nothing stands above that could be the answer."""
        if self.has_words:
            return _ALL
        return after

    def _block(self, start: int, first: int) -> int:
        """A quoted block, with lines that lost their mark by wrapping; where it ends."""
        place = first
        while place < self.end:
            if self.page.quoted[place]:
                place += 1
                continue
            follow = self.page.next_words(place)
            wrapped = follow == place and not self.by_markup and self.page.is_wrapped(place)
            if follow < self.end and self.page.quoted[follow] and (follow > place or wrapped):
                place = follow
            elif wrapped:
                place += 1
            else:
                break
        self.blocks.append((start, place))
        return place

    def _choose(self, tail: tuple[int, int] | None) -> list[tuple[int, int]]:
        """Fold what comes after all that was written; quotes between answers stay."""
        last = tail[0] if tail else self.end
        ranges = [tail] if tail else []
        asides = list(self.asides)
        for start, end in reversed(self.blocks):
            if self._words_between(end, last, asides):
                break
            ranges.append((start, end))
            last = start
        if not ranges and len(self.blocks) == 1 and not self._words_between(0, self.blocks[0][0], asides):
            ranges.append(self.blocks[0])
        ranges += [aside for aside in asides if not any(start <= aside[0] < end for start, end in ranges)]
        return _merged(sorted(ranges), self.page.lines)

    def _words_between(self, start: int, end: int, asides: list[tuple[int, int]]) -> bool:
        skipped = {aside[0] for aside in asides}
        return any(self.page.lines[place] and place not in skipped for place in range(start, end))


def _merged(ranges: list[tuple[int, int]], lines: list[str]) -> list[tuple[int, int]]:
    """Neighbours with only blank lines between them become one."""
    merged: list[tuple[int, int]] = []
    for start, end in ranges:
        if merged and not any(lines[merged[-1][1] : start]):
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged
