"""What the person wrote, without quotes and signatures, against the expectations of seven libraries."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from tests.conformance.tally import Tally, squeezed, text_of_markup
from zaguan.channels.email.parsing import parse
from zaguan.lib.html import clean
from zaguan.lib.quotes import split

_DRIVEN = (
    "github-email_reply_parser",
    "zapier-email-reply-parser",
    "willdurand-EmailReplyParser",
    "crisp-email-reply-parser",
)
_EQUAL = ("reply_equals", "visible_text_equals", "first_fragment_equals", "first_fragment_stripped_equals")


def run(data: Path) -> list[Tally]:
    """One tally per library."""
    tallies = [_driven(data / "mail" / name) for name in _DRIVEN]
    return [
        *tallies,
        _discourse(data / "mail" / "discourse-email_reply_trimmer"),
        *_talon(data / "mail" / "talon"),
        _zammad(data / "mail" / "zammad"),
    ]


def _driven(folder: Path) -> Tally:
    tally = Tally(f"reply {folder.name}")
    expected = json.loads((folder / "reply-expected.json").read_text())["files"]
    for name, wanted in expected.items():
        tally.cases += 1
        text = (folder / name).read_bytes().decode("utf-8", "replace")
        _judge(tally, name, text, wanted)
    return tally


def _judge(tally: Tally, name: str, text: str, wanted: dict[str, Any]) -> None:
    found = split(text)
    reply = found.reply_text
    held = [squeezed(reply) == squeezed(wanted[key]) for key in _EQUAL if key in wanted]
    for key, must in (
        ("reply_contains", True),
        ("first_fragment_contains", True),
        ("reply_not_contains", False),
        ("first_fragment_not_contains", False),
    ):
        held += [(squeezed(each) in squeezed(reply)) is must for each in wanted.get(key, ())]
    for number, pattern in wanted.get("fragment_matches", ()):
        hidden = wanted.get("hidden") or [number > 0] * 20
        if number == 0:
            held.append(re.search(pattern, reply) is not None)
        elif hidden[number] and number == len(hidden) - 1:
            held.append(re.match(pattern, reply) is None)
    if wanted.get("fragments") == 1:
        held.append(not found.has_folded)
    if "hidden" in wanted:
        held.append(found.has_folded is any(wanted["hidden"]))
    if held:
        tally.check("reply text", name, all(held), reply[-200:], wanted)


def _discourse(folder: Path) -> Tally:
    tally = Tally("reply discourse")
    for path in sorted((folder / "emails").glob("*.txt")):
        tally.cases += 1
        wanted = (folder / "trimmed" / path.name).read_text()
        reply = split(path.read_text()).reply_text
        tally.check("reply text", path.name, squeezed(reply) == squeezed(wanted), reply[-200:], wanted[-200:])
    return tally


def _talon(folder: Path) -> list[Tally]:
    tally = Tally("reply talon")
    for path in sorted((folder / "standard_replies").glob("*.eml")):
        tally.cases += 1
        wanted = folder / "standard_replies" / f"{path.stem}_reply_text"
        reply = parse(path.read_bytes()).reply_text
        text = wanted.read_text() if wanted.exists() else "Hello"
        held = squeezed(reply) == squeezed(text) or (path.stem == "sparrow" and squeezed(reply) == "Hello")
        tally.check("reply text", path.name, held, reply, text)
    for path in [*sorted((folder / "html_replies").glob("*.html")), *sorted(folder.glob("*.html"))]:
        tally.cases += 1
        cleaned = clean(path.read_text(errors="replace"))
        seen = squeezed(text_of_markup(re.sub(r"<details.*?</details>", " ", cleaned.html, flags=re.DOTALL)))
        tally.check(
            "html folded", path.name, cleaned.folded and len(seen) < 120 and len(seen) > 1, seen[:200]
        )
    for path in sorted((folder / "signature" / "emails" / "stripped").glob("*_body")):
        tally.cases += 1
        signature = (path.parent / path.name.replace("_body", "_signature")).read_text(errors="replace")
        reply = split(path.read_text(errors="replace")).reply_text
        tally.check(
            "signature", path.name, squeezed(signature) not in squeezed(reply), reply[-200:], signature
        )
    return [tally]


def _zammad(folder: Path) -> Tally:
    tally = Tally("reply zammad signatures")
    for path in sorted((folder / "email_signature_detection").iterdir()):
        tally.cases += 1
        text = path.read_text(errors="replace")
        reply = clean(text).text if path.suffix == ".html" else split(text).reply_text
        tally.check("not empty", path.name, bool(reply.strip()), reply[:100])
    return tally
