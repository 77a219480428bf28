"""Numbers as people and machines type them."""

from __future__ import annotations


def whole(text: str) -> int | None:
    """A row's number, or None for anything else: only 0-9, and never larger than a database can hold."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None
