"""What the index hears of: it is true at the same commit as the message itself."""

from __future__ import annotations

from zaguan.conversations.events import (
    CallLogged,
    MessageReceived,
    MessageSent,
    MessageWithdrawn,
    NoteAdded,
    SideMessageReceived,
    SideMessageSent,
)
from zaguan.events.base import Event, on
from zaguan.people.events import (
    ContactChanged,
    ContactCreated,
    ContactMerged,
    ContactSeparated,
    OrganisationChanged,
)
from zaguan.search import indexing, naming
from zaguan.tickets.events import (
    AttributesChanged,
    CopiesChanged,
    FieldsChanged,
    TagsChanged,
    TicketOpened,
    TypeChanged,
)
from zaguan.tickets.models import Ticket
from zaguan.tickets.moving_events import (
    MergeUndone,
    MessagesCopied,
    MessagesMoved,
    TicketPurged,
    TicketRestored,
    TicketsMerged,
    TicketTrashed,
)
from zaguan.tickets.work_events import ProductItemSaved, ProductItemsChanged

# Heads that are written anew when somebody's name changes.
MOST_HEADS = 500
# Of a ticket's plain fields these hold words to be found.
INDEXED = frozenset({"subject", "summary", "requester"})


@on(TicketOpened, same_transaction=True)
def index_new_ticket(event: TicketOpened) -> None:
    assert event.ticket_id is not None
    indexing.index_ticket(event.ticket_id, is_new=True)


@on(FieldsChanged, TagsChanged, CopiesChanged, AttributesChanged, TypeChanged, same_transaction=True)
def index_changed_ticket(event: Event) -> None:
    assert event.ticket_id is not None
    if not isinstance(event, FieldsChanged) or INDEXED.intersection(event.changes):
        indexing.index_ticket(event.ticket_id)


@on(MessageReceived, same_transaction=True)
def index_received(event: MessageReceived) -> None:
    indexing.index_message(event.message_id, whole=event.opened)


@on(MessageSent, NoteAdded, CallLogged, SideMessageSent, SideMessageReceived, same_transaction=True)
def index_written(event: Event) -> None:
    assert isinstance(event, MessageSent | NoteAdded | CallLogged | SideMessageSent | SideMessageReceived)
    indexing.index_message(event.message_id)


@on(MessageWithdrawn, same_transaction=True)
def forget_withdrawn(event: MessageWithdrawn) -> None:
    assert event.ticket_id is not None
    indexing.forget_message(event.ticket_id, event.message_id)


@on(TicketsMerged, same_transaction=True)
def index_merged(event: TicketsMerged) -> None:
    """Messages are found in the survivor, which is found by the numbers and subjects of what it took in."""
    assert event.ticket_id is not None
    for number in event.merged:
        indexing.follow_messages(number, event.ticket_id)
    indexing.index_ticket(event.ticket_id)


@on(MessagesMoved, MergeUndone, same_transaction=True)
def index_parted(event: Event) -> None:
    """Of each of the two: what is in the other one now is found there."""
    assert isinstance(event, MessagesMoved | MergeUndone)
    assert event.ticket_id is not None
    indexing.follow_messages(event.ticket_id, event.other_id)
    indexing.index_ticket(event.ticket_id)


@on(TicketTrashed, TicketPurged, same_transaction=True)
def forget_deleted(event: Event) -> None:
    assert event.ticket_id is not None
    indexing.forget_ticket(event.ticket_id)


@on(TicketRestored, same_transaction=True)
def index_restored(event: TicketRestored) -> None:
    assert event.ticket_id is not None
    indexing.index_again(event.ticket_id)


@on(MessagesCopied, same_transaction=True)
def index_copied(event: MessagesCopied) -> None:
    assert event.ticket_id is not None
    indexing.index_again(event.ticket_id)


@on(ContactCreated, same_transaction=True)
def index_new_contact(event: ContactCreated) -> None:
    naming.index_contact(event.contact_id, is_new=True)


@on(ContactChanged)
def index_changed_contact(event: ContactChanged) -> None:
    _index_anew(event.contact_id)


@on(ContactMerged, ContactSeparated)
def index_merged_contacts(event: Event) -> None:
    assert isinstance(event, ContactMerged | ContactSeparated)
    _index_anew(event.contact_id)
    _index_anew(event.absorbed_id)


def _index_anew(contact_id: int) -> None:
    naming.index_contact(contact_id)
    tickets = Ticket.objects.filter(requester_id=contact_id).order_by("-active_at")
    for number in tickets.values_list("pk", flat=True)[:MOST_HEADS]:
        indexing.index_ticket(number)


@on(ProductItemsChanged)
def index_products_of_ticket(event: ProductItemsChanged) -> None:
    assert event.ticket_id is not None
    indexing.index_ticket(event.ticket_id)


@on(ProductItemSaved)
def index_owners_of_product(event: ProductItemSaved) -> None:
    for number in event.contacts:
        naming.index_contact(number)
    for number in event.organisations:
        naming.index_organisation(number)
    for number in event.tickets:
        indexing.index_ticket(number)


@on(OrganisationChanged, same_transaction=True)
def index_changed_organisation(event: OrganisationChanged) -> None:
    naming.index_organisation(event.organisation_id)
