"""The header block of a mail or part: found in whatever shape it is, decoded, with the values that matter."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from urllib.parse import unquote_to_bytes

from zaguan.channels.email.charsets import decode
from zaguan.channels.email.guessing import guess
from zaguan.channels.email.words import CONTROL, decode_encoded, decode_words

_FIELD = re.compile(rb"^([!-9;-~]{1,200})[ \t]*:((?:[^\n]*\n[ \t])*[^\n]*)", re.MULTILINE)
_FOLD = re.compile(r"\r?\n[ \t]+|[\r\n]+")
_MESSAGE_ID = re.compile(r"<([^<>]{1,995})>")
_BARE_ID = re.compile(r"[^\s<>(),;]{1,600}@[^\s<>(),;]{1,255}")
_PARAM = re.compile(
    r"""[;\s]*([^\s=;"]{1,100})\s*=\s*(?:"((?:[^"\\]|\\.)*+)"?|([^;]*))""",
)
# A type whose semicolon was forgotten.
_LOOSE_TYPE = re.compile(r"\s*([^\s/]{1,100}\s?/\s?[^\s;]{1,100})\s+(\S.*)", re.DOTALL)
_COMMENT = re.compile(r"\([^()]{0,200}\)")


class Headers:
    """The fields of one header block, by lower-case name, in their order."""

    __slots__ = ("_fields", "too_many")

    def __init__(self, block: bytes = b"", *, most: int = 2_000, longest: int = 64_000) -> None:
        self._fields: dict[str, list[str]] = {}
        self.too_many = False
        for count, found in enumerate(_FIELD.finditer(block)):
            if count >= most:
                self.too_many = True
                break
            self.too_many = self.too_many or len(found[2]) > longest
            value = raw_text(found[2][:longest])
            self._fields.setdefault(found[1].decode("ascii").lower(), []).append(value)

    def __contains__(self, name: str) -> bool:
        return name in self._fields

    def names(self) -> list[str]:
        """The names of the fields that are there."""
        return list(self._fields)

    def first(self, *names: str) -> str:
        """The first value that is not blank of these fields, unfolded and still encoded, or ""."""
        for name in names:
            for value in self._fields.get(name, ()):
                if value:
                    return value
        return ""

    def all(self, name: str) -> list[str]:
        """Every value of a field."""
        return self._fields.get(name, [])

    def text(self, name: str) -> str:
        """The first value, decoded, safe to show on one line."""
        value = self.first(name)
        return decode_words(value) if value else ""


def raw_text(value: bytes) -> str:
    """A field's value on one line; bytes beyond ASCII are read as UTF-8 or by guess."""
    text = value.decode("ascii") if value.isascii() else guess(value)
    if "\n" in text or "\r" in text:
        text = _FOLD.sub(" ", text)
    return text.strip()


def parameters(value: str) -> tuple[str, dict[str, str]]:
    """A value like "text/plain; charset=x": its first word in lower case and its parameters (RFC 2231)."""
    head, _, rest = value.partition(";")
    if "(" in head:
        head = _COMMENT.sub("", head)
    if "=" in head and (loose := _LOOSE_TYPE.match(head)):
        head, rest = loose[1], f"{loose[2]};{rest}"
    kind = head.strip().lower()
    if not rest:
        return kind, {}
    found: dict[str, str] = {}
    pieces: dict[str, dict[int, tuple[str, bool]]] = {}
    for match in _PARAM.finditer(rest):
        name = match[1].lower()
        text = re.sub(r"\\(.)", r"\1", match[2]) if match[2] is not None else _bare(match[3])
        if "*" not in name:
            found.setdefault(name, text)
            continue
        base, _, number = name.partition("*")
        extended = number.endswith("*") or not number
        digits = number.rstrip("*") or "0"
        if digits.isdigit() and len(digits) < 4:
            pieces.setdefault(base, {}).setdefault(int(digits), (text, extended))
    for base, parts in pieces.items():
        found[base] = _continued(parts)
    return kind, found


def _bare(text: str) -> str:
    """A value without quotes; a comment behind it is not part of it."""
    text = text.strip().strip("'")
    return (
        _COMMENT.sub("", text).strip() if "(" in text and not text.startswith("(") and " (" in text else text
    )


def _continued(parts: dict[int, tuple[str, bool]]) -> str:
    charset = ""
    data = b""
    for number in sorted(parts):
        text, extended = parts[number]
        if number == 0 and extended and text.count("'") >= 2:
            charset, _, text = text.split("'", 2)
        raw = text.encode("utf-8", "surrogateescape" if text.isascii() else "replace")
        data += unquote_to_bytes(raw) if extended else raw
    return decode(data, charset or "utf-8")[0]


def message_ids(value: str, most: int = 1_000) -> tuple[str, ...]:
    """The Message-IDs in a value, without brackets, in order and once each."""
    if not value:
        return ()
    value = decode_encoded(value)
    found = _MESSAGE_ID.findall(value) or _BARE_ID.findall(value) or _one_word(value)
    ids = dict.fromkeys("".join(CONTROL.sub("", each).split()) for each in found)
    ids.pop("", None)
    kept = list(ids)
    return tuple(kept if len(kept) <= most else kept[: most // 4] + kept[-(most - most // 4) :])


def _one_word(value: str) -> list[str]:
    """An id without brackets and "@", if the value is nothing else."""
    value = value.strip().strip("<>")
    return [value] if value and len(value) < 500 and not any(sign.isspace() for sign in value) else []


def one_message_id(value: str) -> str:
    """The Message-ID of a mail, or ""; an id without brackets or "@" is taken as it stands."""
    ids = message_ids(value, 1)
    if ids:
        return ids[0]
    bare = "".join(CONTROL.sub("", value).split()).strip("<>")
    return bare[:995]


def moment(value: str) -> datetime | None:
    """The date a mail states, or None when it states none, nonsense, or one that cannot be."""
    if not value:
        return None
    try:
        found = parsedate_to_datetime(_COMMENT.sub("", _COMMENT.sub("", value[:300])))
        found = found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)
    except (ValueError, TypeError, OverflowError, IndexError, AttributeError):
        return None
    return found if found.year >= 1980 and found <= datetime.now(UTC) + timedelta(days=2) else None
