"""SMTP, step by step: what left, what did not, and where nobody can know (R03, bug 5, E9)."""

from __future__ import annotations

import contextlib
import re
import smtplib
from dataclasses import replace

from django.utils.translation import gettext as _

from zaguan.channels.base import DeliveryError, GivenUp, Outcome, Parcel
from zaguan.channels.email.accounts import Server
from zaguan.channels.email.composing import compose
from zaguan.channels.email.connecting import ANSWER_SECONDS, connect, mail_goes_to_folder, server_for
from zaguan.channels.email.oauth import OAuthTrouble
from zaguan.channels.email.writing import needs_utf8, wire_address
from zaguan.conversations.models import Delivery, Inbox

# A server may scan the whole mail before it answers.
TAKEN_SECONDS = 180
__all__ = ["SmtpLine", "mail_goes_to_folder", "server_for"]
_ENHANCED = re.compile(r"\b([245]\.\d{1,3}\.\d{1,3})\b")
_DOT = re.compile(rb"(?m)^\.")
_PASSING = (smtplib.SMTPServerDisconnected, OSError)


class SmtpLine:
    """One connection to one server, kept for several messages and opened again when it breaks."""

    def __init__(self, inbox: Inbox, server: Server, password: str) -> None:
        self.inbox = inbox
        self.server = server
        self.password = password
        self._smtp: smtplib.SMTP | None = None

    def send(self, parcel: Parcel) -> None:
        """One transaction for all addresses of the message; each gets its own outcome (partial refusals)."""
        smtp = self._open()
        raw = compose(parcel.message, utf8=smtp.has_extn("smtputf8"))
        try:
            self._envelope(smtp, parcel, raw)
        except _PASSING as problem:
            self.close()
            raise DeliveryError(_("The connection broke: %(problem)s") % {"problem": problem}) from problem
        taken = [address for address in parcel.addresses if address not in parcel.outcomes]
        if not taken:
            self._reset(smtp)
            return
        try:
            parcel.leaving(taken)
        except GivenUp:
            self._reset(smtp)
            raise
        outcome = self._data(smtp, raw)
        parcel.outcomes.update(dict.fromkeys(taken, outcome))

    def _envelope(self, smtp: smtplib.SMTP, parcel: Parcel, raw: bytes) -> None:
        """MAIL and RCPT: nothing can be delivered yet."""
        limit = smtp.esmtp_features.get("size", "")
        if limit.isdigit() and 0 < int(limit) < len(raw):
            raise DeliveryError(
                _("The message is larger than the mail server takes."), permanent=True, code="552"
            )
        options = ["size=" + str(len(raw))] if smtp.has_extn("size") else []
        wide = smtp.has_extn("smtputf8")
        if wide and any(needs_utf8(address) for address in parcel.addresses):
            options.append("smtputf8")
        code, said = smtp.mail(wire_address(self.inbox.address), options)
        if code != 250:
            self._refused(smtp, code, said)
        for address in parcel.addresses:
            if needs_utf8(address) and not wide:
                parcel.outcomes[address] = _refusal(
                    553, "5.6.7 " + _("The mail server takes no address with such letters.")
                )
                continue
            code, said = smtp.rcpt(wire_address(address))
            if code == 421:
                self._refused(smtp, code, said)
            if code not in (250, 251, 252):
                parcel.outcomes[address] = _refusal(code, said)

    def _refused(self, smtp: smtplib.SMTP, code: int, said: bytes) -> None:
        """The message as a whole was refused before any of it was sent."""
        if code == 421:
            self.close()
        else:
            self._reset(smtp)
        told = _refusal(code, said)
        raise DeliveryError(told.answer, code=told.code, permanent=told.state == Delivery.State.FAILED)

    def _data(self, smtp: smtplib.SMTP, raw: bytes) -> Outcome:
        """The message itself. Until the last line has left, nothing is delivered; after that only an answer tells."""
        try:
            code, said = smtp.docmd("DATA")
            if code != 354:
                self._reset(smtp)
                return _refusal(code, said)
            smtp.send(_DOT.sub(b"..", raw.rstrip(b"\r\n")) + b"\r\n")
        except _PASSING as problem:
            self.close()
            return Outcome(
                state=Delivery.State.QUEUED,
                answer=_("The connection broke: %(problem)s") % {"problem": problem},
            )
        try:
            assert smtp.sock is not None
            smtp.sock.settimeout(TAKEN_SECONDS)
            smtp.send(b".\r\n")
            code, said = smtp.getreply()
            smtp.sock.settimeout(ANSWER_SECONDS)
        except _PASSING as problem:
            self.close()
            return Outcome(
                state=Delivery.State.UNKNOWN,
                answer=_("The server did not say whether it took it: %(problem)s") % {"problem": problem},
            )
        if 400 <= code < 600:
            return _refusal(code, said)
        told = Outcome.sent(code=_code(code, said), answer=_text(said))
        # An answer that makes no sense tells nothing: it may have taken the message.
        return told if 200 <= code < 300 else replace(told, state=Delivery.State.UNKNOWN)

    def _open(self) -> smtplib.SMTP:
        """The open connection, or a new one; DeliveryError(broken) says that nothing can leave through this inbox now."""
        if self._smtp is not None:
            if self._still_there(self._smtp):
                return self._smtp
            self.close()
        try:
            self._smtp = connect(self.inbox, self.server, self.password)
        except smtplib.SMTPResponseException as problem:
            said = _text(problem.smtp_error)
            raise DeliveryError(
                _("The mail server refused us: %(answer)s") % {"answer": said},
                code=str(problem.smtp_code),
                broken=True,
            ) from problem
        except (smtplib.SMTPException, OSError, ValueError, OAuthTrouble) as problem:
            raise DeliveryError(
                _("The mail server cannot be reached: %(problem)s") % {"problem": problem}, broken=True
            ) from problem
        return self._smtp

    @staticmethod
    def _still_there(smtp: smtplib.SMTP) -> bool:
        """A server may have hung up between two messages."""
        try:
            return smtp.noop()[0] == 250
        except (smtplib.SMTPException, OSError):
            return False

    def _reset(self, smtp: smtplib.SMTP) -> None:
        try:
            smtp.rset()
        except (smtplib.SMTPException, OSError):
            self.close()

    def close(self) -> None:
        """Hang up; the server's opinion no longer matters."""
        smtp, self._smtp = self._smtp, None
        if smtp is not None:
            with contextlib.suppress(smtplib.SMTPException, OSError):
                if smtp.sock is not None:
                    smtp.sock.settimeout(2)
                smtp.quit()
            smtp.close()


def _refusal(code: int, said: bytes | str) -> Outcome:
    """5xx will not change by trying again; 4xx and nonsense may."""
    state = Delivery.State.FAILED if 500 <= code < 600 else Delivery.State.QUEUED
    return replace(Outcome.sent(code=_code(code, said), answer=_text(said)), state=state)


def _code(code: int, said: bytes | str) -> str:
    """The enhanced status when there is one; it says more."""
    found = _ENHANCED.search(_text(said))
    return found[1] if found else str(code)


def _text(said: bytes | str) -> str:
    text = said.decode("utf-8", "replace") if isinstance(said, bytes) else said
    return " ".join(text.split())[:500]
