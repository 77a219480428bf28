"""Who wrote the mail that somebody forwarded: read from the header block in the text."""

from __future__ import annotations

import re
from dataclasses import dataclass

from zaguan.channels.email.addresses import email_of, name_of
from zaguan.conversations.incoming import Address
from zaguan.lib.quotes.phrases import EMAIL, FORWARD_MARK, FROM_LINE, OTHER_LINE, SEPARATOR, is_attribution

_SUBJECT = re.compile(
    r"\s*(?:\[[^\]]{0,40}\]\s*)?(?:fwd?|fw|rv|enc|encaminhada|tr|wg|wtr|i|vs|vb|vl|pd|fs|doorst|továbbítás|továb|"
    r"redirecționat|пересл|fyi|wei(?:tergeleitet)?|reenv|rif|轉寄|转发|転送|전달|i̇lt|ilt|ynt|prosl|edasi|edast|fwd|inoltra|προωθ)"
    r"\s*[:：]",
    re.IGNORECASE,
)
_LINES = 400
_PREFIX = re.compile(r"^[\s>|]*")


@dataclass(frozen=True, slots=True)
class Original:
    """The forwarded mail: who wrote it and under which subject."""

    sender: Address
    subject: str = ""


def is_forward(subject: str) -> bool:
    """True when the subject says that the mail was forwarded."""
    return _SUBJECT.match(subject) is not None


def original_sender(text: str, subject: str = "") -> Address | None:
    """The sender of the mail that was forwarded in this text, or None when it is no forward."""
    lines = [_PREFIX.sub("", line[:500]).strip() for line in text.split("\n")[:_LINES]]
    marked = is_forward(subject)
    empty = True
    for place, line in enumerate(lines):
        # Marks stand between rules or end with a colon; searching every line would cost more than all the rest.
        may_mark = bool(line) and (not line[0].isalnum() or line.endswith((":", "：")))
        if may_mark and (mark := FORWARD_MARK.search(line)):
            if SEPARATOR.match(line):
                marked = True
                continue
            if line[:1] in "-_*" and (found := _in_one_line(line[mark.end() :])):
                return found
        # A header block with nothing above it can only be a forward: an answer has words first.
        if (marked or empty) and (found := _sender_at(lines, place, marked)):
            return found
        empty = empty and not line.strip("_-= \ufeff")
    return None


def _in_one_line(rest: str) -> Address | None:
    """Yahoo writes the whole header block on the line of the mark."""
    value = re.split("[:：]", rest, maxsplit=1)
    mail = EMAIL.search(value[1]) if len(value) == 2 else None
    return _address(value[1][: mail.end()], value[1]) if mail else None


def _sender_at(lines: list[str], place: int, marked: bool) -> Address | None:
    """The address of a "From:" line that has other headers around, or of "… wrote:"."""
    line = lines[place]
    if FROM_LINE.match(line):
        near = [each for each in lines[max(place - 5, 0) : place + 9] if each and each is not line]
        if sum(OTHER_LINE.match(each) is not None for each in near) >= (1 if marked else 3):
            value = re.split("[:：]", line, maxsplit=1)[1]
            below = next((each for each in lines[place + 1 : place + 3] if each), "")
            return _address(value if EMAIL.search(value) else f"{value} {below}", value)
    if marked and line.endswith((":", "：")) and is_attribution(line.lstrip("\ufeff"), lone=True):
        mail = EMAIL.search(line)
        return _address(line, _name_in_attribution(line[: mail.start()])) if mail else None
    return None


def _name_in_attribution(before: str) -> str:
    """The name in "28/10/2021 12:46, John Doe <": in quotes, or what follows the date."""
    before = before.rstrip(" <[(").lstrip("\ufeff")
    quoted = re.search(r'"([^"]+)"$', before)
    return quoted[1] if quoted else re.split(r"[\d,:;]", before)[-1].strip()


def _address(text: str, fallback: str) -> Address | None:
    mail = EMAIL.search(text)
    if not mail:
        name = name_of(fallback.strip(" *"))
        return Address("", name) if name else None
    before = re.split(r"[<\[(]", fallback[: mail.start()] if fallback and fallback in text else fallback)[0]
    name = name_of(re.sub(r"(?i)mailto:", "", before).strip(" *\"'<[("))
    email = email_of(mail[0])
    return Address(email, "" if name.lower() == email else name)
