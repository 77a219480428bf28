"""What can go wrong, by who must hear of it.

Refused    the person asked for something that makes no sense now: show the sentence, keep what was typed
Conflict   somebody else changed the same thing meanwhile: show what changed, let the person decide
Retry      a passing fault in background work: try again later
Final      a lasting fault in background work: record it, do not try again
"""

from __future__ import annotations

from typing import Any


class Refused(Exception):  # noqa: N818 (it is an answer, not an error)
    """A request that cannot be carried out; `field` names the input that it is about, if one is."""

    def __init__(self, sentence: str, *, field: str = "") -> None:
        super().__init__(str(sentence))
        self.sentence = str(sentence)
        self.field = field


class Conflict(Refused):
    """The thing changed since it was read; `changes` tells what, for the person to see (R13)."""

    def __init__(self, sentence: str, *, changes: list[dict[str, Any]], version: int) -> None:
        super().__init__(sentence)
        self.changes = changes
        self.version = version


class Retry(Exception):  # noqa: N818
    """Try again; `after` seconds from now, or by the usual back-off when None."""

    def __init__(self, reason: str, *, after: float | None = None) -> None:
        super().__init__(reason)
        self.after = after


class Final(Exception):  # noqa: N818
    """Will not work however often it is tried."""
