"""Initials and a stable colour for whoever has no picture."""

from __future__ import annotations

from functools import lru_cache
from zlib import crc32

HUES = 12


@lru_cache(maxsize=4096)
def initials(name: str) -> str:
    """First letters of the first and the last word; of an address, its first letter."""
    words = [word for word in name.split("@")[0].replace(".", " ").split() if word[0].isalnum()]
    if not words:
        return "?"
    letters = words[0][0] + (words[-1][0] if len(words) > 1 else "")
    return letters.upper()


@lru_cache(maxsize=4096)
def hue(key: object) -> int:
    """The same colour for the same person, everywhere and after every restart."""
    return crc32(str(key).encode()) % HUES
