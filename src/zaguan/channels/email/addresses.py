"""Addresses as mails write them: names, groups, comments, encoded words, and all that is broken about them."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from zaguan.channels.email.words import decode_encoded, one_line
from zaguan.conversations.incoming import Address

_SIMPLE = re.compile(
    r"""\s*(?:"([^"\\<>]*)"|([^"<>,;:()\\@=]*?))\s*<\s*([^<>\s"(),;:\\]+@[^<>\s"(),;:\\@]+)\s*>\s*$"""
)
_BARE = re.compile(r"\s*([^<>\s\"(),;:\\@]+@[^<>\s\"(),;:\\@]+)\s*$")
_WORD = re.compile(r"=\?[^?\s]{1,60}\?[bqBQ]\?[^?]*\?=")
_ANYWHERE = re.compile(r"[^\s<>@\[\]\"'(),;:]{1,64}@[^\s<>@\[\]\"'(),;:]{1,255}")
_INNER = re.compile(r"\((?:[^()\\]|\\.)*\)")
_SPREAD = re.compile(r"\s*([.@])\s*")
_PLAIN = re.compile(r"[^\"<>,;:()\\=]+")


def parse_addresses(value: str, most: int = 1_000) -> tuple[Address, ...]:
    """Every address in a value, in order; members of groups are included."""
    if not value:
        return ()
    simple = _one(value)
    if simple:
        return (simple,)
    reader = _Reader(value, most)
    reader.read()
    return tuple(reader.found)


def parse_address(value: str) -> Address:
    """The first address in a value; without any, the name alone."""
    found = parse_addresses(value, 1)
    return found[0] if found else nameless(value)


def nameless(value: str) -> Address:
    """A sender without an address: only what stands there as its name, as in "MAILER-DAEMON (Mail System)"."""
    comment = _INNER.search(value)
    return Address("", name_of(comment[0][1:-1] if comment else value.strip("<> ")))


def name_of(raw: str) -> str:
    """A display name as it may be shown: decoded, without quotes, control and direction characters."""
    name = one_line(decode_encoded(raw))
    if len(name) > 1 and name[0] == name[-1] and name[0] in "\"'":
        name = name[1:-1].strip()
    return name.replace('\\"', '"').strip('" ')[:300]


def email_of(raw: str) -> str:
    """An address in lower case without blanks, brackets or "mailto:"; "" when it is none."""
    text = one_line(decode_encoded(raw)) if "=?" in raw or not raw.isascii() else raw
    text = "".join(text.split()).strip("<>\"'.,;:[]()").lower()
    if text.startswith("mailto:"):
        text = text[7:].partition("?")[0]
    local, at, domain = text.rpartition("@")
    if not at or not local or not domain or len(text) > 320:
        return ""
    if '"' in local and not (local[0] == local[-1] == '"' and len(local) > 2):
        local = local.replace('"', "")
    return f"{local}@{_domain(domain)}"


def _domain(domain: str) -> str:
    """An international domain in readable form, so that both of its forms are one address."""
    if "xn--" not in domain:
        return domain
    try:
        return domain.encode("ascii").decode("idna")
    except UnicodeError:
        return domain


def _one(value: str) -> Address | None:
    """The common case: one address, with or without a plain name."""
    found = _SIMPLE.match(value)
    if found and "=?" not in value:
        return Address(email_of(found[3]), one_line(found[1] or found[2] or "")[:300].strip("' "))
    found = _BARE.match(value)
    return Address(email_of(found[1])) if found and "=?" not in value else None


@dataclass(slots=True)
class _Reader:
    """Reads a list of addresses character by character, forgiving what can be forgiven."""

    value: str
    most: int
    found: list[Address] = field(default_factory=list)
    name: list[str] = field(default_factory=list)
    address: str = ""
    comment: str = ""

    def read(self) -> None:
        """Collect the addresses."""
        value, place, end = self.value, 0, len(self.value)
        while place < end and len(self.found) < self.most:
            sign = value[place]
            if sign == "=":
                word = _WORD.match(value, place)
                self.name.append(word[0] if word else "=")
                place = word.end() if word else place + 1
            elif sign == '"':
                place = self._quoted(place)
            elif sign == "<":
                place = self._angle(place)
            elif sign == "(":
                place = self._comment(place)
            elif sign in ",;":
                self._finish()
                place += 1
            elif sign == ":":
                self._colon()
                place += 1
            else:
                plain = _PLAIN.match(value, place)
                self.name.append(plain[0] if plain else sign)
                place = plain.end() if plain else place + 1
        if len(self.found) < self.most:
            self._finish()

    def _colon(self) -> None:
        """The name of a group ends here, unless it is "mailto:" or part of a name with an address."""
        if "".join(self.name).strip().lower() != "mailto":
            self.name.clear()
        else:
            self.name = [""]

    def _quoted(self, place: int) -> int:
        end = place + 1
        text: list[str] = []
        while end < len(self.value) and self.value[end] != '"':
            end += self.value[end] == "\\"
            text.append(self.value[end : end + 1])
            end += 1
        if end >= len(self.value):
            self.name.append(" ")
            return place + 1
        follows = self.value[end + 1 : end + 2]
        self.name.append(f'"{"".join(text)}"' if follows == "@" else "".join(text))
        return end + 1

    def _angle(self, place: int) -> int:
        end = self.value.find(">", place)
        comma = self.value.find(",", place)
        if end == -1:
            end = comma if comma != -1 else len(self.value)
        inside = self.value[place + 1 : end]
        if "<" in inside:
            self.name.append(inside[: inside.rfind("<")])
            inside = inside[inside.rfind("<") + 1 :]
        if self.address:
            self._finish()
        self.address = inside.rpartition(":")[2] if inside.startswith("@") else _INNER.sub("", inside)
        return end + 1 if self.value[end : end + 1] == ">" else end

    def _comment(self, place: int) -> int:
        depth, end = 0, place
        while end < len(self.value):
            depth += (self.value[end] == "(") - (self.value[end] == ")")
            end += 1
            if depth == 0 or end - place > 1_000:
                break
        self.comment = self.value[place + 1 : end - 1]
        return end

    def _finish(self) -> None:
        raw = "".join(self.name).strip()
        if self.address:
            email = email_of(self.address)
            name = name_of(raw) or name_of(self.comment)
        else:
            email, name = self._without_brackets(raw)
        if not email and self.address and "@" in name:
            email = email_of(name)
        if email or (self.address and name):
            self.found.append(Address(email, name if name.lower() != email else ""))
        self.name, self.address, self.comment = [], "", ""

    def _without_brackets(self, raw: str) -> tuple[str, str]:
        """An address that stands alone, perhaps with words around it or as an encoded word."""
        text = decode_encoded(raw) if "=?" in raw else raw
        if "@" not in text:
            return "", ""
        if " " in text and not _ANYWHERE.fullmatch(text.split()[-1]):
            text = _SPREAD.sub(r"\1", text)
        if " " not in text.strip() or text.startswith('"'):
            return email_of(text), name_of(self.comment)
        if "<" in text and "=?" in raw:
            inner = parse_address(text)
            return inner.email, inner.name
        found = _ANYWHERE.search(text)
        if not found:
            return "", ""
        return email_of(found[0]), name_of(text.replace(found[0], " ")) or name_of(self.comment)
