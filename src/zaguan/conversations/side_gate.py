"""Who may be asked outside, and the last gate for what leaves to them (A9)."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext as _

from zaguan.conversations import outgoing_checks as checks
from zaguan.conversations.addressing import Own, Person, key, people_of, unique
from zaguan.conversations.models import SIDE, Message, SideThread
from zaguan.conversations.own_addresses import own_addresses
from zaguan.lib.errors import Refused
from zaguan.people.identifying import normal_email
from zaguan.people.models import Identity
from zaguan.tickets.categories import ANSWERED
from zaguan.tickets.models import Ticket

MOST_PEOPLE = 20


def refuse_asking(ticket: Ticket) -> None:
    """Trackers, the back office and internal tickets hold internal words only: nothing of them leaves."""
    if ticket.is_internal or (ticket.type_id is not None and ticket.kind not in ANSWERED):
        raise Refused(_("Nothing leaves from an internal ticket, a tracker or the back office."))


def checked_people(ticket: Ticket, people: Sequence[Person]) -> list[Person]:
    """Those who may be asked: neither the customer nor one of our own addresses. Raises Refused."""
    found = unique(checks.valid(people, "to"))
    own = Own(own_addresses())
    for address, _name in found:
        values = {"address": address}
        if address in own:
            raise Refused(_("%(address)s is an address of this desk.") % values, field="to")
        if belongs_to_customer(ticket, address):
            raise Refused(
                _("%(address)s is the customer’s. Answer them in the conversation instead.") % values,
                field="to",
            )
        if any(key(copy) == key(address) for copy in ticket.copies.values_list("email", flat=True)):
            raise Refused(
                _("%(address)s is in copy of the customer’s conversation. Write to them there.") % values,
                field="to",
            )
    if not found:
        raise Refused(_("Choose who gets this message."), field="to")
    if len(found) > MOST_PEOPLE:
        raise Refused(_("Ask at most %(count)d people at a time.") % {"count": MOST_PEOPLE}, field="to")
    return found


def belongs_to_customer(ticket: Ticket, address: str) -> bool:
    """Whether it is one of the requester's addresses."""
    theirs = Identity.objects.filter(contact=ticket.requester_id, kind="email")
    return ticket.requester_id is not None and theirs.filter(value=normal_email(address)).exists()


def may_leave_beside(message: Message) -> bool:
    """The last gate for a message of a side thread: only to those who were asked, never to the customer."""
    side = SideThread.objects.filter(thread=message.thread_id, thread__channel=SIDE).first()
    internal = message.visibility == Message.Visibility.INTERNAL
    if side is None or message.channel != SIDE or not internal or message.cc or message.details.get("bcc"):
        return False
    asked = {key(address) for address, _name in people_of(side.people)}
    going = {address for address, _name in people_of(message.to)}
    going |= set(message.deliveries.values_list("address", flat=True))
    ticket = message.ticket
    return all(key(a) in asked and not belongs_to_customer(ticket, a) for a in going)
