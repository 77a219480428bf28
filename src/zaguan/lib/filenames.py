"""Names of files from outside: made safe to show and to save under, before anything else looks at them."""

from __future__ import annotations

import re
import unicodedata

LONGEST = 200
# Windows opens devices under these names, whatever the ending.
_DEVICES = re.compile(r"(?i)^(con|prn|aux|nul|com\d|lpt\d)(\.|$)")
_NEVER = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}


def clean_name(name: str, fallback: str = "file") -> str:
    """`name` without path, control, invisible and reserved parts; `fallback` when nothing is left.

    Normalising comes first: a check made before it could be passed by what it later becomes.
    """
    text = unicodedata.normalize("NFC", name)
    text = "".join(
        " " if c in "\t\r\n" else c for c in text if c in "\t\r\n" or unicodedata.category(c) not in _NEVER
    )
    text = re.split(r"[/\\]", text)[-1]
    text = " ".join(re.sub(r'[<>:"|?*]', "_", text).split()).strip(". ")
    if _DEVICES.match(text):
        text = f"_{text}"
    return _shorten(text) or fallback


def _shorten(text: str) -> str:
    if len(text) <= LONGEST:
        return text
    stem, dot, ending = text.rpartition(".")
    if not dot or len(ending) > 12:
        return text[:LONGEST]
    return f"{stem[: LONGEST - len(ending) - 1]}.{ending}"
