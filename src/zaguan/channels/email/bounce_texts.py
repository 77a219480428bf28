"""Delivery notices that follow no standard: read from their words (qmail, Exim, Exchange, Postfix …)."""

from __future__ import annotations

import re

from zaguan.channels.email.addresses import email_of
from zaguan.channels.email.bounce_reasons import is_for_good, reason_of
from zaguan.channels.email.headers import Headers
from zaguan.channels.email.words import one_line
from zaguan.conversations.incoming import Bounce

_EMAIL = r"[^\s<>@\[\]\"'(),;:=]{1,64}@[A-Za-z0-9.-]{1,200}[A-Za-z0-9]"
_ADDRESS = re.compile(_EMAIL)
_FOLLOWING = re.compile(r"(?:following|these)\b[^\n]{0,80}(?:recipient|address)[^\n]{0,80}", re.IGNORECASE)
_NEXT = re.compile(rf"\n[ \t]*(?:\d{{3}} )?['\"<]?({_EMAIL})")
# A line that names a recipient that failed, tried in this order.
_RECIPIENT_LINES = (
    re.compile(rf"^\s*(?:\d{{3}} )?<({_EMAIL})>\s*(?:[:.,]|$|\()", re.MULTILINE),
    re.compile(
        rf"^\s*(?:original |final |failed |intended )?(?:recipient|to|rcpt to|address|user)s?(?: address)?\s*[:=]\s*<?\s*({_EMAIL})",
        re.MULTILINE | re.IGNORECASE,
    ),
    re.compile(rf"^\s{{0,8}}['\"<(]?({_EMAIL})['\">)]?\s*(?:[:,;]|\.{{2,}}|\(|on \d|$)", re.MULTILINE),
    re.compile(
        rf"(?:recipients?|address(?:es)?|to|user|mailbox|destinatario|empf[aä]nger|destinataire)\W{{1,6}}({_EMAIL})",
        re.IGNORECASE,
    ),
)
_ORIGINAL_BEGINS = re.compile(
    r"^[\s>*-]{0,6}(?:-{2,}.{0,80}(?:copy|original|returned|unsent|message|header|nachricht|mensaje|mensagem).{0,60}-{2,}|"
    r"(?:received|return-path|message-id|x-mailer|mime-version|delivered-to)\s*:|"
    r".{0,40}(?:original message|headers? (?:of|follow|below)|enclosed|is below|copy of (?:your|the|my)|"
    r"returned (?:message|mail)|mensaje original|mensagem original|urspr[uü]ngliche nachricht).{0,60}[:.]?\s*-*)\s*$",
    re.IGNORECASE | re.MULTILINE,
)
_STATUS = re.compile(r"(?<![\d.])#?([245]\.\d{1,3}\.\d{1,3})(?![\d.])")
_CODE = re.compile(r"(?<![\d.:/@#-])([45])[0-7]\d(?=[ -]#?[A-Za-z<#\d])")
_DELAYED = re.compile(
    r"delay(?:ed)?\b|still (?:being )?(?:try|queue|retr)|will (?:be )?(?:keep|continue|try|retr)|warning message only|not yet been delivered|"
    r"has not (?:yet )?been (?:delivered|received)|do not need to resend|no (?:need|action) .{0,20}re-?send|could not be delivered for .{0,30}hours?|"
    r"wird weiter|se seguir[aá] intentando|retrasad[oa]|atrasad[oa]|verz[oö]gert",
    re.IGNORECASE,
)
_GIVEN_UP = re.compile(
    r"permanent|giving up|given up|failed|could not be delivered to|undeliverable|unzustellbar|final|rejected|no longer be",
    re.IGNORECASE,
)
_DEFINITE_DELAY = re.compile(
    r"warning message only|do not need to resend|this is (?:only )?a warning|delivery (?:is |has been |was )?delayed|not yet",
    re.IGNORECASE,
)


def bounces_in_text(text: str, stated: list[str], original: Headers | None, about: str) -> list[Bounce]:
    """The bounces that a notice tells in words; the address of a server or of the sender is not taken for one."""
    cut = _ORIGINAL_BEGINS.search(text, 40)
    told = text[: cut.start()] if cut and _ADDRESS.search(text, 0, cut.start()) else text[:6_000]
    recipients = stated or _recipients(told)
    if not recipients and original is not None:
        recipients = [
            email_of(found[0])
            for found in _ADDRESS.finditer(original.first("x-original-to", "delivered-to", "to"))
        ]
    if not recipients:
        named = [email_of(found[0]) for found in _ADDRESS.finditer(told)]
        recipients = [email for email in named if "postmaster" not in email][:1] or named[:1]
    if not recipients:
        return []
    return [_bounce(recipient, told, about) for recipient in dict.fromkeys(recipients[:50]) if recipient]


def _recipients(told: str) -> list[str]:
    """The recipients that failed: below "the following addresses …" if there is such a line, else anywhere."""
    following = _FOLLOWING.search(told)
    for part in ([told[following.end() :]] if following else []) + [told]:
        for pattern in _RECIPIENT_LINES:
            found = [email_of(match[1]) for match in pattern.finditer(part)]
            found = [
                email for email in found if email and not email.startswith(("postmaster@", "mailer-daemon@"))
            ]
            if found:
                return found
    return []


def _bounce(recipient: str, told: str, about: str) -> Bounce:
    said = _said(recipient, told)
    status = _status(said) or _status(told)
    delayed = bool(_DEFINITE_DELAY.search(told)) or (
        bool(_DELAYED.search(told)) and not _GIVEN_UP.search(told) and not status.startswith("5")
    )
    kind = "delayed" if delayed else "failed"
    if delayed and status.startswith("5"):
        status = ""
    return Bounce(
        recipient=recipient,
        kind=kind,
        status=status,
        reason=reason_of(status, said if len(said) > 20 else told),
        diagnostic=one_line(said)[:2_000],
        about=about,
        permanent=kind == "failed" and (is_for_good(status, said) or (not status and is_for_good("", told))),
    )


def about_recipient(recipient: str, told: str) -> str:
    """The words about this recipient: from where it is named up to the next recipient; "" when it is not."""
    start = told.lower().find(recipient) if recipient else -1
    if start < 0:
        return ""
    end = start + 1_500
    for following in _NEXT.finditer(told, start, end):
        if email_of(following[1]) != recipient:
            end = following.start()
            break
    return told[start:end].partition("\n\n\n")[0]


def _said(recipient: str, told: str) -> str:
    said = about_recipient(recipient, told)
    return said if len(said) > len(recipient) + 15 else told[:2_000]


def _status(text: str) -> str:
    exact = [found[1] for found in _STATUS.finditer(text)]
    best = next(
        (code for code in exact if code[0] in "45" and not code.endswith(".0.0")), exact[0] if exact else ""
    )
    if best and best[0] in "45":
        return best
    code = _CODE.search(text)
    return f"{code[1]}.0.0" if code else ""
