"""E-mail as a channel."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from zaguan.channels.base import Abilities, Channel, DeliveryError, Line
from zaguan.channels.email.folder import FolderLine
from zaguan.channels.email.provider_hooks import take_hook
from zaguan.channels.email.sending import SmtpLine, server_for
from zaguan.conversations.models import Inbox


class Email(Channel):
    """Mailboxes: read by IMAP, receiver or hook; sent by SMTP or, without a server, to a folder."""

    kind = "email"
    label = _("E-mail")
    abilities = Abilities(copies=True, subject=True)

    def take(self, request: HttpRequest, inbox: Inbox) -> int:
        """What a mail provider hands over: mail, or news of deliveries."""
        return take_hook(request, inbox)

    @contextmanager
    def line(self, inbox: Inbox) -> Iterator[Line]:
        """A connection for as many messages as there are; opened with the first."""
        try:
            found = server_for(inbox)
        except ValueError as problem:
            raise DeliveryError(str(problem), broken=True) from problem
        line = SmtpLine(inbox, *found) if found else FolderLine()
        try:
            yield line
        finally:
            line.close()


CHANNEL = Email()
