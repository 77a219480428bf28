"""Sender, subject, body and attachments, against what other products make of the same mails."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from tests.conformance.stalwart import single_headers, whole_mails
from tests.conformance.tally import Tally, alike, squeezed, text_of_markup
from zaguan.channels.email.parsing import parse
from zaguan.channels.email.tnef import open_tnef

# What Zammad writes when a mail says nothing.
_NOTHING = "no visible content"


def run(data: Path) -> list[Tally]:
    """One tally per source with expected contents."""
    mail = data / "mail"
    return [_zammad(mail / "zammad" / "mail"), whole_mails(mail / "stalwart-mail-parser"), *single_headers(mail / "stalwart-mail-parser"),
            _tnef(mail / "mimekit" / "tnef"), _enmime(mail / "enmime" / "testdata"),
            _helpdesks(mail)]  # fmt: skip


def _zammad(folder: Path) -> Tally:
    tally = Tally("content zammad")
    for path in sorted(folder.glob("*.box")):
        tally.cases += 1
        wanted = json.loads((folder / f"{path.stem}.expected.json").read_text())
        got = parse(path.read_bytes())
        name = path.stem
        tally.check(
            "sender",
            name,
            got.sender.email == (wanted["from_email"] or "").lower(),
            got.sender,
            wanted["from_email"],
        )
        tally.check(
            "sender name",
            name,
            squeezed(got.sender.name) == squeezed(wanted["from_display_name"]),
            got.sender,
            wanted["from_display_name"],
        )
        tally.check(
            "subject",
            name,
            squeezed(got.subject) == squeezed(wanted["subject"]),
            got.subject,
            wanted["subject"],
        )
        body = text_of_markup(wanted["body"]) if wanted["content_type"] == "text/html" else wanted["body"]
        body = "" if body == _NOTHING else body
        mine = text_of_markup(got.html) if got.html else got.text
        held = alike(mine, body) or alike(got.text, body)
        tally.check("body", name, held, mine[:300], body[:300])
        files = [each["filename"] for each in wanted["attachments"] if not _is_alternative(each)]
        tally.check(
            "attachments",
            name,
            sorted(files) == sorted(each.name for each in got.files),
            [each.name for each in got.files],
            files,
        )
    return tally


def _is_alternative(attachment: dict[str, Any]) -> bool:
    preferences = attachment.get("preferences")
    return isinstance(preferences, dict) and "content-alternative" in preferences


def _tnef(folder: Path) -> Tally:
    tally = Tally("content mimekit tnef")
    for path in sorted(folder.glob("*.tnef")):
        tally.cases += 1
        opened = open_tnef(path.read_bytes())
        expected = path.with_suffix(".list")
        names = re.findall(r"\S.*", expected.read_text()) if expected.exists() else []
        bodies = [each for each in names if each.startswith("body")]
        files = [each for each in names if not each.startswith("body") and "Untitled" not in each]
        mine = [each.name for each in opened.files] if opened else []
        tally.check("attachments", path.name, all(each in mine for each in files), mine, names)
        if bodies:
            tally.check(
                "body",
                path.name,
                opened is not None and bool(opened.text or opened.html or "message.rtf" in mine),
                opened and opened.text[:50],
                bodies,
            )
    return tally


def _enmime(folder: Path) -> Tally:
    tally = Tally("content enmime")
    wanted = {
        "mail/attachment.raw": ("text", "attachment"), "mail/attachment-only.raw": ("", "attachment"),
        "mail/mime-mixed.raw": ("text", ""), "mail/quoted-printable.raw": ("text", ""), "mail/ctype-bug.raw": ("text", ""),
        "mail/mime-bad-content-type.raw": ("text", ""), "parts/badboundary.raw": ("text", ""), "parts/multibase64.raw": ("text", ""),
        "parts/chardet-success-iso-8859-1.raw": ("text", ""), "low-quality/missing-content-type.raw": ("text", ""),
        "low-quality/incorrect-charset.raw": ("text", ""), "low-quality/unk-charset-html-only.raw": ("text", ""),
        "mail/mime-duplicate-param.raw": ("text", "attachment"), "low-quality/malformed-base64-attach.raw": ("text", "attachment"),
    }  # fmt: skip
    for name, (text, file) in wanted.items():
        tally.cases += 1
        got = parse((folder / name).read_bytes())
        tally.check("body", name, bool(got.text.strip()) or not text, got.text[:100], text)
        tally.check("attachments", name, bool(got.files) or not file, [each.name for each in got.files], file)
    return tally


def _helpdesks(mail: Path) -> Tally:
    """What the names of these fixtures say."""
    tally = Tally("content chatwoot, freescout")
    chatwoot = {path.stem: parse(path.read_bytes()) for path in sorted((mail / "chatwoot").glob("*.eml"))}
    tally.cases = len(chatwoot)
    for name in ("auto_reply", "auto_reply_with_auto_submitted"):
        tally.check("machine", name, chatwoot[name].machine.auto_reply, chatwoot[name].machine)
    for name in ("support", "reply", "only_text", "support_1", "mail_with_quote"):
        tally.check("machine", name, not chatwoot[name].machine.auto_reply, chatwoot[name].machine)
    for name, got in chatwoot.items():
        tally.check("sender", name, "@" in got.sender.email, got.sender)
        tally.check(
            "body",
            name,
            bool(got.text) or "only_attachments" in name or "without_text" in name,
            got.text[:50],
        )
    tally.check(
        "dates",
        "mail_with_no_date",
        chatwoot["mail_with_no_date"].sent_at is None,
        chatwoot["mail_with_no_date"].sent_at,
    )
    for name in (
        "only_attachments",
        "attachments_without_text",
        "html_and_attachments",
        "email_with_inline_pdf",
    ):
        tally.check("attachments", name, bool(chatwoot[name].files), chatwoot[name].files)
    inline = chatwoot["cid_inline_images_without_disposition"]
    tally.check(
        "inline",
        "cid_inline_images_without_disposition",
        bool(inline.files) and all(each.inline for each in inline.files),
        [(each.name, each.inline) for each in inline.files],
    )
    tally.check(
        "reply text",
        "mail_with_quote",
        len(chatwoot["mail_with_quote"].reply_text) < len(chatwoot["mail_with_quote"].text),
        chatwoot["mail_with_quote"].reply_text,
    )
    tally.check("reply to", "reply_to", bool(chatwoot["reply_to"].reply_to), chatwoot["reply_to"].reply_to)
    return tally
