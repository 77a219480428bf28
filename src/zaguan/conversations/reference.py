"""Inboxes as every page names them: read once, kept for two seconds in each process."""

from __future__ import annotations

from zaguan.conversations.models import Inbox
from zaguan.people.reference import Kept

inboxes: Kept[Inbox] = Kept(lambda: Inbox.objects.order_by("name", "id"))


def own_mail_addresses() -> list[str]:
    """Every address of every mail inbox: none of them is a customer."""
    mail = (inbox for inbox in inboxes.all().values() if inbox.kind == "email")
    return [each for inbox in mail for each in (inbox.address, *inbox.aliases) if each]
