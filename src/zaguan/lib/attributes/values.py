"""What one attribute may hold, in the one form in which it is stored, whoever gives it.

Text, list keys, dates and files are strings, numbers are whole numbers, decimals are strings with each digit that
was given ("12.50"), moments are UTC ("2026-11-22T08:00:00Z"). What cannot be stored exactly is refused.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, date
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from zaguan.lib.attributes.definition import Definition, Format, Option
from zaguan.lib.folding import squeeze

LONGEST_TEXT = 10_000
LONGEST_LINE = 500
MOST_DIGITS = 18
MOST_PLACES = 10
# More than any list needs; what is longer was not meant for a person.
MOST_CHOICES = 200

_WHOLE = re.compile(r"[+-]?\d{1,18}")
_FRACTION = re.compile(rf"[+-]?\d{{1,{MOST_DIGITS}}}(?:\.\d{{1,{MOST_PLACES}}})?")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_FILE = re.compile(r"[A-Za-z0-9_-]{8,40}")


class NotFitting(ValueError):  # noqa: N818 (it is shown, not raised to the person)
    """A value that an attribute cannot hold; the text is a sentence for the person."""


def stored_form(definition: Definition, given: Any, *, kept: Any = None) -> Any:
    """The value as it is stored, None for nothing. `kept` is what stands there now: a retired option may stay.

    Raises NotFitting.
    """
    if given is None or given in ("", []) or (isinstance(given, str) and not given.strip()):
        return None
    return _READERS[Format(definition.format)](definition, given, kept)


def _text(definition: Definition, given: Any, kept: Any) -> str:
    if not isinstance(given, str):
        raise NotFitting(_("Write a text."))
    if any(ord(c) < 32 and c not in "\n\r\t" for c in given) or not _can_be_written(given):
        raise NotFitting(_("There is a character in it that is none: retype the text."))
    if not definition.many and ("\n" in given or "\r" in given):
        raise NotFitting(_("One line only."))
    longest = LONGEST_TEXT if definition.many else LONGEST_LINE
    if len(given) > longest:
        raise NotFitting(_("It may have up to %(most)d characters.") % {"most": longest})
    return given


def _can_be_written(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _list(definition: Definition, given: Any, kept: Any) -> str | list[str]:
    if not definition.many:
        return _chosen(definition, given, {kept} if isinstance(kept, str) else set())
    if isinstance(given, str):
        given = [given]
    if not isinstance(given, list) or len(given) > MOST_CHOICES:
        raise NotFitting(_("Choose from the list."))
    before = set(kept) if isinstance(kept, list) else set()
    chosen = [_chosen(definition, one, before) for one in given]
    if len(set(chosen)) < len(chosen):
        raise NotFitting(_("The same choice stands there twice."))
    return chosen


def _chosen(definition: Definition, given: Any, kept: set[str]) -> str:
    if not isinstance(given, str):
        raise NotFitting(_("Choose from the list."))
    found = option_of(definition, given)
    if found is None:
        raise NotFitting(_("“%(value)s” is not in the list.") % {"value": given[:80]})
    if found["retired"] and found["key"] not in kept:
        raise NotFitting(_("“%(value)s” is no longer offered.") % {"value": found["name"]})
    return found["key"]


def option_of(definition: Definition, given: str) -> Option | None:
    """The choice with this key, else with this name in any language."""
    for option in definition.options:
        if option["key"] == given:
            return option
    wanted = squeeze(given)
    named = (
        o for o in definition.options if wanted in {squeeze(n) for n in (o["name"], *o["names"].values())}
    )
    return next(named, None) if wanted else None


def _number(definition: Definition, given: Any, kept: Any) -> int:
    if isinstance(given, str) and _WHOLE.fullmatch(given.strip()):
        given = int(given)
    if isinstance(given, bool) or not isinstance(given, int):
        raise NotFitting(_("Write a whole number, such as 12."))
    if abs(given) >= 10**MOST_DIGITS:
        raise NotFitting(_("It may have up to %(most)d digits.") % {"most": MOST_DIGITS})
    return given


def _decimal(definition: Definition, given: Any, kept: Any) -> str:
    text = given.strip() if isinstance(given, str) else ""
    if isinstance(given, float) and not isinstance(given, bool):
        text = _of_float(given)
    elif isinstance(given, int | Decimal) and not isinstance(given, bool):
        text = f"{given:f}" if isinstance(given, Decimal) else str(given)
    if not text or not text.isascii():
        raise NotFitting(_("Write a number, such as 12.50."))
    if not _FRACTION.fullmatch(text):
        raise NotFitting(
            _(
                "Write a number such as 12.50, with up to %(digits)d digits before and %(places)d after the point."
            )
            % {"digits": MOST_DIGITS, "places": MOST_PLACES}
        )
    return _normal(text)


def _of_float(given: float) -> str:
    """The digits that were written, as far as a float can tell; one with more has lost them already."""
    shortest = repr(given)
    if len(shortest.lstrip("-").replace(".", "").strip("0")) > 15:
        raise NotFitting(_("So many digits are lost in a number: send it in quotes."))
    try:
        return f"{Decimal(shortest):f}"
    except InvalidOperation:
        raise NotFitting(_("Write a number, such as 12.50.")) from None


def _normal(text: str) -> str:
    sign = "-" if text[0] == "-" and text.strip("-0.") else ""
    whole, point, places = text.lstrip("+-").partition(".")
    return f"{sign}{whole.lstrip('0') or '0'}{point}{places}"


def _boolean(definition: Definition, given: Any, kept: Any) -> bool:
    if isinstance(given, str):
        given = {"1": True, "true": True, "0": False, "false": False}.get(given.lower())
    if not isinstance(given, bool):
        raise NotFitting(_("Say yes or no."))
    return given


def _datetime(definition: Definition, given: Any, kept: Any) -> str:
    if isinstance(given, date):
        given = given.isoformat()
    if not isinstance(given, str) or len(given) > 40:
        raise NotFitting(_("Write a date, such as 2026-11-22."))
    return _moment(given.strip()) if definition.many else _day(given.strip())


def _day(given: str) -> str:
    try:
        found = date.fromisoformat(given) if _DAY.fullmatch(given) else None
    except ValueError:
        found = None
    if found is None:
        raise NotFitting(_("Write a date, such as 2026-11-22."))
    return found.isoformat()


def _moment(given: str) -> str:
    try:
        found = parse_datetime(given)
    except ValueError:
        found = None
    if found is None:
        raise NotFitting(_("Write a date with its time, such as 2026-11-22T09:30:00Z."))
    if found.tzinfo is None:
        raise NotFitting(_("Say in which time zone: end the time with Z or with +01:00."))
    try:
        return found.astimezone(UTC).isoformat().replace("+00:00", "Z")
    except OverflowError:
        raise NotFitting(_("Write a date with its time, such as 2026-11-22T09:30:00Z.")) from None


def _file(definition: Definition, given: Any, kept: Any) -> list[str]:
    files = [given] if isinstance(given, str) else given
    if not isinstance(files, list) or not all(isinstance(f, str) and _FILE.fullmatch(f) for f in files):
        raise NotFitting(_("Choose a file."))
    if len(set(files)) < len(files):
        raise NotFitting(_("The same choice stands there twice."))
    if len(files) > (MOST_CHOICES if definition.many else 1):
        raise NotFitting(_("Choose one file."))
    return files


def _section(definition: Definition, given: Any, kept: Any) -> None:
    raise NotFitting(_("A section is a heading and holds nothing."))


_READERS: dict[Format, Callable[[Definition, Any, Any], Any]] = {
    Format.TEXT: _text,
    Format.LIST: _list,
    Format.NUMBER: _number,
    Format.DECIMAL: _decimal,
    Format.BOOLEAN: _boolean,
    Format.DATETIME: _datetime,
    Format.FILE: _file,
    Format.SECTION: _section,
}
