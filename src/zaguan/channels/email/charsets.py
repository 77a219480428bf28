"""Bytes to text, whatever character set the mail claims."""

from __future__ import annotations

import re

from zaguan.channels.email.charset_names import codec_of
from zaguan.channels.email.guessing import SAMPLE, guess, windows_1252

_WESTERN = frozenset({"us-ascii", "cp1252", "iso-8859-15", "cp1254", "cp850"})
# Sets in which bytes below 128 may mean something else than ASCII.
_NOT_ASCII = frozenset({"utf-7", "hz", "cp037", "cp500", "utf-16", "utf-32", "iso202"})
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f]|\r(?!\n)")


def decode(data: bytes, charset: str = "") -> tuple[str, bool]:
    """The text, and whether it may be wrong: the stated character set did not fit or was not known."""
    codec = codec_of(charset)
    if data.isascii() and codec[:6] not in _NOT_ASCII and b"\x1b" not in data and b"\x00" not in data:
        return data.decode("ascii"), False
    if data[:3] == b"\xef\xbb\xbf":
        return data[3:].decode("utf-8", "replace"), False
    if data[:2] in (b"\xff\xfe", b"\xfe\xff") and codec[:6] in ("", "utf-16", "utf-8"):
        return data.decode("utf-16", "replace"), False
    if codec.startswith("utf-16") or (not codec and data[:SAMPLE].count(0) * 3 > len(data[:SAMPLE])):
        return _sixteen(data, codec), False
    if not codec:
        return guess(data), bool(charset) or not data.isascii()
    if codec in _WESTERN:
        return _western(data, codec)
    return _strict_or_near(data, codec)


def tidy(text: str) -> str:
    r"""Text with "\n" line ends and without control characters; storage refuses some of them."""
    if "\r" in text:
        text = text.replace("\r\n", "\n")
    text = _CONTROLS.sub(_spaced, text)
    if text.isascii():
        return text
    return text.encode("utf-8", "replace").decode("utf-8") if _has_surrogate(text) else text


def _spaced(match: re.Match[str]) -> str:
    return "\n" if match[0] == "\r" else ""


def _has_surrogate(text: str) -> bool:
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return True
    return False


def _sixteen(data: bytes, codec: str) -> str:
    """UTF-16 by its mark, else by where the zero bytes stand."""
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return data.decode("utf-16", "replace")
    if codec in ("utf-16-le", "utf-16-be"):
        return data.decode(codec, "replace")
    little = data[1:SAMPLE:2].count(0) >= data[0:SAMPLE:2].count(0) and 0 in data[:SAMPLE]
    if 0 not in data[:SAMPLE] and data.isascii():
        return data.decode("ascii")
    return data.decode("utf-16-le" if little else "utf-16-be", "replace")


def _western(data: bytes, codec: str) -> tuple[str, bool]:
    """One of the western sets; text that is valid UTF-8 is UTF-8, whatever was said."""
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        pass
    else:
        return text, codec != "us-ascii"
    if codec == "us-ascii":
        return guess(data), True
    return (windows_1252(data) if codec == "cp1252" else data.decode(codec, "replace")), False


def _strict_or_near(data: bytes, codec: str) -> tuple[str, bool]:
    """By the stated set; if that fails, by UTF-8 or what the bytes look like, else with replacements."""
    try:
        return data.decode(codec), False
    except (UnicodeError, ValueError):
        pass
    stated = data.decode(codec, "replace")
    wrong = stated.count("\ufffd")
    if codec == "utf-8":
        high = sum(stated.count(sign) for sign in "áéíóúñüäößàèçãõâê¿¡’“”–…€ 、。")
        return (stated if high > wrong or wrong * 20 < len(stated) > 200 else guess(data)), True
    try:
        return data.decode("utf-8"), True
    except UnicodeDecodeError:
        return (stated if wrong * 10 < len(stated) + 10 else guess(data)), True
