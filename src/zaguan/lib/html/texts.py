"""HTML turned into readable text, and text into HTML."""

from __future__ import annotations

import re
from collections.abc import Iterable
from html import escape, unescape

from zaguan.lib.html.budgets import DEFAULT_BUDGET, prepare
from zaguan.lib.html.policy import CLEANER

_TAG = re.compile(r"(<[^>]*>)")
_HREF = re.compile(r' href="([^"]*)"')
_ALT = re.compile(r' alt="([^"]*)"')
_URL = re.compile(r"\b(https?://[^\s<>\"']{3,2000})", re.IGNORECASE)
_ANY_TAG = re.compile(r"<[^<>]{0,5000}>")
_BREAKS = re.compile(r"<(?:br|/p|/div|/tr|/li|/h[1-6]|/blockquote)\b[^<>]{0,5000}>", re.IGNORECASE)
_UNREADABLE = re.compile(r"<(script|style|title)\b[^<]*(?:<(?!/\1)[^<]*)*", re.IGNORECASE)
_BLANK_LINES = re.compile(r"\n{3,}")
BLOCKS = frozenset(
    "address article aside blockquote caption center dd details dir div dl dt figcaption figure footer form h1 "
    "h2 h3 h4 h5 h6 header hr li main menu nav ol p pre section summary table tbody tfoot thead tr ul".split()
)
_SPACED = frozenset("p h1 h2 h3 h4 h5 h6 ul ol dl pre table".split())
_LONGEST_LINK = 400


def tokens_of(safe: str) -> list[str]:
    """Cleaned HTML cut into text (even places) and tags (odd places); nh3 escapes "<" and ">" elsewhere."""
    return _TAG.split(safe)


def text_of(html: str) -> str:
    """What the HTML says: line breaks of blocks and cells kept, links shown, quotes marked with ">"."""
    prepared = prepare(html, DEFAULT_BUDGET)
    if prepared is None:
        return text_of_excessive(html[: DEFAULT_BUDGET.chars])
    return text_of_tokens(tokens_of(CLEANER.clean(prepared)))


def text_of_tokens(tokens: list[str]) -> str:
    """The text of cleaned HTML."""
    return text_of_lines(lines_of(tokens))


def text_of_lines(lines: Iterable[Line]) -> str:
    """The lines as one text."""
    return "\n".join(line.text for line in lines).strip()


def text_of_excessive(html: str) -> str:
    """The text of HTML that is too much to parse: tags cut out, nothing else."""
    html = _BREAKS.sub("\n", _UNREADABLE.sub(" ", html))
    lines = (" ".join(line.split()) for line in unescape(_ANY_TAG.sub("", html)).splitlines())
    return _BLANK_LINES.sub("\n\n", "\n".join(lines)).strip()


def html_of_text(text: str) -> str:
    """Plain text as HTML: line breaks and indents kept, addresses of pages made links."""
    return (
        f'<div style="white-space:pre-wrap">{_URL.sub(_link, escape(text, quote=False))}</div>'
        if text
        else ""
    )


def _link(match: re.Match[str]) -> str:
    url = match[1].rstrip(".,;:!?)]}")
    rest = match[1][len(url) :]
    address = url.replace('"', "&quot;")
    return f'<a href="{address}" target="_blank" rel="noopener noreferrer nofollow">{url}</a>{rest}'


class Line:
    """One line of text and where in the tokens it begins; `picture` says that it shows an image."""

    __slots__ = ("depth", "picture", "text", "token")

    def __init__(self, text: str, token: int, depth: int, picture: bool) -> None:
        self.text = text
        self.token = token
        self.depth = depth
        self.picture = picture


def lines_of(tokens: list[str]) -> list[Line]:
    """The lines of cleaned HTML, each with the place of its first token."""
    writer = _Writer()
    for place, token in enumerate(tokens):
        if place % 2:
            writer.tag(token, place)
        elif token:
            writer.write(token, place)
    writer.end_line(len(tokens))
    return writer.lines


class _Writer:
    """Collects text into lines as a browser would lay it out."""

    def __init__(self) -> None:
        self.lines: list[Line] = []
        self.words: list[str] = []
        self.first = -1
        self.depth = 0
        self.pre = 0
        self.picture = False
        self.blank_due = False
        self.links: list[tuple[str, int]] = []

    def write(self, text: str, place: int) -> None:
        if "&" in text:
            text = unescape(text).replace("\u00a0", " ")
        if self.pre and "\n" in text:
            *whole, text = text.replace("\r", "").split("\n")
            for line in whole:
                self._add(line, place)
                self.end_line(place, keep=True)
        elif not self.pre:
            short = " ".join(text.split())
            before = " " if text[:1].isspace() and self.words and not self.words[-1].endswith(" ") else ""
            after = " " if short and text[-1:].isspace() else ""
            text = before + short + after
        self._add(text, place)

    def _add(self, text: str, place: int) -> None:
        if not text or (not self.words and not self.pre and not (text := text.lstrip())):
            return
        if self.first < 0:
            self.first = place
        self.words.append(text)

    def end_line(self, place: int, *, keep: bool = False) -> None:
        """Finish the line; an empty one is written only when `keep` says so."""
        text = "".join(self.words).rstrip()
        if not text and not keep and not self.picture:
            return
        if self.blank_due and self.lines and text:
            self._append("", self.lines[-1].token, min(self.depth, self.lines[-1].depth))
        self.blank_due = False
        self._append(text, self.first if self.first >= 0 else place, self.depth)
        self.words, self.first, self.picture = [], -1, False

    def _append(self, text: str, token: int, depth: int) -> None:
        above = self.lines[-2:]
        if (
            not text
            and not self.picture
            and len(above) == 2
            and not any(each.text.strip("> ") for each in above)
        ):
            return
        quote = "> " * depth
        self.lines.append(Line((quote + text).rstrip() if quote else text, token, depth, self.picture))

    def tag(self, tag: str, place: int) -> None:
        closing = tag[1] == "/"
        name = tag[2 if closing else 1 : -1].split(" ", 1)[0]
        if name == "br":
            self.end_line(place, keep=True)
        elif name == "img":
            self._image(tag, place)
        elif name == "a":
            self._anchor(tag, closing)
        elif name in BLOCKS:
            self._block(name, closing, place)
        elif closing and name in ("td", "th"):
            self._add(" ", place)

    def _image(self, tag: str, place: int) -> None:
        self.picture = True
        if self.first < 0:
            self.first = place
        alt = _ALT.search(tag)
        if alt and alt[1].strip():
            self.write(f"[{alt[1].strip()}]", place)

    def _anchor(self, tag: str, closing: bool) -> None:
        if not closing:
            href = _HREF.search(tag)
            self.links.append((unescape(href[1]) if href else "", len(self.words)))
            return
        href_text, start = self.links.pop() if self.links else ("", 0)
        shown = "".join(self.words[start:]).strip()
        plain = href_text.removeprefix("mailto:").removeprefix("https://").removeprefix("http://").rstrip("/")
        if shown and plain and plain not in shown and len(href_text) <= _LONGEST_LINK:
            self.words.append(f" ({href_text})")

    def _block(self, name: str, closing: bool, place: int) -> None:
        self.end_line(place)
        if name in _SPACED:
            self.blank_due = bool(self.lines)
        if name == "blockquote":
            self.depth = max(self.depth + (-1 if closing else 1), 0)
        elif name == "pre":
            self.pre = max(self.pre + (-1 if closing else 1), 0)
        elif name == "li" and not closing:
            self._add("- ", place)
