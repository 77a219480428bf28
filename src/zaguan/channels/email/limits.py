"""How much of a mail is read before it is shown by its headers only."""

from __future__ import annotations

from dataclasses import dataclass

from zaguan.lib.html import DEFAULT_BUDGET, Budget


@dataclass(frozen=True, slots=True)
class Limits:
    """Limits checked before the costly work; the raw mail is kept whatever they say."""

    size: int = 50_000_000
    parts: int = 500
    depth: int = 24
    header_block: int = 256_000
    headers: int = 2_000
    header_value: int = 64_000
    recipients: int = 1_000
    references: int = 200
    files: int = 200
    reports: int = 500
    html: Budget = DEFAULT_BUDGET


DEFAULT = Limits()
