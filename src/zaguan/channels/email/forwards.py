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
    marked = False
    forwarded = is_forward(subject)
    for place, line in enumerate(lines):
        if SEPARATOR.match(line) and FORWARD_MARK.search(line):
            marked = True
            continue
        if (marked or forwarded) and (found := _sender_at(lines, place)):
            return found
    return None


def _sender_at(lines: list[str], place: int) -> Address | None:
    """The address of a "From:" line that has other headers below, or of "… wrote:"."""
    line = lines[place]
    if FROM_LINE.match(line) and (":" in line or "：" in line):
        below = [each for each in lines[place + 1 : place + 9] if each]
        above = [each for each in lines[max(place - 5, 0) : place] if each]
        if any(OTHER_LINE.match(each) for each in below + above):
            value = re.split("[:：]", line, maxsplit=1)[1]
            return _address(value if EMAIL.search(value) else value + " " + (below[0] if below else ""), value)
    if line.endswith((":", "：")) and is_attribution(line, lone=True):
        return _address(line, "")
    return None


def _address(text: str, fallback: str) -> Address | None:
    mail = EMAIL.search(text)
    if not mail:
        name = name_of(fallback.strip(" *"))
        return Address("", name) if name else None
    before = text[: mail.start()]
    before = re.split(r"[<\[(]", before)[0]
    name = name_of(re.sub(r"(?i)mailto:", "", before).strip(" *\"'<[("))
    email = email_of(mail[0])
    return Address(email, "" if name.lower() == email or not fallback else name)
