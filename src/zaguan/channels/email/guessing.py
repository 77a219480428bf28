"""Which character set bytes are in when the mail does not say so, or says something that is not true."""

from __future__ import annotations

import re

from zaguan.channels.email.charset_names import codec_of

SAMPLE = 16_384


def guess(data: bytes) -> str:
    """Text from bytes without a (known) character set: UTF-8, then what its escapes say, then a statistical guess."""
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        pass
    if b"\x1b$" in data or b"\x1b(" in data:
        try:
            return data.decode("iso2022_jp_ext")
        except UnicodeDecodeError:
            pass
    codec = "" if _has_lone_accents(data[:SAMPLE]) else _statistical(data[:SAMPLE])
    if codec:
        return data.decode(codec, "replace")
    return windows_1252(data)


def windows_1252(data: bytes) -> str:
    """Western text as nearly every program means it; its five unused bytes become control characters."""
    try:
        return data.decode("cp1252")
    except UnicodeDecodeError:
        return "".join(_CP1252[byte] for byte in data)


_CP1252 = [bytes([byte]).decode("cp1252", "ignore") or chr(byte) for byte in range(256)]


_HIGH = re.compile(rb"[\x80-\xff]")


_HIGH_PAIR = re.compile(rb"[\x80-\xff]{2}")


def _has_lone_accents(sample: bytes) -> bool:
    """Few letters beyond ASCII, never two together: a western language, for which statistics need more text."""
    high = len(_HIGH.findall(sample))
    return (
        high * 5 < len(sample)
        and len(_HIGH_PAIR.findall(sample)) * 10 <= high
        and _near_western(sample, "") == "cp1252"
    )


def _statistical(sample: bytes) -> str:
    from charset_normalizer import from_bytes

    if len(sample) < 8:
        return ""
    best = from_bytes(sample, steps=3, threshold=0.4, preemptive_behaviour=False).best()
    if best is None:
        return ""
    codec = codec_of(best.encoding)
    high = sum(byte > 127 for byte in sample)
    # Few accents in mostly plain letters: western, whatever the statistics of so little text say.
    if (
        high * 8 < len(sample)
        and codec[:2] in ("cp", "is", "ma", "pt", "hp")
        and codec not in ("cp932", "cp949", "cp950")
    ):
        return _near_western(sample, codec)
    return codec


def _near_western(sample: bytes, codec: str) -> str:
    western = windows_1252(sample)
    letters = [sign for sign in western if ord(sign) > 127]
    return (
        "cp1252"
        if letters and all(sign.isalpha() or sign in "’“”–—…€«»°ºª¿¡´·\xa0" for sign in letters)
        else codec
    )
