"""Fold quotes and signatures of a cleaned HTML mail into <details>, without cutting anything."""

from __future__ import annotations

from dataclasses import dataclass

from zaguan.lib.html.marks import Marks
from zaguan.lib.html.texts import Line
from zaguan.lib.quotes import folds

SUMMARY = '<summary aria-label="Show quoted text">···</summary>'
_OPEN = f'<details class="zg-quote">{SUMMARY}'
_CLOSE = "</details>"


@dataclass(frozen=True, slots=True)
class Folding:
    """The tokens with what was folded in <details>, and the text that remains in sight."""

    tokens: list[str]
    reply_text: str


def fold(tokens: list[str], lines: list[Line]) -> Folding | None:
    """Fold the quoted history and the signature; None when there is nothing to fold."""
    marks = Marks(tokens, lines)
    ranges = folds(
        [line.text or "image" * line.picture for line in lines], quoted=marks.quoted, cuts=marks.cuts
    )
    ranges = [each for each in ranges if each[0] < len(lines)]
    if not ranges:
        return None
    if not _rest_is_seen(lines, ranges):
        return None
    wraps = [wrap for start, end in ranges for wrap in marks.tree.wraps(*_span(tokens, lines, start, end))]
    if not wraps:
        return None
    return Folding(_wrapped(tokens, wraps), _kept(lines, ranges))


def _rest_is_seen(lines: list[Line], ranges: list[tuple[int, int]]) -> bool:
    """True when words or a picture remain outside the folds."""
    hidden = {place for start, end in ranges for place in range(start, end)}
    return any((line.text or line.picture) and place not in hidden for place, line in enumerate(lines))


def _span(tokens: list[str], lines: list[Line], start: int, end: int) -> tuple[int, int]:
    stop = next((line.token for line in lines[end:] if line.token >= 0), len(tokens))
    return lines[start].token, stop


def _kept(lines: list[Line], ranges: list[tuple[int, int]]) -> str:
    hidden = {place for start, end in ranges for place in range(start, end)}
    return "\n".join(line.text for place, line in enumerate(lines) if place not in hidden).strip()


def _wrapped(tokens: list[str], wraps: list[tuple[int, int]]) -> list[str]:
    out = list(tokens)
    for first, last in wraps:
        out[first] = _OPEN + out[first]
        out[last] += _CLOSE
    return out
