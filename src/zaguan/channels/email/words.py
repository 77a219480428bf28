"""Words of headers as people read them: encoded words decoded, control and direction characters gone."""

from __future__ import annotations

import binascii
import re

from zaguan.channels.email.charsets import decode, tidy
from zaguan.channels.email.transfer import decode_base64

_WORD = re.compile(r"=\?([^?\s\x00-\x20]{1,60})\?([bq])\?([^?]*)\?=", re.IGNORECASE)


_LOOSE_WORD = re.compile(r"=\?([\w.:+-]{2,40}(?:\*[\w-]*)?)\?([bq])\?(.*?)\?=", re.IGNORECASE)


CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb]")


def decode_words(value: str) -> str:
    """Encoded words decoded (RFC 2047, and what real mails make of it), without control characters."""
    return one_line(decode_encoded(value))


def one_line(text: str) -> str:
    """Text for one line: no control or direction characters, single blanks."""
    if text.isascii() and text.isprintable():
        return " ".join(text.split()) if "  " in text else text.strip()
    return " ".join(tidy(CONTROL.sub(" ", text)).split())


def decode_encoded(value: str) -> str:
    """Only the encoded words decoded; neighbours of one character set are joined before decoding."""
    if "=?" not in value:
        return value
    pattern = _WORD if _WORD.search(value) else _LOOSE_WORD
    out: list[str] = []
    held = b""
    held_charset = ""
    position = 0
    for found in pattern.finditer(value):
        between = value[position : found.start()]
        charset = found[1].split("*", 1)[0].lower()
        data = _word_bytes(found[2], found[3])
        if held and (between.strip() or charset != held_charset):
            out.append(_held_text(held, held_charset))
            held = b""
        if between.strip():
            out.append(between)
        held += data
        held_charset = charset
        position = found.end()
    if held:
        out.append(_held_text(held, held_charset))
    out.append(value[position:])
    return "".join(out)


def _held_text(data: bytes, charset: str) -> str:
    return decode(data, charset)[0]


def _word_bytes(encoding: str, text: str) -> bytes:
    if encoding in "bB":
        return decode_base64(text.encode("utf-8", "replace"))
    return binascii.a2b_qp(text.replace(" ", "_").encode("utf-8", "replace"), header=True)
