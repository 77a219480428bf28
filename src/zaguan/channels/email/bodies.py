"""What a mail says and what it carries: the parts sorted into text to read and files."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from zaguan.channels.email.charsets import decode, tidy
from zaguan.channels.email.filenames import given_name
from zaguan.channels.email.mime import Part, Tree
from zaguan.channels.email.plain_text import unflow, without_uu
from zaguan.lib.html import html_of_text

_META_CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w.:-]{2,40})", re.IGNORECASE)
_TEXTS = frozenset({"text/plain", "text/html", "text/enriched", "text/richtext", "text/x-plain", "text"})
_LONGEST = 5_000_000
_ENRICHED = re.compile(r"</?[a-z-]{1,40}>", re.IGNORECASE)


@dataclass(slots=True)
class Segment:
    """One piece of the body, as text, as HTML, or as both."""

    text: str | None = None
    html: str | None = None
    cut: bool = False


@dataclass(slots=True)
class Reading:
    """The body in order, the parts that are files, and files that stood inside the text."""

    segments: list[Segment] = field(default_factory=list)
    files: list[Part] = field(default_factory=list)
    inside: list[tuple[str, bytes]] = field(default_factory=list)
    wrong_charset: bool = False
    encrypted: bool = False

    def html(self) -> str:
        """The body as HTML, or "" when no part of it is."""
        if not any(segment.html for segment in self.segments):
            return ""
        return "<br>".join(segment.html or html_of_text(segment.text or "") for segment in self.segments)

    def text(self) -> str | None:
        """The body as the mail wrote it in plain text, or None when a piece exists only as HTML."""
        texts = [segment.text for segment in self.segments]
        if any(not text and segment.html for text, segment in zip(texts, self.segments, strict=True)):
            return None
        return "\n\n".join(text.strip("\n") for text in texts if text and text.strip())


def read_body(tree: Tree) -> Reading:
    """Sort the parts of a mail."""
    reading = Reading()
    _visit(tree.root, reading, alone=True)
    return reading


def _visit(part: Part, reading: Reading, *, alone: bool = False) -> None:
    if part.is_multipart:
        _MULTIPARTS.get(part.content_type[10:], _mixed)(part, reading)
    elif part.content_type.startswith("multipart/"):
        _text(part, reading, "text/plain")
    elif is_text(part, alone=alone):
        _text(part, reading, part.content_type)
    else:
        reading.files.append(part)


def is_text(part: Part, *, alone: bool = False) -> bool:
    """True for a part that is to be read, not saved."""
    if part.content_type not in _TEXTS or part.disposition.startswith("attach"):
        return False
    return alone or not given_name(part)


def _mixed(part: Part, reading: Reading) -> None:
    for child in part.parts:
        _visit(child, reading, alone=child is part.parts[0] and not child.disposition)


def _related(part: Part, reading: Reading) -> None:
    """The root is named by "start", else it is the first part that can be read."""
    start = part.params.get("start", "").strip("<> ")
    root = next((child for child in part.parts if start and start in child.headers.first("content-id")), None)
    if root is None:
        readable = (child for child in part.parts if child.is_multipart or is_text(child, alone=True))
        root = next(readable, part.parts[0])
    _visit(root, reading, alone=True)
    for child in part.parts:
        if child is not root and child.content_type == "text/html" and not child.headers.first("content-id"):
            _visit(child, reading)
        elif child is not root:
            _files(child, reading)


def _files(part: Part, reading: Reading) -> None:
    """A part that belongs to a page: never text, but what is inside a multipart is looked at."""
    if part.is_multipart:
        _visit(part, reading)
    else:
        reading.files.append(part)


def _alternative(part: Part, reading: Reading) -> None:
    """The same in several forms: the last HTML and the first text that says anything."""
    html: Reading | None = None
    text: Reading | None = None
    others: list[Reading] = []
    for child in part.parts:
        if child.content_type == "text/x-amp-html":
            continue
        form = Reading()
        _visit(child, form, alone=True)
        reading.wrong_charset = reading.wrong_charset or form.wrong_charset
        others.append(form)
        if any(segment.html for segment in form.segments):
            html = form if html is None or form.html().strip() else html
        elif text is None and any(segment.text and segment.text.strip() for segment in form.segments):
            text = form
    plain = text.text() if text else None
    if html:
        first = next(segment for segment in html.segments if segment.html)
        if all(segment.text is None for segment in html.segments):
            first.text = plain
            for segment in html.segments:
                segment.text = "" if segment is not first and plain is not None else segment.text
        reading.segments += _with_text(html.segments, plain)
    elif text:
        reading.segments += text.segments
    for form in others:
        reading.files += form.files
        reading.inside += form.inside
        reading.encrypted = reading.encrypted or form.encrypted


def _with_text(segments: list[Segment], plain: str | None) -> list[Segment]:
    """When the plain form covers the whole, only its first piece carries it."""
    if plain is None or len(segments) == 1:
        return segments
    joined = "<br>".join(segment.html or html_of_text(segment.text or "") for segment in segments)
    return [Segment(text=plain, html=joined)]


def _signed(part: Part, reading: Reading) -> None:
    _visit(part.parts[0], reading, alone=True)
    reading.files += part.parts[1:]


def _encrypted(part: Part, reading: Reading) -> None:
    reading.encrypted = True
    reading.files += part.parts


def _report(part: Part, reading: Reading) -> None:
    """A delivery or read notice: its text is read, all else is kept as files."""
    for number, child in enumerate(part.parts):
        if child.is_multipart or (number == 0 and is_text(child, alone=True)) or is_text(child):
            _visit(child, reading, alone=number == 0)
        else:
            reading.files.append(child)


_MULTIPARTS = {
    "alternative": _alternative,
    "related": _related,
    "signed": _signed,
    "encrypted": _encrypted,
    "report": _report,
}


def _text(part: Part, reading: Reading, kind: str) -> None:
    content = part.content()
    charset = part.params.get("charset", "")
    if kind == "text/html" and not charset:
        found = _META_CHARSET.search(content[:4_000])
        charset = found[1].decode("ascii") if found else ""
    text, wrong = decode(content, charset)
    reading.wrong_charset = reading.wrong_charset or (wrong and bool(charset)) or text.count("\ufffd") > 0
    text = tidy(text)
    if kind == "text/html":
        if text.strip():
            reading.segments.append(Segment(html=text))
        return
    if kind in ("text/enriched", "text/richtext"):
        text = _ENRICHED.sub("", text).replace("<<", "<")
    if part.params.get("format", "").lower() == "flowed":
        text = unflow(text, delete_space=part.params.get("delsp", "").lower() == "yes")
    if "\nbegin" in text or text.startswith("begin"):
        text, inside = without_uu(text)
        reading.inside += inside
    if text.strip():
        reading.segments.append(Segment(text=text[:_LONGEST], cut=len(text) > _LONGEST))
