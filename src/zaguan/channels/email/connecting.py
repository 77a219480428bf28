"""The way to a mail server: which one, encrypted as demanded, signed in."""

from __future__ import annotations

import ipaddress
import smtplib
import socket
import ssl
from urllib.parse import parse_qs, unquote, urlsplit

from django.conf import settings
from django.utils.translation import gettext as _

from zaguan.channels.email.accounts import SMTP_PORTS, Server, imap_server, secrets_of, smtp_server
from zaguan.channels.email.oauth import access_token
from zaguan.conversations.models import Inbox

CONNECT_SECONDS = 20
ANSWER_SECONDS = 60


def server_for(inbox: Inbox) -> tuple[Server, str] | None:
    """The server that takes this inbox's mail and the password for it: its own, else the installation's MAIL_URL."""
    own = smtp_server(inbox)
    if own is not None:
        return own, _password(inbox, own)
    return server_from(settings.MAIL_URL) if settings.MAIL_URL else None


def _password(inbox: Inbox, server: Server) -> str:
    """The one for sending; that of the mailbox only at the mailbox's own provider (imap. and smtp.example.org)."""
    kept, imap = secrets_of(inbox), imap_server(inbox)
    if kept.get("smtp_password") or imap is None:
        return str(kept.get("smtp_password") or "")
    same = imap.host.lower().split(".")[-2:] == server.host.lower().split(".")[-2:]
    return str(kept.get("imap_password") or "") if same else ""


def mail_goes_to_folder(inbox: Inbox) -> bool:
    """Whether nothing is set up that would take this inbox's mail, so that it is only written to a folder."""
    return smtp_server(inbox) is None and not settings.MAIL_URL


def server_from(url: str) -> tuple[Server, str]:
    """`smtp://user:password@host:587` (STARTTLS where offered), `smtps://…` (TLS); `?security=none` switches it off."""
    parts = urlsplit(url)
    if parts.scheme not in ("smtp", "smtps") or not parts.hostname:
        raise ValueError("MAIL_URL looks like smtp://user:password@host:587 or smtps://user:password@host.")
    security = parse_qs(parts.query).get("security", ["tls" if parts.scheme == "smtps" else "offered"])[0]
    server = Server(
        host=parts.hostname,
        port=parts.port or SMTP_PORTS.get(security, 587),
        security=security,
        user=unquote(parts.username or ""),
        auth="password" if parts.username else "none",
    )
    return server, unquote(parts.password or "")


def connect(inbox: Inbox, server: Server, password: str) -> smtplib.SMTP:
    """An open connection on which mail may be sent; raises what smtplib, ssl, sockets and OAuth raise."""
    smtp = _dial(server, inbox)
    try:
        secure = server.security == "tls" or _upgrade(smtp, server)
        smtp.ehlo_or_helo_if_needed()
        if server.uses_oauth:
            _sign_in_with_token(smtp, inbox, server)
        elif server.auth != "none" and password:
            _refuse_open(server, secure=secure)
            smtp.login(server.user, password)
    except BaseException:
        smtp.close()
        raise
    return smtp


def _refuse_open(server: Server, *, secure: bool) -> None:
    """Where nobody has chosen to do without encryption, the password needs it."""
    if not secure and server.security == "offered" and not _is_local(server.host):
        raise ValueError(_("it offers no encryption, and the password is not sent in the open"))


def _sign_in_with_token(smtp: smtplib.SMTP, inbox: Inbox, server: Server) -> None:
    """A token may have been revoked before its time: then once more with a new one."""
    try:
        _offer(smtp, server, access_token(inbox))
    except smtplib.SMTPAuthenticationError:
        _offer(smtp, server, access_token(inbox, renew=True))


def _offer(smtp: smtplib.SMTP, server: Server, token: str) -> None:
    proof = f"user={server.user}\1auth=Bearer {token}\1\1"
    smtp.auth("XOAUTH2", lambda challenge=None: "" if challenge else proof, initial_response_ok=True)


def _dial(server: Server, inbox: Inbox) -> smtplib.SMTP:
    name = urlsplit(settings.BASE_URL).hostname or inbox.address.rpartition("@")[2]
    if server.security == "tls":
        context = ssl.create_default_context()
        smtp: smtplib.SMTP = smtplib.SMTP_SSL(
            server.host, server.port, local_hostname=name, timeout=CONNECT_SECONDS, context=context
        )
    else:
        smtp = smtplib.SMTP(server.host, server.port, local_hostname=name, timeout=CONNECT_SECONDS)
    if smtp.sock is not None:
        smtp.sock.settimeout(ANSWER_SECONDS)
        smtp.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return smtp


def _upgrade(smtp: smtplib.SMTP, server: Server) -> bool:
    """STARTTLS where it is demanded, or offered; says whether the line is encrypted now."""
    if server.security == "none":
        return False
    smtp.ehlo_or_helo_if_needed()
    if server.security == "offered" and not smtp.has_extn("starttls"):
        return False
    smtp.starttls(context=ssl.create_default_context())
    return True


def _is_local(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
