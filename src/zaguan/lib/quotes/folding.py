"""Which lines of a mail are quoted history or a signature, and so are folded away below what was written."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from zaguan.lib.quotes.phrases import (
    ANY_SEPARATOR,
    DATED_NAME,
    EMAIL,
    FROM_LINE,
    MOBILE_LINE,
    OTHER_LINE,
    RULE_LINE,
    SEPARATOR,
    SIGNATURE_LINE,
    WROTE,
    WROTE_BETWEEN_RULES,
    is_attribution,
)

_LINES_READ = 20_000
_LONGEST_LINE = 1_000
_FOOTER_LINES = 12
_FOOTER_WIDTH = 70
_WRAPS_FROM = 60
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
    """Walks down the lines and notes what is quoted, header, signature or footer."""

    def __init__(self, lines: list[str], quoted: Sequence[bool] | None, cuts: frozenset[int]) -> None:
        self.lines = [line[:_LONGEST_LINE].strip() for line in lines]
        self.quoted = list(quoted) if quoted is not None else [line.startswith(">") for line in self.lines]
        self.by_markup = quoted is not None
        self.cuts = cuts
        self.end = len(lines)
        self.blocks: list[tuple[int, int]] = []
        self.asides: list[tuple[int, int]] = []
        # Marks of a quote with nothing above them: they are no words of the writer.
        self.marks: set[int] = set()

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
        line = self.lines[place]
        if place in self.cuts:
            return _ALL
        if self.quoted[place]:
            return self._block(place, place)
        if not line:
            return place + 1
        if self._is_header(place) or self._is_mark(line) or self._is_footer(place):
            return self._all_unless_first(place, place + 1)
        if len(line) < 200 and MOBILE_LINE.match(line) and self._stands_alone(place):
            self.asides.append((place, place + 1))
            return place + 1
        after = self._attribution_end(place)
        return self._attributed(place, after) if after else place + 1

    def _attributed(self, place: int, after: int) -> int:
        follow = self._next_words(after)
        if follow < self.end and self.quoted[follow]:
            return self._block(place, follow)
        return self._all_unless_first(place, after)

    def _all_unless_first(self, place: int, after: int) -> int:
        """Fold all from here; but go on when nothing stands above that could be the answer."""
        if self._words_before(place):
            return _ALL
        self.marks.update(range(place, after))
        return after

    def _is_mark(self, line: str) -> bool:
        return bool(SEPARATOR.match(line) or SIGNATURE_LINE.match(line) or WROTE_BETWEEN_RULES.match(line))

    def _block(self, start: int, first: int) -> int:
        """A quoted block, with lines that lost their mark by wrapping; where it ends."""
        place = first
        while place < self.end:
            if self.quoted[place]:
                place += 1
                continue
            follow = self._next_words(place)
            wrapped = follow == place and not self.by_markup and self._wrapped(place)
            if follow < self.end and self.quoted[follow] and (follow > place or wrapped):
                place = follow
            elif wrapped:
                place += 1
            else:
                break
        self.blocks.append((start, place))
        return place

    def _wrapped(self, place: int) -> bool:
        """An unmarked line between two marked ones that the long line above runs into."""
        below = self.lines[place + 1] if place + 1 < self.end else ""
        above = self.lines[place - 1]
        return below.startswith(">") and len(above) >= _WRAPS_FROM and above[-1] not in ".?!:"

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
        return _merged(sorted(ranges), self.lines)

    def _words_between(self, start: int, end: int, asides: list[tuple[int, int]]) -> bool:
        skipped = {aside[0] for aside in asides}
        return any(self.lines[place] and place not in skipped for place in range(start, end))

    def _words_before(self, place: int) -> bool:
        return any(
            self.lines[above] and not self.quoted[above] and above not in self.marks for above in range(place)
        )

    def _next_words(self, place: int) -> int:
        while place < self.end and not self.lines[place]:
            place += 1
        return place

    def _stands_alone(self, place: int) -> bool:
        above = self.lines[place - 1] if place else ""
        below = self.lines[place + 1] if place + 1 < self.end else ""
        short = not below or MOBILE_LINE.match(below) or RULE_LINE.match(below) or self.quoted[place + 1]
        return bool(
            ((not above or MOBILE_LINE.match(above)) and short)
            or self._is_header(place + 1) or self._attribution_end(place + 1)
        )  # fmt: skip

    def _is_header(self, place: int) -> bool:
        """A block like "From: … Sent: … To: …", perhaps under a rule."""
        if place >= self.end:
            return False
        line = self.lines[place]
        if RULE_LINE.match(line) or ANY_SEPARATOR.match(line):
            place = self._next_words(place + 1)
            return place < self.end and self._is_header_here(place)
        return self._is_header_here(place)

    def _is_header_here(self, place: int) -> bool:
        line = self.lines[place]
        if (":" not in line and "：" not in line) or not FROM_LINE.match(line):
            return False
        seen = 0
        below = place + 1
        for _ in range(7):
            below = self._next_words(below)
            if below >= self.end or self.quoted[below] != self.quoted[place]:
                break
            if OTHER_LINE.match(self.lines[below]):
                seen += 1
            below += 1
        return seen >= 2 or (seen == 1 and EMAIL.search(line) is not None)

    def _is_footer(self, place: int) -> bool:
        """A rule near the end with a few lines below: a signature or what a mailing list adds."""
        line = self.lines[place]
        if not RULE_LINE.match(line) or line[0] == "*":
            return False
        if self.end - place > 5 * _FOOTER_LINES:
            return False
        below = [text for text in self.lines[place + 1 :] if text]
        if not 0 < len(below) <= _FOOTER_LINES or any(self.quoted[place + 1 :]):
            return False
        if line[0] in "_—":
            return True
        alone = place == 0 or not self.lines[place - 1]
        return alone and line[0] == "-" and all(len(text) < _FOOTER_WIDTH for text in below)

    def _attribution_end(self, place: int) -> int:
        """The line after an attribution that begins here, or 0."""
        if place >= self.end:
            return 0
        if DATED_NAME.match(self.lines[place]):
            return place + 1
        text = ""
        # "Ann <ann@example.com> wrote on Monday," may run on; other lines without a date first must not.
        named = WROTE.search(self.lines[place]) is not None and EMAIL.search(self.lines[place]) is not None
        for below in range(place, min(place + 6, self.end)):
            line = self.lines[below]
            if not line and not self.lines[min(below + 1, self.end - 1)].startswith("<"):
                return 0
            if self.quoted[below] != self.quoted[place] and not self._is_end_of_attribution(line):
                return 0
            text = f"{text} {line}".strip()
            if line.endswith((":", "：", ":*", ":_")) and is_attribution(text, lone=named or below == place):
                return below + 1
            if len(text) > 400:
                return 0
        return 0

    def _is_end_of_attribution(self, line: str) -> bool:
        """A bracket of an address that wrapping put first on its line, like "> wrote:"."""
        return line.startswith(">:") or (
            len(line) < 40 and line.endswith(":") and WROTE.search(line) is not None
        )


def _merged(ranges: list[tuple[int, int]], lines: list[str]) -> list[tuple[int, int]]:
    """Neighbours with only blank lines between them become one."""
    merged: list[tuple[int, int]] = []
    for start, end in ranges:
        if merged and not any(lines[merged[-1][1] : start]):
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged
