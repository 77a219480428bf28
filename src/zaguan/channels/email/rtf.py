"""The rich text that Outlook puts into winmail.dat: unpacked, and read as HTML or text."""

from __future__ import annotations

import re
import struct
from dataclasses import dataclass

from zaguan.channels.email.charsets import decode

_LARGEST = 20_000_000
# The dictionary every packed text starts with (MS-OXRTFCP 2.1.3.1.3).
_START = (
    rb"{\rtf1\ansi\mac\deff0\deftab720{\fonttbl;}{\f0\fnil \froman \fswiss \fmodern \fscript \fdecor "
    rb"MS Sans SerifSymbolArialTimes New RomanCourier{\colortbl\red0\green0\blue0" + b"\r\n"
    rb"\par \pard\plain\f0\fs20\b\i\u\tab\tx"
)
_TOKEN = re.compile(
    rb"\\'([0-9a-fA-F]{2})|\\([a-z]{1,32})(-?\d{1,10})? ?|\\([^a-z])|([{}])|([^\\{}\r\n]+)|[\r\n]+", re.I
)
_SILENT = frozenset(
    b"fonttbl colortbl stylesheet info pict object themedata colorschememapping latentstyles datastore listtable "
    b"listoverridetable rsidtbl generator xmlnstbl header footer mmathPr bkmkstart bkmkend field fldinst".split()
)


@dataclass(frozen=True, slots=True)
class Rtf:
    """A rich text: as it is, and what it says."""

    raw: bytes = b""
    html: str = ""
    text: str = ""


def read_rtf(packed: bytes) -> Rtf:
    """Unpack the rich text and read it; HTML when it was made from HTML."""
    raw = _unpack(packed)
    if not raw.startswith(b"{\\rtf"):
        return Rtf()
    if b"\\fromhtml" in raw[:1_000]:
        return Rtf(raw, html=_read(raw, from_html=True))
    return Rtf(raw, text=_read(raw, from_html=False).strip())


def _unpack(packed: bytes) -> bytes:
    """Undo the compression of rich text in mails ("LZFu")."""
    if len(packed) < 16:
        return b""
    size, kind = struct.unpack_from("<4xII", packed)
    if kind == 0x414C454D:
        return packed[16 : 16 + size]
    if kind != 0x75465A4C or size > _LARGEST:
        return b""
    out = bytearray(_START)
    place = 16
    while place < len(packed) and len(out) < size + len(_START):
        flags = packed[place]
        place += 1
        for bit in range(8):
            if place >= len(packed):
                break
            if not flags >> bit & 1:
                out.append(packed[place])
                place += 1
                continue
            pair = int.from_bytes(packed[place : place + 2], "big")
            place += 2
            if not _copy(out, pair >> 4, (pair & 15) + 2):
                return bytes(out[len(_START) :])
    return bytes(out[len(_START) : len(_START) + size])


def _copy(out: bytearray, offset: int, length: int) -> bool:
    """Repeat an earlier piece, found by its place in a ring of 4096 bytes; False at the end mark."""
    write = len(out) % 4096
    if offset == write:
        return False
    start = len(out) - ((write - offset) % 4096)
    if start < 0:
        return False
    for number in range(length):
        out.append(out[start + number])
    return True


def _read(raw: bytes, *, from_html: bool) -> str:
    """The HTML that the rich text carries in groups of its own, or its plain text."""
    codepage = re.search(rb"\\ansicpg(\d{3,5})", raw[:2_000])
    reader = _Reader()
    for found in _TOKEN.finditer(raw):
        reader.take(*found.groups())
    text = _joined(reader.out, f"cp{codepage[1].decode()}" if codepage else "cp1252")
    return text if from_html else text.strip()


class _Reader:
    """Follows the groups: which are silent, which carry HTML, what RTF adds for those that read only RTF."""

    def __init__(self) -> None:
        self.out: list[bytes | str] = []
        self.stack: list[tuple[bool, bool]] = []
        self.silent = self.tag = self.hidden = self.starred = False
        self.skip = 0

    def take(self, *groups: bytes | None) -> None:
        """Read one token."""
        hexed, word, number, sign, brace, text = groups
        if brace == b"{":
            self.stack.append((self.silent, self.tag))
            self.starred = False
        elif brace == b"}":
            self.silent, self.tag = self.stack.pop() if self.stack else (False, False)
        elif sign == b"*":
            self.starred = True
        elif word is not None:
            self._word(word, number)
            self.starred = False
        elif not self._is_quiet():
            self._piece(bytes([int(hexed, 16)]) if hexed else _SIGNS.get(sign, sign) if sign else text or b"")

    def _is_quiet(self) -> bool:
        return self.silent or (self.hidden and not self.tag)

    def _word(self, word: bytes, number: bytes | None) -> None:
        if word == b"htmltag":
            self.tag, self.silent = True, False
        elif word == b"htmlrtf":
            self.hidden = number != b"0"
        elif word in _SILENT or self.starred:
            self.silent = True
        elif self._is_quiet():
            return
        elif word == b"u" and number:
            self.out.append(chr(int(number) % 65536))
            self.skip = 1
        else:
            self.out.append(_WORDS.get(word, b""))

    def _piece(self, piece: bytes) -> None:
        """Text; behind a character given by number stands one for old readers, which is left out."""
        if self.skip and piece:
            piece, self.skip = piece[1:], 0
        self.out.append(piece)


_WORDS = {
    b"par": b"\r\n", b"line": b"\r\n", b"tab": b"\t", b"lquote": b"\x91", b"rquote": b"\x92", b"ldblquote": b"\x93",
    b"rdblquote": b"\x94", b"bullet": b"\x95", b"endash": b"\x96", b"emdash": b"\x97",
}  # fmt: skip
_SIGNS = {b"~": b" ", b"_": b"-", b"-": b"", b"\n": b"\r\n", b"\r": b"\r\n"}


def _joined(out: list[bytes | str], charset: str) -> str:
    """Neighbouring bytes are decoded together: a character may be several of them."""
    text: list[str] = []
    held = bytearray()
    for piece in out:
        if isinstance(piece, bytes):
            held += piece
            continue
        text += (decode(bytes(held), charset)[0], piece)
        held.clear()
    text.append(decode(bytes(held), charset)[0])
    # Characters beyond the first 65,536 come as two halves.
    return "".join(text).encode("utf-16", "surrogatepass").decode("utf-16", "replace")
