"""The tree of parts of a mail, cut out of the bytes without copying them more often than needed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from zaguan.channels.email.boundaries import cut_pieces
from zaguan.channels.email.headers import Headers, parameters
from zaguan.channels.email.limits import Limits
from zaguan.channels.email.transfer import decode_transfer

_BLANK_LINE = re.compile(rb"\n\r?\n")
_KNOWN_FIELD = re.compile(
    rb"^(?:subject|from|to|cc|date|content-type|mime-version|message-id|content-transfer-encoding|received)[ \t]*:",
    re.MULTILINE | re.IGNORECASE,
)
_HEADER_LINE = re.compile(rb"(?:[!-9;-~]{1,200}[ \t]*:|[ \t]|>?From )")
_TYPE = re.compile(r"[\w!#$&^.+-]{1,100}/[\w!#$&^.+*-]{1,100}")
_BOUNDARY_GUESS = re.compile(
    rb"^--([^\s\r\n-][^\r\n]{0,200}?)[ \t]*\r?\n(?:Content-|MIME-)", re.MULTILINE | re.IGNORECASE
)


@dataclass(slots=True)
class Part:
    """One part: its headers, its undecoded body, and its own parts if it is a multipart."""

    headers: Headers
    body: bytes
    content_type: str = "text/plain"
    params: dict[str, str] = field(default_factory=dict)
    disposition: str = ""
    file_params: dict[str, str] = field(default_factory=dict)
    parts: list[Part] = field(default_factory=list)
    declared: bool = False

    @property
    def is_multipart(self) -> bool:
        """True when it was cut into parts."""
        return bool(self.parts)

    def walk(self) -> Iterator[Part]:
        """The part and everything in it, in order."""
        yield self
        for part in self.parts:
            yield from part.walk()

    def encoding(self) -> str:
        """The transfer encoding in lower case, without comments."""
        return self.headers.first("content-transfer-encoding").split("(")[0].strip(" ;.\"'").lower()

    def content(self) -> bytes:
        """The body, decoded."""
        return decode_transfer(self.body, self.encoding())


@dataclass(slots=True)
class Tree:
    """A whole mail: its root part and what had to be left out."""

    root: Part
    too_deep: bool = False
    too_many: bool = False
    left: int = 0


def split_mail(raw: bytes, limits: Limits) -> tuple[Headers, bytes]:
    """The header block and the body of a mail, in whatever shape its lines are."""
    raw = _plain_lines(raw)
    block, body = _split(raw, limits)
    return Headers(block, most=limits.headers, longest=limits.header_value), body


def read_tree(headers: Headers, body: bytes, limits: Limits) -> Tree:
    """Cut the body into parts."""
    tree = Tree(_described(headers, body, "text/plain"), left=limits.parts)
    _cut(tree.root, tree, limits, 0)
    return tree


def _plain_lines(raw: bytes) -> bytes:
    """Without a mbox "From " line or blank lines before the headers; bare CR as line end becomes LF."""
    if b"\n" not in raw[:100_000] and b"\r" in raw[:100_000]:
        raw = raw.replace(b"\r", b"\n")
    if raw[:3] == b"\xef\xbb\xbf":
        raw = raw[3:]
    if raw[:1] in (b"\r", b"\n", b" ", b"\t"):
        raw = raw.lstrip(b"\r\n") if raw[:1] in (b"\r", b"\n") else _without_blank_start(raw)
    if raw.startswith((b"From ", b">From ")):
        raw = raw[raw.find(b"\n") + 1 :] if b"\n" in raw else b""
    return raw


def _without_blank_start(raw: bytes) -> bytes:
    line, _, rest = raw.partition(b"\n")
    return rest if not line.strip() else raw


def _split(raw: bytes, limits: Limits) -> tuple[bytes, bytes]:
    """Header block and body: at the first blank line, or at the first line that cannot be a header."""
    if raw[:1] == b"\n" or raw[:2] == b"\r\n":
        return b"", raw[1 if raw[:1] == b"\n" else 2 :]
    found = _BLANK_LINE.search(raw, 0, limits.header_block)
    end, start = (found.start() + 1, found.end()) if found else (min(len(raw), limits.header_block),) * 2
    block = raw[:end].replace(b"\x00", b"")
    body = raw[start:] if found or len(raw) > limits.header_block else b""
    lines = block.splitlines(keepends=True)
    for number, line in enumerate(lines):
        if not _HEADER_LINE.match(line) or (number == 0 and line[:1] in b" \t"):
            return _mended(lines, number, raw, body)
    return block, body


def _mended(lines: list[bytes], number: int, raw: bytes, body: bytes) -> tuple[bytes, bytes]:
    """A line that is no header: one that lost its indent when more headers follow, else the body begins here."""
    above, below = b"".join(lines[:number]), b"".join(lines[number + 1 :])
    if not _KNOWN_FIELD.search(below) or (number == 0 and len(_KNOWN_FIELD.findall(below)) < 2):
        return (above, raw[len(above) :]) if b":" in above else (b"", raw)
    mended = [
        line if _HEADER_LINE.match(line) or not line.strip() else b" " + line for line in lines[number:]
    ]
    return above + b"".join(mended if number else mended[1:]), body


def _described(headers: Headers, body: bytes, default: str) -> Part:
    part = Part(headers, body, content_type=default)
    value = headers.first("content-type")
    if value:
        kind, part.params = parameters(value)
        kind = kind.replace(" ", "").strip("\"'")
        part.declared = True
        if _TYPE.fullmatch(kind):
            part.content_type = kind
        elif kind in ("text", "html", "multipart"):
            part.content_type = {"text": "text/plain", "html": "text/html", "multipart": "multipart/mixed"}[
                kind
            ]
        else:
            part.content_type = (
                "text/plain" if default == "text/plain" and "/" not in kind else "application/octet-stream"
            )
    disposition = headers.first("content-disposition")
    if disposition:
        part.disposition, part.file_params = parameters(disposition)
    return part


def _cut(part: Part, tree: Tree, limits: Limits, depth: int) -> None:
    """Cut a multipart; one that has no parts (any more) is read as text."""
    if not part.content_type.startswith("multipart/"):
        return
    if depth >= limits.depth:
        tree.too_deep = True
        return
    boundary = part.params.get("boundary", "").encode("utf-8", "replace")
    pieces = cut_pieces(part.body, boundary, tree.left + 1)
    if not pieces:
        guessed = _BOUNDARY_GUESS.search(part.body)
        pieces = cut_pieces(part.body, guessed[1], tree.left + 1) if guessed else []
    default = "message/rfc822" if part.content_type == "multipart/digest" else "text/plain"
    for piece in pieces:
        if tree.left <= 0:
            tree.too_many = True
            break
        tree.left -= 1
        block, body = _split(piece, limits)
        child = _described(Headers(block, most=200, longest=limits.header_value), body, default)
        part.parts.append(child)
        _cut(child, tree, limits, depth + 1)
    if part.parts:
        part.body = b""
