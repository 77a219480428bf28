"""Values as short texts whose byte order is their own order, so that one index finds and compares them all."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from zaguan.lib.attributes.definition import Definition, Format
from zaguan.lib.attributes.values import MOST_DIGITS, MOST_PLACES
from zaguan.lib.folding import fold

LONGEST_KEY = 120
# After every other letter.
LAST = "\U0010ffff"
_DIGITS = MOST_DIGITS + 1 + MOST_PLACES


def keys_of(definition: Definition, value: Any) -> list[str]:
    """What the index keeps of a stored value: one entry, or one for each choice of a list."""
    if value is None or definition.format in (Format.FILE, Format.SECTION):
        return []
    if definition.format == Format.LIST:
        return [value] if isinstance(value, str) else list(value)
    if definition.format == Format.TEXT:
        return [text_key(value)]
    if definition.format in (Format.NUMBER, Format.DECIMAL):
        return [number_key(Decimal(value))]
    if definition.format == Format.BOOLEAN:
        return ["1" if value else "0"]
    return [moment_key(value)]


def text_key(text: str) -> str:
    """Folded, with single blanks, as long as the index can hold."""
    return " ".join(fold(text).split())[:LONGEST_KEY]


def number_key(number: Decimal) -> str:
    """As many digits for each; negative ones count backwards."""
    scaled = int(number.scaleb(MOST_PLACES))
    return f"p{scaled:0{_DIGITS}d}" if scaled >= 0 else f"n{10**_DIGITS + scaled:0{_DIGITS}d}"


def moment_key(value: str | datetime) -> str:
    """A day as 20261122, a moment as 20261122T083000.000000, in UTC."""
    if isinstance(value, str) and len(value) == 10:
        return value.replace("-", "")
    moment = datetime.fromisoformat(value.replace("Z", "+00:00")) if isinstance(value, str) else value
    moment = moment.astimezone(UTC)
    return f"{moment.year:04d}{moment:%m%dT%H%M%S.%f}"
