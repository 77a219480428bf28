"""Header fields and parts of an outgoing mail, written byte by byte, so that the same message is the same mail.

The standard library folds address lists wrongly in some versions that we run on (a comma inside an encoded
word), and draws its boundaries by lot; both matter here.
"""

from __future__ import annotations

import base64
import hashlib
import quopri
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from email.header import Header
from urllib.parse import quote

from zaguan.conversations.addressing import Person, ascii_domain

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")
# Invisible direction marks can make a name look like another address (B17).
_DIRECTION = re.compile(r"[\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_ATOMS = re.compile(r"^[A-Za-z0-9!#$%&'*+/=?^_`{|}~ -]+$")
_WIDTH = 76


def plain(text: str) -> str:
    """Text for one line: nothing in it can end a field or turn the writing around (B23)."""
    text = text.encode("utf-8", "replace").decode()
    return " ".join(_DIRECTION.sub("", _CONTROL.sub(" ", text)).split())


def text_field(name: str, value: str) -> str:
    """A field of free text, folded and encoded."""
    value = plain(value)
    if value.isascii() and "=?" not in value:
        return _folded(name, value.split(" "), " ")
    encoded = Header(value, "utf-8", maxlinelen=_WIDTH, header_name=name).encode(linesep="\r\n")
    return f"{name}: {encoded}"


def ids_field(name: str, ids: Sequence[str]) -> str:
    """Message-IDs, one to a line."""
    clean = [re.sub(r"[\s<>\x00-\x1f\x7f]", "", each) for each in ids]
    return f"{name}: " + "\r\n ".join(f"<{each}>" for each in clean if each)


def people_field(name: str, people: Sequence[Person]) -> str:
    """Addresses with their names, one to a line."""
    return f"{name}: " + ",\r\n ".join(mailbox(person) for person in people)


def mailbox(person: Person) -> str:
    """`Name <address>` as it stands in a header."""
    address, name = wire_address(person[0]), plain(person[1])
    if not name or name == address:
        return address
    return f"{_phrase(name)} <{address}>"


def wire_address(address: str) -> str:
    """The address as it travels: the domain in ASCII, nothing that could end a line."""
    local, _, domain = re.sub(r"[\s<>,\x00-\x1f\x7f]", "", address).rpartition("@")
    return f"{local}@{ascii_domain(domain)}"


def needs_utf8(address: str) -> bool:
    """Whether only a server with SMTPUTF8 can take it: letters beyond ASCII before the @ (B20)."""
    return not address.rpartition("@")[0].isascii()


def _phrase(name: str) -> str:
    if not name.isascii():
        return Header(name, "utf-8", maxlinelen=_WIDTH, header_name="Reply-To").encode(linesep="\r\n")
    if _ATOMS.match(name) and "=?" not in name:
        return name
    escaped = name.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _folded(name: str, words: Sequence[str], between: str) -> str:
    lines, line = [], f"{name}:"
    for word in words:
        if len(line) + len(between) + len(word) > _WIDTH and line.strip() not in ("", f"{name}:"):
            lines.append(line)
            line = f"{between}{word}"
        else:
            line += f" {word}" if line == f"{name}:" else f"{between}{word}"
    return "\r\n".join([*lines, line])


@dataclass
class Part:
    """One part of a mail: its header lines and its body."""

    headers: list[str]
    body: bytes = b""
    children: list[Part] = field(default_factory=list)

    def written(self) -> bytes:
        """The part as it stands in the mail, headers first."""
        return "\r\n".join(self.headers).encode("utf-8") + b"\r\n\r\n" + self.body


def text_part(subtype: str, text: str) -> Part:
    """Text in UTF-8, quoted so that every line is short."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").rstrip("\n") + "\n"
    body = quopri.encodestring(lines.encode("utf-8", "replace")).replace(b"\n", b"\r\n")
    headers = [f"Content-Type: text/{subtype}; charset=utf-8", "Content-Transfer-Encoding: quoted-printable"]
    return Part(headers, body)


def file_part(name: str, content_type: str, content: bytes, *, content_id: str = "") -> Part:
    """A file; with a Content-ID it is shown inside the text."""
    if content_type.startswith(("message/", "multipart/")):
        # Those may not be base64, and a server may rewrite what is inside.
        content_type = "application/octet-stream"
    where = "inline" if content_id else "attachment"
    headers = [
        f"Content-Type: {content_type}",
        f"Content-Disposition: {where}" + _file_name(name),
        "Content-Transfer-Encoding: base64",
    ]
    if content_id:
        headers.append(f"Content-ID: <{content_id}>")
    return Part(headers, base64.encodebytes(content).replace(b"\n", b"\r\n"))


def multipart(subtype: str, parts: Sequence[Part], seed: str) -> Part:
    """Parts together; a single one stays alone. The boundary follows from `seed` and the place in the tree."""
    if len(parts) == 1:
        return parts[0]
    boundary = "zg-" + hashlib.sha256(f"{subtype}:{seed}".encode()).hexdigest()[:40]
    mark = boundary.encode()
    body = b"".join(b"--" + mark + b"\r\n" + part.written().rstrip(b"\r\n") + b"\r\n" for part in parts)
    header = f'Content-Type: multipart/{subtype}; boundary="{boundary}"'
    return Part([header], body + b"--" + mark + b"--\r\n", list(parts))


def _file_name(name: str) -> str:
    """RFC 2231, in pieces when it is long; plain when it is short ASCII."""
    name = plain(name)
    if name.isascii() and len(name) <= 60 and not re.search(r'["\\%]', name):
        return f';\r\n filename="{name}"'
    encoded = quote(name, safe="")
    pieces, piece = [], ""
    for letter in re.findall(r"%[0-9A-F]{2}|.", encoded):
        if len(piece) + len(letter) > 50:
            pieces.append(piece)
            piece = ""
        piece += letter
    pieces.append(piece)
    if len(pieces) == 1:
        return f";\r\n filename*=utf-8''{pieces[0]}"
    start = [f";\r\n filename*0*=utf-8''{pieces[0]}"]
    return "".join([*start, *(f";\r\n filename*{place}*={each}" for place, each in enumerate(pieces[1:], 1))])
