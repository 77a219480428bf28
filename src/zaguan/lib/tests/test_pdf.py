"""PDF: data never become markup, a template reaches nothing outside, what is broken or too slow is refused."""

from __future__ import annotations

import re
import struct
import time
import zlib

import pytest

from zaguan.lib.pdf import PdfError, render
from zaguan.lib.pictures import size_of

TEXT = '#import "base.typ": *\n#show: sheet\n#prose(data.text)\n'
PICTURE = '#import "base.typ": *\n#show: sheet\n#picture("one", width: 1cm)\n#picture("two", width: 1cm)\n'
HEAD = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"


def _chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


def _png(width: int, height: int) -> bytes:
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    rows = zlib.compress(b"".join(b"\0" + b"\x10\x80\x40" * width for _ in range(height)))
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", head) + _chunk(b"IDAT", rows) + _chunk(b"IEND", b"")


@pytest.mark.parametrize(
    "text",
    [
        '#read("/etc/passwd")',
        "#panic(1)",
        "$ x $ *bold* <b> @preview",
        "= no heading\n#let x = 1",
        "\\u{0}",
        "你好 😀",
    ],
)
def test_text_is_never_markup(text: str) -> None:
    assert render(TEXT, {"text": text}).startswith(b"%PDF-")


@pytest.mark.parametrize(
    "template",
    [
        '#read("/etc/passwd")', '#read("../../../etc/passwd")', '#import "@preview/cetz:0.3.0"',
        '#image("https://example.org/x.png")',
    ],
)  # fmt: skip
def test_a_template_reaches_nothing_outside(template: str) -> None:
    with pytest.raises(PdfError):
        render(template, {})


def test_what_takes_too_long_is_ended() -> None:
    started = time.monotonic()
    with pytest.raises(PdfError):
        render("#for i in range(90000000) [x #i]", {}, seconds=1)
    assert time.monotonic() - started < 10


def test_pages_are_numbered() -> None:
    one, many = render(TEXT, {"text": "x"}), render(TEXT, {"text": "x\n" * 300})
    assert pages(one) == 1
    assert pages(many) > 3


def pages(pdf: bytes) -> int:
    return len(re.findall(rb"/Type ?/Page\b(?!s)", pdf))


def test_a_broken_picture_is_a_grey_square() -> None:
    broken = HEAD + struct.pack(">II", 10, 10) + b"nonsense"
    with_one = render(PICTURE, {}, {"one": _png(20, 10), "two": broken})
    assert with_one.startswith(b"%PDF-")
    assert b"/Subtype /Image" in with_one or b"/Subtype/Image" in with_one


def test_a_picture_that_claims_to_be_huge_is_not_drawn() -> None:
    huge = HEAD + struct.pack(">II", 100_000, 100_000) + b"\x08\x02\0\0\0"
    pdf = render(PICTURE, {}, {"one": huge, "two": b"<svg/>"})
    assert b"Subtype/Image" not in pdf.replace(b" ", b"")


def test_names_of_pictures_are_ours() -> None:
    with pytest.raises(ValueError, match="no name for a picture"):
        render(TEXT, {"text": ""}, {"../main": b""})


@pytest.mark.parametrize(
    ("content", "size"),
    [
        (_png(20, 10), (20, 10)),
        (b"GIF89a" + struct.pack("<HH", 3, 4), (3, 4)),
        (b"\xff\xd8\xff\xe0\0\x04ab\xff\xc0\0\x11\x08" + struct.pack(">HH", 5, 6), (6, 5)),
        (b"RIFF....WEBPVP8X" + bytes(8) + b"\x09\0\0\x04\0\0", (10, 5)),
        (b"RIFF....WEBPVP8L" + bytes(5) + struct.pack("<I", 7 | 2 << 14), (8, 3)),
        (b"RIFF....WEBPVP8 " + bytes(10) + struct.pack("<HH", 8, 9), (8, 9)),
        (b"\x89PNG\r\n\x1a\n", None),
        (b"\xff\xd8\xff", None),
        (b"%PDF", None),
        (b"", None),
    ],
)
def test_a_picture_says_its_size(content: bytes, size: tuple[int, int] | None) -> None:
    assert size_of(content) == size
