"""Hostile HTML: cleaned, read again by a parser, and shown in a browser; nothing may run or load."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

from tests.conformance.tally import Tally
from zaguan.lib.html import clean


@dataclass(frozen=True)
class Vector:
    """One piece of hostile HTML and where it is from."""

    source: str
    name: str
    html: str


def run(data: Path, *, browser: bool) -> list[Tally]:
    """A tally per source for the cleaned code, one for the browser."""
    tallies: dict[str, Tally] = {}
    cleaned: list[tuple[Vector, str]] = []
    for vector in vectors(data / "html"):
        tally = tallies.setdefault(vector.source, Tally(f"html {vector.source}"))
        tally.cases += 1
        html = clean(vector.html).html
        cleaned.append((vector, html))
        found = dangers(html)
        tally.check("harmless", vector.name, not found, found, html)
        tally.crashes += [f"{vector.name}: {danger}" for danger in found]
    result = list(tallies.values())
    if browser:
        from tests.conformance.chromium import show_all

        result.append(show_all(cleaned))
    return result


def vectors(folder: Path) -> Iterator[Vector]:
    """Every vector of every source."""
    for source in sorted(folder.iterdir()):
        for path in sorted(source.iterdir()):
            if path.is_file() and not path.name.startswith("_LICENSE"):
                for number, html in enumerate(_pieces(path)):
                    yield Vector(source.name, f"{path.name}#{number}", html)


def _pieces(path: Path) -> Iterator[str]:
    text = path.read_bytes().decode("utf-8", "replace")
    if path.suffix == ".json" and "attachments" not in path.parent.name:
        yield from _from_json(json.loads(text))
        return
    yield text
    if path.name == "xss-payload-list.txt":
        yield from text.splitlines()
    elif path.suffix == ".test":
        yield from text.split("\n--\n")
    elif path.name == "leak.html":
        yield from re.split(r"\n(?=<!--)", text)


def _from_json(value: Any) -> Iterator[str]:
    payloads = {}
    if isinstance(value, dict):
        payloads = (
            {key: str(each) for key, each in (value.get("payloads") or {}).items()}
            if isinstance(value.get("payloads"), dict)
            else {}
        )
        value = value.get("items") or [
            item for each in value.values() if isinstance(each, list) for item in each
        ]
    for item in value:
        for key in ("data", "input", "payload", "html", "expected", "rexml", "xhtml"):
            each = item.get(key) if isinstance(item, dict) else None
            if isinstance(each, str):
                yield re.sub(
                    r"%([a-z_]+)%", lambda found: payloads.get(found[1], "javascript:alert(1)"), each
                )


_ALLOWED_SOURCE = re.compile(r"cid:", re.IGNORECASE)
_ALLOWED_LINK = re.compile(r"(?:https?:|mailto:|tel:|cid:)", re.IGNORECASE)
_STYLE = re.compile(
    r"url\s*\(|expression|javascript|@import|behavior|-moz-binding|position\s*:", re.IGNORECASE
)
_FORBIDDEN = frozenset(
    [
        "script",
        "style",
        "svg",
        "math",
        "form",
        "input",
        "button",
        "textarea",
        "select",
        "iframe",
        "frame",
        "object",
        "embed",
        "applet",
        "base",
        "meta",
        "link",
        "template",
        "audio",
        "video",
        "source",
        "track",
        "noscript",
        "isindex",
        "keygen",
        "xml",
        "portal",
        "canvas",
        "dialog",
        "plaintext",
        "title",
    ]
)


class _Reader(HTMLParser):
    """Notes everything that could run or load."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Look at one tag."""
        if tag in _FORBIDDEN:
            self.found.append(f"<{tag}>")
        for name, value in attrs:
            self._attribute(tag, name, (value or "").strip())

    def _attribute(self, tag: str, name: str, value: str) -> None:
        if name.startswith("on") or name in (
            "srcset",
            "srcdoc",
            "background",
            "poster",
            "ping",
            "formaction",
            "data",
            "action",
        ):
            self.found.append(f"{tag} {name}")
        elif name in ("src", "lowsrc", "dynsrc") and not _ALLOWED_SOURCE.match(value):
            self.found.append(f"{tag} {name}={value[:60]}")
        elif name == "href" and not _ALLOWED_LINK.match(value):
            self.found.append(f"{tag} href={value[:60]}")
        elif name == "style" and _STYLE.search(value):
            self.found.append(f"{tag} style={value[:60]}")


def dangers(html: str) -> list[str]:
    """What in this HTML could run or load; [] for what is harmless."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return reader.found
