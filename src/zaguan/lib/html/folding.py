"""Fold quotes and signatures of a cleaned HTML mail into <details>, without cutting anything."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from dataclasses import dataclass

from zaguan.lib.html.texts import Line
from zaguan.lib.quotes import folds

SUMMARY = '<summary aria-label="Show quoted text">···</summary>'
_OPEN = f'<details class="zg-quote">{SUMMARY}'
_CLOSE = "</details>"
_VOID = frozenset("br hr img wbr col".split())
# Between the rows of a table or the items of a list there is no place for <details>.
_NO_PLACE = frozenset("table tbody thead tfoot tr ul ol dl colgroup".split())

# A container with quoted text (answers between its blockquotes stay), one that is quoted whole, a mark from
# which on all is quoted, and a signature.
_QUOTE = re.compile(
    r'<(?:div|blockquote)[^>]* (?:class="[^"]*(?:gmail_quote|gmail_extra|protonmail_quote|zmail_extra|email-quote|'
    r"tutanota_quote|front-blockquote|iosymail|spark_quote|crmScope|mori|reply|fastmail_quote)[^\"]*\"|type=\"cite\"|"
    r'id="(?:qt|replyBlockquote|isReplyContent|lastReplyBody|history|editbody1)"'
    r'|style="[^"]*border-left)'
)
_WHOLE = re.compile(
    r'<div[^>]* (?:class="[^"]*(?:yahoo_quoted|moz-forward-container|ms-outlook-mobile-reference-message)[^"]*"|'
    r'id="(?:yahoo_quoted|OLK_SRC_BODY_SECTION|mail-editor-reference-message-container|isForwardContent)")'
)
_FROM_HERE = re.compile(
    r'<(?:div|hr|p|span)[^>]* (?:id="(?:x_)?(?:divRplyFwdMsg|appendonsend|zwchr|stopSpelling|reply-intro|replySplit)"|'
    r'class="[^"]*(?:moz-cite-prefix|zmail_extra_hr)[^"]*")'
)
_SIGNATURE = re.compile(
    r'<(?:div|span|pre)[^>]* (?:class="[^"]*(?:gmail_signature|moz-signature|protonmail_signature_block|sh-signature|'
    r'ms-outlook-mobile-signature)[^"]*"|id="(?:Signature|signature|AppleMailSignature|sig|_rc_sig|'
    r'ms-outlook-mobile-signature|lineBreakAtBeginningOfSignature)")'
)
_NAME = re.compile(r"</?([a-z0-9]+)")


@dataclass(frozen=True, slots=True)
class Folding:
    """The tokens with what was folded in <details>, and the text that remains in sight."""

    tokens: list[str]
    reply_text: str


def fold(tokens: list[str], lines: list[Line]) -> Folding | None:
    """Fold the quoted history and the signature; None when there is nothing to fold."""
    marks = _Marks(tokens, lines)
    ranges = folds([line.text for line in lines], quoted=marks.quoted, cuts=marks.cuts)
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


class _Tree:
    """Which tag closes which, for cleaned (so well-formed) tokens."""

    def __init__(self, tokens: list[str]) -> None:
        self.tokens = tokens
        self.close: dict[int, int] = {}
        self.parent: dict[int, int] = {}
        stack: list[int] = [-1]
        for place in range(1, len(tokens), 2):
            tag = tokens[place]
            if tag[1] == "/":
                if len(stack) > 1:
                    self.close[stack.pop()] = place
                continue
            self.parent[place] = stack[-1]
            if self.name(place) not in _VOID:
                stack.append(place)
        for place in stack[1:]:
            self.close[place] = len(tokens) - 1

    def name(self, place: int) -> str:
        """The name of the tag at this place."""
        found = _NAME.match(self.tokens[place])
        return found[1] if found else ""

    def wraps(self, start: int, stop: int) -> list[tuple[int, int]]:
        """The first and last tokens of the runs of whole siblings that cover start up to stop."""
        first = self._highest(start, stop)
        found: list[tuple[int, int]] = []
        place = first
        while place < stop:
            last = self._last_sibling(place, stop)
            if last < place:
                break
            if self._has_words(place, last) and not self._inside(place, _NO_PLACE):
                found.append((place, last))
            parent = self._parent(place)
            if parent < 0:
                break
            place = self.close.get(parent, len(self.tokens)) + 1
        return found

    def _highest(self, start: int, stop: int) -> int:
        """The outermost element that begins with the text at start and ends before stop."""
        best = start
        place = self._parent(start)
        while place > 0 and self.close.get(place, stop) < stop and not self._text_between(place, start):
            best = place
            place = self._parent(place)
        return best

    def _parent(self, place: int) -> int:
        """The tag around a token."""
        if place in self.parent:
            return self.parent[place]
        before = place - 1
        while before > 0:
            if before % 2 and before in self.parent:
                inside = before in self.close and self.close[before] > place
                return before if inside else self.parent[before]
            if before % 2 and self.tokens[before].startswith("</"):
                return self.parent.get(self._opener(before), -1)
            before -= 1
        return -1

    def _opener(self, closing: int) -> int:
        if not hasattr(self, "_openers"):
            self._openers = {close: place for place, close in self.close.items()}
        return self._openers.get(closing, -1)

    def _last_sibling(self, place: int, stop: int) -> int:
        """The last token of the run of siblings from place on that ends before stop."""
        parent = self._parent(place)
        limit = min(self.close.get(parent, len(self.tokens)), stop)
        last = place - 1
        while place < limit:
            end = self.close.get(place, place) if place in self.parent else place
            if end >= limit:
                break
            last = end
            place = end + 1
        return last

    def _text_between(self, start: int, stop: int) -> bool:
        return any(
            token.strip() if place % 2 == 0 else token.startswith("<img")
            for place, token in enumerate(self.tokens[start:stop], start)
        )

    def _has_words(self, first: int, last: int) -> bool:
        return self._text_between(first, last + 1)

    def _inside(self, place: int, names: frozenset[str]) -> bool:
        parent = self._parent(place)
        return parent > 0 and self.name(parent) in names


class _Marks:
    """What the markup says about each line: inside a quote, or the start of one that goes to the end."""

    def __init__(self, tokens: list[str], lines: list[Line]) -> None:
        self.tree = _Tree(tokens)
        self.lines = lines
        self.quoted = [False] * len(lines)
        cuts: set[int] = set()
        self.places = [line.token for line in lines]
        for place in range(1, len(tokens), 2):
            tag = tokens[place]
            if len(tag) > 10 and tag[1] != "/" and "=" in tag:
                self._look(tag, place, cuts)
        self._unmarked()
        self.cuts = frozenset(cuts)

    def _look(self, tag: str, place: int, cuts: set[int]) -> None:
        if _FROM_HERE.match(tag):
            self._cut(place, cuts)
        elif _WHOLE.match(tag):
            self._quote(place, everything=True)
        elif _QUOTE.match(tag):
            self._quote(place, everything=tag.startswith("<blockquote"))
        elif _SIGNATURE.match(tag):
            self._quote(place, everything=True)

    def _range(self, place: int) -> tuple[int, int]:
        end = self.tree.close.get(place, place)
        return bisect_left(self.places, place), bisect_right(self.places, end)

    def _quote(self, place: int, *, everything: bool) -> None:
        first, last = self._range(place)
        seen_quote = False
        for number in range(first, last):
            seen_quote = seen_quote or self.lines[number].depth > 0
            if everything or self.lines[number].depth > 0 or not seen_quote:
                self.quoted[number] = True
        if not everything and not seen_quote:
            self.quoted[first:last] = [True] * (last - first)

    def _cut(self, place: int, cuts: set[int]) -> None:
        number = bisect_left(self.places, place)
        if number < len(self.lines) and any(line.text or line.picture for line in self.lines[:number]):
            cuts.add(number)

    def _unmarked(self) -> None:
        """A blockquote without any mark counts as a quote only directly below "… wrote:"."""
        above = ""
        quoting = False
        for place, line in enumerate(self.lines):
            if line.depth:
                quoting = quoting or self.quoted[place] or above.endswith((":", "："))
                self.quoted[place] = quoting
            elif line.text:
                above, quoting = line.text.rstrip(" *"), False
