"""Whether a machine may write to somebody: never to machines, never to bounced addresses, never often (R04, R05)."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from zaguan.conversations.addressing import Own, key
from zaguan.conversations.models import Delivery, Inbox, Message
from zaguan.conversations.own_addresses import own_addresses
from zaguan.people.identifying import normal_email
from zaguan.people.models import Identity

# To one address from one inbox; needs no header of the other side to stop a loop.
MOST, WITHIN = 3, timedelta(hours=24)
# Marks of receiving that say a machine wrote.
_MACHINE = ("auto_reply", "bulk", "notice", "loop", "spam")
_NOBODY = (
    "mailer-daemon",
    "postmaster",
    "no-reply",
    "noreply",
    "no_reply",
    "donotreply",
    "do-not-reply",
    "bounce",
    "bounces",
)


def may_send_automatically(address: str, inbox: Inbox, *, answers: Message | None = None) -> str:
    """Why no automatic mail may go to `address` now, as a sentence; "" when it may.

    Call it in the transaction that queues the mail: two at once are counted one after the other.
    """
    if answers is not None and is_from_machine(answers):
        return _("The message was written by a machine.")
    if key(address).partition("@")[0].partition("+")[0] in _NOBODY:
        return _("Nobody reads mail at %(address)s.") % {"address": address}
    if address in Own(own_addresses()):
        return _("%(address)s is one of our own addresses.") % {"address": address}
    identity = (
        Identity.objects.select_for_update(of=("self",))
        .filter(kind="email", value=normal_email(address))
        .first()
    )
    if identity is not None and is_muted(identity):
        return _("Mail to %(address)s came back.") % {"address": address}
    if _sent_lately(address, inbox) >= MOST:
        return _("%(address)s already got %(count)d automatic messages today.") % {
            "address": address,
            "count": MOST,
        }
    return ""


def is_muted(identity: Identity) -> bool:
    """Whether the address bounced lately; for all senders alike, until a set time (bug 12)."""
    return identity.muted_until is not None and identity.muted_until > timezone.now()


def is_muted_address(address: str) -> bool:
    """The same by address; unknown ones are not muted."""
    identity = Identity.objects.filter(kind="email", value=normal_email(address)).first()
    return identity is not None and is_muted(identity)


def is_from_machine(message: Message) -> bool:
    """Whether receiving found any mark of a machine on it."""
    return any(message.details.get(mark) for mark in _MACHINE)


def _sent_lately(address: str, inbox: Inbox) -> int:
    since = timezone.now() - WITHIN
    sent = Delivery.objects.filter(address__in={address, address.lower()}, inbox=inbox, attempt=1)
    return sent.filter(message__is_automatic=True, message__created_at__gt=since).count()
