"""What is inside winmail.dat, which Outlook sends instead of a body and attachments."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field

from zaguan.channels.email.charsets import decode
from zaguan.channels.email.rtf import Rtf, read_rtf

_SIGNATURE = b"\x78\x9f\x3e\x22"
_LARGEST = 60_000_000
_MOST = 5_000

_BODY, _PROPERTIES, _CODEPAGE = 0x800C, 0x9003, 0x9007
_TITLE, _DATA, _RENDER, _ATTACHMENT = 0x8010, 0x800F, 0x9002, 0x9005
_P_BODY, _P_HTML, _P_RTF, _P_INTERNET_CODEPAGE = 0x1000, 0x1013, 0x1009, 0x3FDE
_P_DATA, _P_NAME, _P_LONG_NAME, _P_DISPLAY_NAME, _P_CID = 0x3701, 0x3704, 0x3707, 0x3001, 0x3712
_FIXED = {0x02: 4, 0x03: 4, 0x04: 4, 0x0A: 4, 0x0B: 4, 0x05: 8, 0x06: 8, 0x07: 8, 0x14: 8, 0x40: 8, 0x48: 16}
_OBJECT = b"\x07\x03\x02\x00\x00\x00\x00\x00\xc0\x00\x00\x00\x00\x00\x00\x46"


@dataclass(slots=True)
class TnefFile:
    """One attachment inside; `opened` when it is itself a mail of this kind."""

    name: str = ""
    content_id: str = ""
    content: bytes = b""


@dataclass(slots=True)
class Opened:
    """The body and the files of a winmail.dat."""

    text: str = ""
    html: str = ""
    files: list[TnefFile] = field(default_factory=list)


def is_tnef(content_type: str, name: str) -> bool:
    """True when the part claims to be a winmail.dat."""
    return content_type in ("application/ms-tnef", "application/vnd.ms-tnef") or name.lower() == "winmail.dat"


def open_tnef(content: bytes) -> Opened | None:
    """Open it; None when it cannot be read, so that it stays an attachment as it is."""
    if not content.startswith(_SIGNATURE) or len(content) > _LARGEST:
        return None
    reader = _Reader()
    try:
        for level, tag, data in _attributes(content):
            reader.attribute(level, tag, data)
    except (struct.error, ValueError, IndexError, LookupError):
        pass
    opened = reader.result()
    return opened if opened.files or opened.text or opened.html else None


def _attributes(content: bytes) -> Iterator[tuple[int, int, bytes]]:
    """Level, name and value of each attribute."""
    place = 6
    for _ in range(_MOST):
        if place + 9 > len(content):
            return
        level, tag, _kind, length = struct.unpack_from("<BHHI", content, place)
        place += 9
        yield level, tag, content[place : place + length]
        place += length + 2


def _properties(data: bytes) -> Iterator[tuple[int, int, bytes]]:
    """Name, type and (first) value of each MAPI property."""
    (count,) = struct.unpack_from("<I", data)
    place = 4
    for _ in range(min(count, _MOST)):
        if place + 4 > len(data):
            return
        kind, name = struct.unpack_from("<HH", data, place)
        place += 4
        if name >= 0x8000:
            place = _past_name(data, place)
        value, place = _value(data, place, kind)
        yield name, kind & 0xFFF, value


def _past_name(data: bytes, place: int) -> int:
    """Named properties carry their name before the value."""
    (by_text,) = struct.unpack_from("<I", data, place + 16)
    (length,) = struct.unpack_from("<I", data, place + 20)
    return place + 24 + (_padded(length) if by_text else 0)


def _value(data: bytes, place: int, kind: int) -> tuple[bytes, int]:
    count = 1
    several = bool(kind & 0x1000)
    kind &= 0xFFF
    if several or kind in (0x00, 0x0D, 0x1E, 0x1F, 0x102):
        (count,) = struct.unpack_from("<I", data, place)
        place += 4
    if kind in _FIXED:
        size = _FIXED[kind]
        return data[place : place + size], place + size * count + (-size * count % 4)
    first = b""
    for number in range(min(count, _MOST)):
        (length,) = struct.unpack_from("<I", data, place)
        if number == 0:
            first = data[place + 4 : place + 4 + length]
        place += 4 + _padded(length)
        if place > len(data):
            break
    return first, place


def _padded(length: int) -> int:
    return length + (-length % 4)


class _Reader:
    """Collects bodies and attachments from the attributes."""

    def __init__(self) -> None:
        self.codepage = "cp1252"
        self.text = ""
        self.html = b""
        self.rtf = b""
        self.html_codepage = ""
        self.files: list[TnefFile] = []

    def attribute(self, level: int, tag: int, data: bytes) -> None:
        """Take in one attribute."""
        if tag == _RENDER:
            self.files.append(TnefFile())
        elif level == 2 and self.files:
            self._of_file(self.files[-1], tag, data)
        elif tag == _CODEPAGE and len(data) >= 4:
            self.codepage = f"cp{struct.unpack_from('<I', data)[0]}"
        elif tag == _BODY:
            self.text = self._text(data, 0x1E)
        elif tag == _PROPERTIES:
            for name, kind, value in _properties(data):
                self._of_mail(name, kind, value)

    def _of_file(self, file: TnefFile, tag: int, data: bytes) -> None:
        if tag == _TITLE:
            file.name = file.name or self._text(data, 0x1E)
        elif tag == _DATA:
            file.content = data
        elif tag == _ATTACHMENT:
            for name, kind, value in _properties(data):
                if name == _P_LONG_NAME or (name in (_P_NAME, _P_DISPLAY_NAME) and not file.name):
                    file.name = self._text(value, kind)
                elif name == _P_CID:
                    file.content_id = self._text(value, kind).strip("<> ")
                elif name == _P_DATA and not file.content:
                    file.content = value.removeprefix(_OBJECT)

    def _of_mail(self, name: int, kind: int, value: bytes) -> None:
        if name == _P_BODY:
            self.text = self._text(value, kind)
        elif name == _P_HTML:
            self.html = value
        elif name == _P_RTF:
            self.rtf = value
        elif name == _P_INTERNET_CODEPAGE and len(value) >= 4:
            self.html_codepage = f"cp{struct.unpack_from('<I', value)[0]}"

    def _text(self, data: bytes, kind: int) -> str:
        text = (
            data.decode("utf-16-le", "replace")
            if kind == 0x1F
            else decode(data.rstrip(b"\x00"), self.codepage)[0]
        )
        return text.rstrip("\x00")

    def result(self) -> Opened:
        """Everything found; a body that exists only as RTF is read from there."""
        html = decode(self.html.rstrip(b"\x00"), self.html_codepage)[0] if self.html else ""
        text = self.text.strip()
        rtf = read_rtf(self.rtf) if self.rtf and not html else Rtf()
        files = [file for file in self.files if file.content]
        if rtf.raw and not rtf.html and not text and not rtf.text.strip():
            files.append(TnefFile("message.rtf", "", rtf.raw))
        return Opened(text or rtf.text, html or rtf.html, files)
