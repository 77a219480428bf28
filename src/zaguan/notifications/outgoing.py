"""The installation's own way out for mail to agents: the first inbox that has a mail server."""

from __future__ import annotations

import smtplib
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from zaguan.channels.email.connecting import connect, mail_goes_to_folder, server_for
from zaguan.channels.email.folder import write_whole
from zaguan.channels.email.oauth import OAuthTrouble
from zaguan.conversations.models import Inbox


class Trouble(Exception):  # noqa: N818 (read by people)
    """The mail did not leave; it may later."""


def account() -> Inbox | None:
    """The inbox in use that mail to agents leaves through; one with a server of its own comes first."""
    usable = list(Inbox.objects.filter(kind="email", is_active=True).exclude(address="").order_by("pk"))
    return next((inbox for inbox in usable if not mail_goes_to_folder(inbox)), usable[0] if usable else None)


def hand_over(inbox: Inbox, mail: EmailMessage, *, name: str) -> None:
    """Give it to the server, or write it to the outbox folder when there is none; Trouble when it could not leave."""
    try:
        found = server_for(inbox)
    except ValueError as problem:
        raise Trouble(str(problem)) from problem
    if found is None:
        stamp = f"{timezone.now():%Y%m%d-%H%M%S}"
        write_whole(Path(settings.OUTBOX_FOLDER) / f"{stamp}-{name}.eml", mail.as_bytes(policy=SMTP))
        return
    try:
        with connect(inbox, *found) as smtp:
            smtp.send_message(mail, from_addr=inbox.address)
    except (smtplib.SMTPException, OSError, ValueError, OAuthTrouble) as problem:
        raise Trouble(str(problem)) from problem
