"""Read one of the mails beside, for the tests."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from zaguan.channels.email.parsing import parse
from zaguan.conversations.incoming import Incoming

MAILS = Path(__file__).parent / "mails"


@cache
def read(name: str) -> Incoming:
    """The mail with this name, parsed."""
    return parse((MAILS / f"{name}.eml").read_bytes())
