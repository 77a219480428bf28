"""How mail programs mark in HTML what is quoted, forwarded or a signature."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right

from zaguan.lib.html.texts import Line
from zaguan.lib.html.tree import Tree

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


class Marks:
    """What the markup says about each line: inside a quote, or the start of one that goes to the end."""

    def __init__(self, tokens: list[str], lines: list[Line]) -> None:
        self.tree = Tree(tokens)
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
