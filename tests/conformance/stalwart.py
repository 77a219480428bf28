"""Parsed mails and single headers as Stalwart's parser reads them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.conformance.tally import Tally, alike, squeezed, text_of_markup
from zaguan.channels.email.addresses import parse_addresses
from zaguan.channels.email.headers import message_ids, moment, parameters
from zaguan.channels.email.parsing import parse
from zaguan.channels.email.words import decode_words
from zaguan.conversations.incoming import Incoming


def whole_mails(folder: Path) -> Tally:
    tally = Tally("content stalwart")
    for path in sorted(folder.rglob("*.eml")):
        expected = path.with_suffix(".json")
        if not expected.exists():
            continue
        tally.cases += 1
        wanted = json.loads(expected.read_text())
        got = parse(path.read_bytes())
        name = f"{path.parent.name}/{path.stem}"
        headers = {
            each["name"]: each["value"]
            for each in wanted["parts"][0]["headers"]
            if isinstance(each["name"], str)
        }
        sender = next(_addresses(headers.get("from", {})), None)
        if sender:
            tally.check(
                "sender", name, got.sender.email == (sender["address"] or "").lower(), got.sender, sender
            )
        if isinstance(headers.get("subject"), dict) and "Text" in headers["subject"]:
            tally.check(
                "subject",
                name,
                squeezed(got.subject) == squeezed(headers["subject"]["Text"]),
                got.subject,
                headers["subject"],
            )
        if isinstance(headers.get("message_id"), dict) and "Text" in headers["message_id"]:
            tally.check(
                "message id",
                name,
                got.external_id == headers["message_id"]["Text"],
                got.external_id,
                headers["message_id"],
            )
        _stalwart_body(tally, name, got, wanted)
    return tally


def _stalwart_body(tally: Tally, name: str, got: Incoming, wanted: dict[str, Any]) -> None:
    bodies = [_body(wanted["parts"][number]) for number in (wanted["text_body"] or wanted["html_body"])]
    text = " ".join(body for body in bodies if body is not None)
    mine = got.text
    tally.check(
        "body",
        name,
        alike(mine, text, 0.95) or alike(text_of_markup(got.html), text, 0.95),
        mine[:200],
        text[:200],
    )
    held = len(got.files) >= len(wanted["attachments"])
    tally.check("attachments", name, held, [each.name for each in got.files], wanted["attachments"])


def _body(part: dict[str, Any]) -> str | None:
    body = part["body"]
    if "Text" in body:
        return str(body["Text"])
    return text_of_markup(body["Html"]) if "Html" in body else None


def _addresses(value: object) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict):
        if "address" in value:
            yield value
        for each in value.values():
            yield from _addresses(each)
    elif isinstance(value, list):
        for each in value:
            yield from _addresses(each)


def single_headers(folder: Path) -> list[Tally]:
    tally = Tally("headers stalwart")
    for kind in ("address", "id", "content_type", "unstructured", "date"):
        for case in json.loads((folder / f"{kind}.json").read_text()):
            tally.cases += 1
            _header(tally, kind, str(case["header"]), case["expected"])
    return [tally]


def _header(tally: Tally, kind: str, header: str, wanted: Any) -> None:
    value = re.sub(r"\r?\n[ \t]*", " ", header).strip()
    if kind == "address":
        got = [each.email for each in parse_addresses(value)]
        emails = [
            re.sub(r"\s", "", each["address"]).lower() for each in _addresses(wanted) if each["address"]
        ]
        tally.check("addresses", header, got == emails, got, emails)
    elif kind == "id":
        ids = [wanted] if isinstance(wanted, str) else wanted or []
        tally.check("message ids", header, list(message_ids(value)) == ids, message_ids(value), ids)
    elif kind == "unstructured":
        tally.check(
            "texts",
            header,
            squeezed(decode_words(value)) == squeezed(wanted or ""),
            decode_words(value),
            wanted,
        )
    elif kind == "content_type" and wanted:
        full = "/".join(each for each in (wanted["c_type"], wanted["c_subtype"]) if each)
        tally.check("types", header, parameters(value)[0].replace(" ", "") == full, parameters(value), full)
    elif kind == "date" and wanted and wanted["year"] >= 1980:
        got_moment = moment(value)
        tally.check(
            "dates",
            header,
            got_moment is not None and abs(got_moment.year - wanted["year"]) <= 1,
            got_moment,
            wanted,
        )
