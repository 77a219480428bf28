"""The lines of a mail, and what single places in them are: header blocks, attributions, signatures, footers."""

from __future__ import annotations

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

_LONGEST_LINE = 1_000
_FOOTER_LINES = 12
_FOOTER_WIDTH = 70
_WRAPS_FROM = 60
# Looking closely at a line that may be an attribution is the costliest step; no real mail needs it so often.
_TRIES = 500


class Page:
    """The lines, stripped, and which of them are quoted."""

    def __init__(self, lines: list[str], quoted: list[bool] | None) -> None:
        self.lines = [line[:_LONGEST_LINE].strip() for line in lines]
        self.quoted = quoted if quoted is not None else [line.startswith(">") for line in self.lines]
        self.end = len(lines)
        self.tries = 0

    def is_mark(self, line: str) -> bool:
        """A line that begins a quote or a signature by itself."""
        if line[0].isalnum():
            return line.endswith((":", "：", "*")) and SEPARATOR.match(line) is not None
        return bool(SEPARATOR.match(line) or SIGNATURE_LINE.match(line) or WROTE_BETWEEN_RULES.match(line))

    def is_header(self, place: int) -> bool:
        """A block like "From: … Sent: … To: …", perhaps under a rule."""
        if place >= self.end:
            return False
        line = self.lines[place]
        if not line[:1].isalnum() and (RULE_LINE.match(line) or ANY_SEPARATOR.match(line)):
            place = self.next_words(place + 1)
            return place < self.end and self._is_header_here(place)
        return self._is_header_here(place)

    def _is_header_here(self, place: int) -> bool:
        line = self.lines[place]
        if (":" not in line and "：" not in line) or not FROM_LINE.match(line):
            return False
        seen = 0
        below = place + 1
        for _ in range(7):
            below = self.next_words(below)
            if below >= self.end or self.quoted[below] != self.quoted[place]:
                break
            if OTHER_LINE.match(self.lines[below]):
                seen += 1
            below += 1
        return seen >= 2 or (seen == 1 and EMAIL.search(line) is not None)

    def is_footer(self, place: int) -> bool:
        """A rule near the end with a few lines below: a signature or what a mailing list adds."""
        line = self.lines[place]
        if line[0].isalnum() or line[0] == "*" or not RULE_LINE.match(line):
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

    def stands_alone(self, place: int) -> bool:
        """True for a line with nothing around it that it could be a sentence of."""
        above = self.lines[place - 1] if place else ""
        below = self.lines[place + 1] if place + 1 < self.end else ""
        short = not below or MOBILE_LINE.match(below) or RULE_LINE.match(below) or self.quoted[place + 1]
        return bool(
            ((not above or MOBILE_LINE.match(above)) and short)
            or self.is_header(place + 1) or self.attribution_end(place + 1)
        )  # fmt: skip

    def attribution_end(self, place: int) -> int:
        """The line after an attribution that begins here, or 0."""
        if place >= self.end or self.tries > _TRIES:
            return 0
        if self.lines[place][:1].isdigit() and DATED_NAME.match(self.lines[place]):
            return place + 1
        text = ""
        for below in range(place, min(place + 6, self.end)):
            line = self.lines[below]
            if not line and not self.lines[min(below + 1, self.end - 1)].startswith("<"):
                return 0
            if self.quoted[below] != self.quoted[place] and not self._is_end_of_attribution(line):
                return 0
            text = f"{text} {line}".strip()
            if not line.endswith((":", "：", ":*", ":_")):
                continue
            self.tries += 1
            if is_attribution(text, lone=below == place or self._names_writer(place)):
                return below + 1
            if len(text) > 400:
                return 0
        return 0

    def _is_end_of_attribution(self, line: str) -> bool:
        """A bracket of an address that wrapping put first on its line, like "> wrote:"."""
        return line.startswith(">:") or (
            len(line) < 40 and line.endswith(":") and WROTE.search(line) is not None
        )

    def is_wrapped(self, place: int) -> bool:
        """An unmarked line between two marked ones that the long line above runs into."""
        below = self.lines[place + 1] if place + 1 < self.end else ""
        above = self.lines[place - 1]
        return below.startswith(">") and len(above) >= _WRAPS_FROM and above[-1] not in ".?!:"

    def next_words(self, place: int) -> int:
        """This line or the next one that is not blank."""
        while place < self.end and not self.lines[place]:
            place += 1
        return place

    def _names_writer(self, place: int) -> bool:
        """An address and "wrote" on one line may run on; a line without a date first must not otherwise."""
        line = self.lines[place]
        return WROTE.search(line) is not None and EMAIL.search(line) is not None
