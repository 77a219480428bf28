"""Delivery notices: which mail did not reach whom, and is that for good (R05)."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from itertools import islice

from zaguan.channels.email.addresses import email_of
from zaguan.channels.email.bounce_reasons import is_for_good, reason_of
from zaguan.channels.email.bounce_texts import about_recipient, bounces_in_text
from zaguan.channels.email.charsets import decode
from zaguan.channels.email.headers import Headers, one_message_id
from zaguan.channels.email.limits import Limits
from zaguan.channels.email.mime import Part, Tree, split_mail
from zaguan.channels.email.words import one_line
from zaguan.conversations.incoming import Bounce

_ADDRESS = re.compile(
    r"(?:[a-z0-9-]{1,20}\s*;)?\s*<?\s*([^\s<>;,\"]{1,64}@[^\s<>;,\"()]{1,255})", re.IGNORECASE
)
_STATUS = re.compile(r"\b([245])\.(\d{1,3})\.(\d{1,3})\b")
_REPLY_CODE = re.compile(r"(?<![\d.#-])([45])\d\d(?=[ -]|$)")
_MESSAGE_ID = re.compile(
    r"^\s*>?\s*Message-?ID\s*:\s*<?([^<>\s]{3,500}@[^<>\s]{1,300})>?", re.IGNORECASE | re.MULTILINE
)
# Hotmail's complaints have no report, only this header in the mail they return.
_HOTMAIL = "x-hmxmroriginalrecipient"
_READ = 200_000
_ORIGINALS = frozenset(
    "message/rfc822 message/global message/rfc822-headers text/rfc822-headers text/rfc822-header".split()
)
_GROUPS = re.compile(rb"(?:\r?\n[ \t]*){2,}")


@dataclass(slots=True)
class _Found:
    """The pieces of a notice that matter."""

    status_parts: list[Part] = field(default_factory=list)
    complaint: Headers | None = None
    original: Headers | None = None


def read_bounces(
    headers: Headers, tree: Tree, text: str, limits: Limits, *, notice: bool
) -> tuple[Bounce, ...]:
    """What the mail says about deliveries; () when it is none of a delivery notice or complaint."""
    found = _find(tree, limits)
    about = _about(found.original, text)
    if found.original is not None and _HOTMAIL in found.original:
        found.complaint = found.complaint or Headers(b"Feedback-Type: abuse")
    if found.complaint is not None:
        return (_complaint(found.complaint, found.original, about),)
    bounces = [
        bounce
        for part in found.status_parts
        for bounce in _from_report(part, text, about, limits)
    ]  # fmt: skip
    if not bounces and (notice or found.status_parts or _failed_recipients(headers)):
        bounces = bounces_in_text(text[:_READ], _failed_recipients(headers), found.original, about)
    unique = {(bounce.recipient, bounce.kind, bounce.status): bounce for bounce in reversed(bounces)}
    return tuple(islice(reversed(unique.values()), limits.reports))


def _find(tree: Tree, limits: Limits) -> _Found:
    found = _Found()
    for part in tree.root.walk():
        kind = part.content_type
        if kind in ("message/delivery-status", "message/global-delivery-status"):
            found.status_parts.append(part)
        elif kind == "message/feedback-report":
            found.complaint = Headers(part.content().strip())
        elif kind in _ORIGINALS and found.original is None:
            found.original, _ = split_mail(part.content()[:_READ], limits)
    return found


def _about(original: Headers | None, text: str) -> str:
    """The Message-ID of the mail the notice is about."""
    if original is not None and (stated := one_message_id(original.first("message-id"))):
        return stated
    stated_in_text = _MESSAGE_ID.search(text[:_READ])
    return stated_in_text[1] if stated_in_text else ""


def _failed_recipients(headers: Headers) -> list[str]:
    return [email for each in headers.first("x-failed-recipients").split(",") if (email := email_of(each))]


def _complaint(report: Headers, original: Headers | None, about: str) -> Bounce:
    kind = report.first("feedback-type").lower()
    recipient = report.first("original-rcpt-to", "removal-recipient")
    if not recipient and original is not None:
        recipient = original.first(_HOTMAIL, "x-original-to", "delivered-to", "to")
    found = _ADDRESS.search(recipient)
    return Bounce(
        recipient=email_of(found[1]) if found else "",
        kind="complaint",
        reason=reason_of("", f"complaint {kind}"),
        diagnostic=kind,
        about=about,
    )


def _from_report(part: Part, text: str, about: str, limits: Limits) -> list[Bounce]:
    """One bounce for each recipient of a delivery status (RFC 3464)."""
    bounces: list[Bounce] = []
    for group in _GROUPS.split(part.content()[:_READ].strip())[: limits.reports]:
        fields = Headers(group.replace(b"\x00", b""))
        recipient = _recipient(fields)
        if not recipient and "action" not in fields and "status" not in fields:
            continue
        diagnostic = _diagnostic(fields)
        status = _status(fields, diagnostic, text)
        said = diagnostic or about_recipient(recipient, text) or text[:2_000]
        action = fields.first("action").lower().split(" ")[0]
        kind = _kind(action, status, diagnostic)
        bounces.append(
            Bounce(
                recipient=recipient,
                kind=kind,
                status=status,
                reason=reason_of(status, said) if kind in ("failed", "delayed") else "",
                diagnostic=diagnostic[:2_000],
                about=about,
                permanent=kind == "failed" and is_for_good(status, said),
            )
        )
    return bounces


def _recipient(fields: Headers) -> str:
    for name in ("original-recipient", "final-recipient", "x-actual-recipient", "x-original-recipient"):
        found = _ADDRESS.search(fields.first(name))
        if found:
            return email_of(found[1])
    return ""


def _diagnostic(fields: Headers) -> str:
    value = fields.first("diagnostic-code", "x-supplementary-info", "x-display-name")
    kind, semicolon, said = value.partition(";")
    return one_line(decode((said if semicolon and len(kind) < 25 else value).encode())[0])


def _status(fields: Headers, diagnostic: str, text: str) -> str:
    """The enhanced code; a general one gives way to the exact one the other server said."""
    stated = _STATUS.search(fields.first("status"))
    said = _STATUS.search(diagnostic) or (
        _STATUS.search(about_recipient(_recipient(fields), text)) if _is_general(stated) else None
    )
    if said and (stated is None or said[1] == stated[1]) and not _is_general(said):
        return said[0]
    if stated:
        return stated[0]
    code = _REPLY_CODE.search(diagnostic)
    return f"{code[1]}.0.0" if code else ""


def _is_general(status: re.Match[str] | None) -> bool:
    return status is None or (status[2] == "0" and status[3] == "0")


def _kind(action: str, status: str, diagnostic: str) -> str:
    """By the action, else by the class of the code."""
    if action.startswith("delay"):
        return "delayed"
    if action in ("delivered", "relayed", "expanded"):
        return "delivered"
    if action.startswith("fail"):
        return "failed"
    code = status[:1] or (found[1] if (found := _REPLY_CODE.search(diagnostic)) else "5")
    return {"2": "delivered", "4": "delayed"}.get(code, "failed")
