"""What is kept back: loops, spam, blocked senders. Held mail opens nothing and wakes nobody; an agent may release it (R11)."""

from __future__ import annotations

import re
from collections.abc import Iterable

from django.utils.translation import gettext as _

from zaguan.conversations.incoming import Address, Incoming
from zaguan.conversations.models import Inbox
from zaguan.people.models import Identity


def reason_to_hold(incoming: Incoming, inbox: Inbox, sender: Address, identity: Identity | None) -> str:
    """Why the message is kept back, as a sentence; "" when it may come in."""
    if incoming.machine.loop:
        return _("It carries the mark of our own automatic mail: somebody answers us in a loop.")
    if identity is not None and identity.contact.blocked_at is not None:
        return _("The sender %(address)s is blocked.") % {"address": sender.email}
    if listed(sender.email, inbox.settings.get("deny") or ()):
        return _("The sender %(address)s is on the list of unwanted senders.") % {"address": sender.email}
    if incoming.machine.spam and not listed(sender.email, inbox.settings.get("allow") or ()):
        return _("The spam filter marked it.")
    return ""


def listed(email: str, entries: Iterable[str]) -> bool:
    """Whether an address is on a list of addresses, domains ("@example.org") and patterns ("/^bulk-/")."""
    return bool(email) and any(_matches(email, str(entry).strip().lower()) for entry in entries)


def _matches(email: str, entry: str) -> bool:
    if len(entry) > 2 and entry[0] == entry[-1] == "/":
        try:
            return re.search(entry[1:-1], email[:254]) is not None
        except re.error:
            return False
    if entry.startswith("@") or "@" not in entry:
        domain = entry.lstrip("@")
        return bool(domain) and (email.endswith((f"@{domain}", f".{domain}")))
    return email == entry
