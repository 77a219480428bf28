"""Take personal data out of a text: mail addresses, telephone numbers, numbers of cards and of identity, given names."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

_MAIL = re.compile(r"[\w.+%'-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63})+")
# Account numbers such as ES91 2100 0418 4502 0005 1332.
_IBAN = re.compile(r"\b[A-Za-z]{2}\d{2}(?:[ ]?[A-Za-z0-9]{4}){3,7}(?:[ ]?[A-Za-z0-9]{1,3})?\b")
# Digits with what people write between them; capital letters before or after belong to numbers of identity.
_NUMBER = re.compile(
    r"(?<![\w.])(?:[A-Z]{1,3}[ -]?)?[+(]{0,2}\d(?:[ \t\u00a0().\-/]{0,3}\d){6,40}(?:-?[A-Za-z])?(?!\w)"
)
_DATE = re.compile(r"(?<!\d)(?:(?:19|20)\d\d-[01]\d-[0-3]\d|[0-3]?\d([./-])[0-3]?\d\1(?:19|20)\d\d)(?!\d)")
_WORD = re.compile(r"[^\W\d_]{3,}")


def redact(text: str, names: Iterable[str] = (), mark: str = "[redacted]") -> str:
    """The text with `mark` in place of each; dates stay. `names` are taken out whole and word by word, accents or not."""
    text = _MAIL.sub(mark, text)
    pieces, last = [], 0
    for date in _DATE.finditer(text):
        pieces += [_numbers(text[last : date.start()], mark), date[0]]
        last = date.end()
    return _without(f"{''.join(pieces)}{_numbers(text[last:], mark)}", names, mark)


def _numbers(text: str, mark: str) -> str:
    return _NUMBER.sub(mark, _IBAN.sub(mark, text))


def _without(text: str, names: Iterable[str], mark: str) -> str:
    wanted = {_folded(name.strip()) for name in names if len(name.strip()) > 2}
    wanted |= {word for name in list(wanted) for word in _WORD.findall(name)}
    if not wanted:
        return text
    longest = sorted(wanted, key=len, reverse=True)
    pattern = re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, longest))})(?!\w)")
    pieces, last = [], 0
    for found in pattern.finditer(_folded(text)):
        pieces += [text[last : found.start()], mark]
        last = found.end()
    return "".join(pieces) + text[last:]


def _folded(text: str) -> str:
    """Small letters without accents, as many as before: places in it are places in the text."""
    return "".join(_base(letter) for letter in text)


def _base(letter: str) -> str:
    if letter.isascii():
        return letter.lower()
    return (unicodedata.normalize("NFD", letter)[:1] or letter).lower()[:1]
