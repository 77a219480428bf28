"""Try an account step by step, and say of each step whether it works and what to do if not."""

from __future__ import annotations

import smtplib
import socket
import ssl
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.utils.translation import gettext as _

from zaguan.channels.email.accounts import Server, folders, imap_server, secrets_of, smtp_server
from zaguan.channels.email.connecting import mail_goes_to_folder
from zaguan.channels.email.mailbox import TROUBLE, dial, hang_up, sign_in
from zaguan.channels.email.oauth import OAuthTrouble, access_token
from zaguan.channels.email.troubles import explain
from zaguan.conversations.models import Inbox

_SECONDS = 12.0


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that was tried. `name`: dns, tcp, tls, login, folder, or the same with "smtp-" in front."""

    name: str
    ok: bool
    sentence: str


def test_connection(inbox: Inbox) -> list[Step]:
    """Try receiving and sending of a mail account; the first step that fails ends its half."""
    steps: list[Step] = []
    imap, smtp = imap_server(inbox), smtp_server(inbox)
    if imap is not None:
        _try_imap(inbox, imap, steps)
    if smtp is not None:
        _try_smtp(inbox, smtp, steps)
    if imap is None:
        steps.append(
            Step("imap", True, _("No mailbox is read: mail comes by the receiver, a pipe or a provider."))
        )
    if mail_goes_to_folder(inbox):
        steps.append(
            Step("smtp", False, _("No SMTP server is set: replies are written to a folder and reach nobody."))
        )
    return steps


# pytest would take it for a test.
test_connection.__test__ = False  # type: ignore[attr-defined]


def _try_imap(inbox: Inbox, server: Server, steps: list[Step]) -> None:
    if not _reach(server, steps, ""):
        return
    box: Any = _step(steps, server, "tls", _secured(server), lambda: dial(server, _SECONDS))
    if box is None:
        return
    try:
        signed_in = _("Signed in as %(user)s.") % {"user": server.user}
        if _step(steps, server, "login", signed_in, lambda: _sign_in_imap(inbox, server, box)):
            for folder in folders(inbox):
                opened = _("The folder %(folder)s can be read.") % {"folder": folder}
                _step(steps, server, "folder", opened, partial(box.folder.set, folder, readonly=True))
    finally:
        hang_up(box)


def _sign_in_imap(inbox: Inbox, server: Server, box: Any) -> bool:
    sign_in(box, server, _secret(inbox, server, "imap"))
    return True


def _try_smtp(inbox: Inbox, server: Server, steps: list[Step]) -> None:
    if not _reach(server, steps, "smtp-"):
        return
    link: Any = _step(steps, server, "smtp-tls", _secured(server), lambda: _dial_smtp(server))
    if link is None:
        return
    try:
        if server.auth != "none":
            signed_in = _("The SMTP server accepts %(user)s.") % {"user": server.user}
            _step(steps, server, "smtp-login", signed_in, lambda: _sign_in_smtp(inbox, server, link))
    finally:
        link.close()


def _reach(server: Server, steps: list[Step], prefix: str) -> bool:
    known = _("%(host)s has an address.") % {"host": server.host}
    found = _step(steps, server, f"{prefix}dns", known, lambda: socket.getaddrinfo(server.host, server.port))
    if not found:
        return False
    answers = _("Port %(port)s answers.") % {"port": server.port}
    return bool(_step(steps, server, f"{prefix}tcp", answers, lambda: _knock(server)))


def _knock(server: Server) -> bool:
    with socket.create_connection((server.host, server.port), timeout=_SECONDS):
        return True


def _secured(server: Server) -> str:
    if server.security == "none":
        return _("The server greets us. The connection is not encrypted.")
    return _("The connection is encrypted, and the certificate is good.")


def _step(steps: list[Step], server: Server, name: str, success: str, work: Callable[[], Any]) -> Any:
    """Do one thing; its result when it worked, None when it did not."""
    try:
        result = work()
    except (*TROUBLE, smtplib.SMTPException, OAuthTrouble, ValueError) as error:
        steps.append(Step(name, False, explain(error, server)))
        return None
    steps.append(Step(name, True, success))
    return result


def _secret(inbox: Inbox, server: Server, side: str) -> str:
    if server.uses_oauth:
        return access_token(inbox)
    return str(secrets_of(inbox).get(f"{side}_password") or "")


def _dial_smtp(server: Server) -> smtplib.SMTP:
    context = ssl.create_default_context()
    if server.security == "tls":
        return smtplib.SMTP_SSL(server.host, server.port, timeout=_SECONDS, context=context)
    link = smtplib.SMTP(server.host, server.port, timeout=_SECONDS)
    try:
        if server.security == "starttls":
            link.starttls(context=context)
        link.ehlo_or_helo_if_needed()
    except BaseException:
        link.close()
        raise
    return link


def _sign_in_smtp(inbox: Inbox, server: Server, link: smtplib.SMTP) -> bool:
    secret = _secret(inbox, server, "smtp")
    link.ehlo_or_helo_if_needed()
    if server.uses_oauth:
        proof = f"user={server.user}\1auth=Bearer {secret}\1\1"
        link.auth("XOAUTH2", lambda challenge=None: "" if challenge else proof, initial_response_ok=True)
    elif secret:
        link.login(server.user, secret)
    return True
