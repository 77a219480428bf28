"""The rules of the three categories of tickets (A13): enforced here, whichever page or endpoint is used."""

from __future__ import annotations

from django.utils.translation import gettext as _

from zaguan.lib.errors import Refused
from zaguan.tickets.models import Link, Ticket, TicketType

Category = TicketType.Category
CONVERSATION = "conversation"
# What customers see and get answers in.
ANSWERED = (CONVERSATION, Category.CUSTOMER)


def conversation_of(ticket: Ticket) -> int | None:
    """The number of the conversation for which a back-office ticket is worked on."""
    links = Link.objects.filter(target=ticket, kind=Link.Kind.BACK_OFFICE)
    return links.values_list("source_id", flat=True).first()


def refuse_answer(ticket: Ticket) -> None:
    """Nothing goes to a customer from a tracker or a back-office ticket (A13.7, A13.11); Refused says what does."""
    if ticket.type_id is None or ticket.kind in ANSWERED:
        return
    if ticket.kind == Category.TRACKER:
        raise Refused(
            _("A tracker takes internal notes only. To tell the customers, inform everybody affected.")
        )
    raise Refused(
        _("Nothing is sent to the customer from a back-office ticket. Answer into its conversation instead.")
    )


def refuse_words(ticket: Ticket) -> None:
    """What a customer says belongs into a conversation, never into a tracker or a back-office ticket."""
    if ticket.type_id is not None and ticket.kind not in ANSWERED:
        raise Refused(_("What a customer says belongs into a conversation, not into this ticket."))


def refuse_opening(type_: TicketType | None, *, is_internal: bool, is_asked_for: bool = False) -> None:
    """Raise Refused for a ticket that may not begin in this way (A13.2, A13.9); `is_asked_for`: by a conversation."""
    if type_ is None:
        return
    if type_.category == Category.BACK_OFFICE and not is_asked_for:
        raise Refused(
            _("A back-office ticket belongs to a conversation. Open the conversation and ask from there."),
            field="type",
        )
    if type_.category == Category.CUSTOMER and is_internal:
        raise Refused(_("A customer ticket is always shared, so it cannot be internal."), field="type")


def refuse_category(ticket: Ticket, category: str | None) -> None:
    """Raise Refused when a ticket cannot turn into one of this category; None takes its type away."""
    if ticket.kind == (category or CONVERSATION):
        return
    _refuse_leaving(ticket)
    if category == Category.BACK_OFFICE and conversation_of(ticket) is None:
        raise Refused(
            _("A back-office ticket belongs to a conversation. Open the conversation and ask from there."),
            field="type",
        )
    if category == Category.TRACKER and (not ticket.is_internal or ticket.message_count):
        raise Refused(
            _("A conversation with a customer cannot be a tracker. Link it to a tracker instead."),
            field="type",
        )
    if category == Category.CUSTOMER and (ticket.is_internal or ticket.requester_id is None):
        raise Refused(_("A customer ticket is always shared, so it cannot be internal."), field="type")


def _refuse_leaving(ticket: Ticket) -> None:
    """What others rely on stays what it is."""
    if ticket.kind == Category.BACK_OFFICE:
        raise Refused(_("A back-office ticket stays one: a conversation waits for it."), field="type")
    tracked = Link.objects.filter(source=ticket, kind=Link.Kind.TRACKED)
    if ticket.kind == Category.TRACKER and tracked.exists():
        raise Refused(_("A tracker stays one as long as conversations are linked to it."), field="type")


def refuse_link(source: Ticket, target: Ticket, kind: str) -> None:
    """Trackers stand above conversations and customer tickets; back-office tickets below them (A13.5, A13.10)."""
    if kind == Link.Kind.TRACKED:
        if source.kind != Category.TRACKER:
            raise Refused(_("Only a tracker has affected conversations."), field="number")
        if target.kind not in ANSWERED or target.is_internal:
            raise Refused(_("Only conversations with a customer can be affected."), field="number")
    if kind == Link.Kind.BACK_OFFICE:
        if source.kind not in ANSWERED:
            raise Refused(
                _("A back-office ticket belongs to a conversation with a customer."), field="number"
            )
        if target.kind != Category.BACK_OFFICE:
            raise Refused(_("Choose a ticket of the back office."), field="number")


def refuse_unlink(link: Link) -> None:
    """A back-office ticket cannot exist without its conversation (A13.9)."""
    if link.kind == Link.Kind.BACK_OFFICE and link.target.kind == Category.BACK_OFFICE:
        raise Refused(_("A back-office ticket cannot exist without its conversation."))
