"""What is wrong with a mail server, in a sentence that says what to do."""

from __future__ import annotations

import smtplib
import socket
import ssl
from imaplib import IMAP4

from django.utils.translation import gettext as _
from imap_tools.errors import MailboxFolderSelectError, MailboxFolderStatusError, MailboxLoginError

from zaguan.channels.email.accounts import Server
from zaguan.channels.email.oauth import OAuthTrouble


def explain(error: BaseException, server: Server | None) -> str:
    """One or two sentences for the person who set the account up."""
    place = {"host": server.host, "port": server.port, "user": server.user} if server else {}
    if isinstance(error, OAuthTrouble):
        return str(error)
    if isinstance(error, socket.gaierror):
        return _("The server %(host)s is not known. Check the spelling of its name.") % place
    if isinstance(error, ssl.SSLCertVerificationError):
        return _("The certificate of %(host)s cannot be trusted: %(why)s.") % {
            **place,
            "why": error.verify_message,
        }
    if isinstance(error, ssl.SSLError):
        return _("%(host)s does not speak TLS on port %(port)s. Choose another security or port.") % place
    if isinstance(error, ConnectionRefusedError):
        return _("Nothing answers on port %(port)s of %(host)s. Check the port.") % place
    if isinstance(error, TimeoutError):
        return _("%(host)s does not answer on port %(port)s. A firewall may be in between.") % place
    return _about_words(error, place)


def _about_words(error: BaseException, place: dict[str, object]) -> str:
    said = " ".join(str(error).split())[:300]
    if (
        isinstance(error, (MailboxLoginError, smtplib.SMTPAuthenticationError))
        or "AUTHENTICATIONFAILED" in said
    ):
        return (
            _("The server refuses user %(user)s: wrong password, or it wants an app password or OAuth2.")
            % place
        )
    if isinstance(error, (MailboxFolderSelectError, MailboxFolderStatusError)):
        return _("The server has no such folder: %(said)s") % {"said": said}
    if isinstance(error, IMAP4.abort | EOFError | ConnectionError):
        return _("The connection to %(host)s broke off: %(said)s") % {
            **place,
            "said": said or type(error).__name__,
        }
    if place:
        return _("%(host)s answers: %(said)s") % {**place, "said": said or type(error).__name__}
    return said or type(error).__name__
