"""What follows from what happens to tickets: first the ledger of whose turn it is, then the promises of time."""

from __future__ import annotations

from django.utils.dateparse import parse_datetime

from zaguan.conversations.events import (
    CallLogged,
    MessageReceived,
    MessageSent,
    MessageWithdrawn,
    NoteAdded,
)
from zaguan.events.base import Event, on
from zaguan.events.recording import moment
from zaguan.people.events import ContactChanged, ContactMerged, ContactSeparated, OrganisationChanged
from zaguan.sla import choosing, choosing_again, clocks, filling, keeping, rerunning
from zaguan.sla.ledger import Standing, whole
from zaguan.sla.sides import side_of
from zaguan.tickets.events import (
    AttributesChanged,
    FieldsChanged,
    StatusChanged,
    TagsChanged,
    TeamChanged,
    TicketAssigned,
    TicketOpened,
    TypeChanged,
)
from zaguan.tickets.models import Phase
from zaguan.tickets.moving_events import (
    MergeUndone,
    MessagesCopied,
    MessagesMoved,
    TicketMergedAway,
    TicketRestored,
    TicketsMerged,
    TicketTrashed,
)

# Imported here so that the worker knows their tasks.
__all__ = ["choosing_again", "filling", "rerunning"]


@on(TicketOpened, same_transaction=True)
def begin_ledger(event: TicketOpened) -> None:
    """The first interval of a ticket: one row."""
    opened_at = parse_datetime(event.opened_at)
    if event.ticket_id is None or opened_at is None:
        return
    standing = Standing(event.status_id, event.phase, event.assignee_id, event.team_id)
    start = whole(opened_at)
    keeping.begin(event.ticket_id, standing.span(start, start if standing.is_over else None))


@on(StatusChanged, same_transaction=True)
def turn_by_status(event: StatusChanged) -> None:
    """Another status ends an interval and begins the next; closing ends the ledger."""
    if event.ticket_id is None or event.statuses[0] == event.statuses[1]:
        return
    old, (_before, phase) = {"status_id": event.statuses[0]}, event.phases
    if phase == Phase.CLOSED:
        keeping.end(event.ticket_id, moment(), old)
    else:
        keeping.turn(event.ticket_id, moment(), old, side=side_of(phase), status_id=event.statuses[1])


@on(TicketAssigned, same_transaction=True)
def turn_by_assignee(event: TicketAssigned) -> None:
    """Time counts for another agent."""
    if event.ticket_id is not None:
        before, after = event.assignees
        keeping.turn(event.ticket_id, moment(), {"assignee_id": before}, assignee_id=after)


@on(TeamChanged, same_transaction=True)
def turn_by_team(event: TeamChanged) -> None:
    """Time counts for another team."""
    if event.ticket_id is not None:
        before, after = event.teams
        keeping.turn(event.ticket_id, moment(), {"team_id": before}, team_id=after)


@on(TicketMergedAway, MergeUndone, TicketTrashed, TicketRestored, same_transaction=True)
def mend_ledger(event: Event) -> None:
    """A ticket that goes out of sight ends, one that comes back goes on; the time between was nobody's."""
    if event.ticket_id is not None and not getattr(event, "outwards", False):
        keeping.mend(event.ticket_id)


# Plain fields of a ticket by which a policy may be chosen, or of which a target's time depends.
_CHOOSING_FIELDS = frozenset({"category", "urgency", "service", "requester", "is_important", "is_shared"})


@on(TicketOpened, same_transaction=True)
def start_clocks(event: TicketOpened) -> None:
    """The first clocks of a ticket, by the first policy that finds it."""
    opened_at = parse_datetime(event.opened_at)
    if event.ticket_id is not None and opened_at is not None and choosing.are_there_any():
        standing = Standing(event.status_id, event.phase, event.assignee_id, event.team_id)
        clocks.begin(event.ticket_id, standing.span(whole(opened_at)))


@on(MessageReceived, same_transaction=True)
def start_waiting(event: MessageReceived) -> None:
    """The customer waits for an answer; the message that opened the ticket is known already."""
    if not event.opened and not event.machine:
        _refresh(event)


@on(MessageSent, CallLogged, MessageWithdrawn, NoteAdded, StatusChanged, same_transaction=True)
def turn_clocks(event: Event) -> None:
    """Answers and statuses end, pause and start clocks; what is taken back was never said."""
    _refresh(event)


@on(TagsChanged, TypeChanged, TeamChanged, AttributesChanged, same_transaction=True)
def choose_policy_again(event: Event) -> None:
    """Another policy may be the first that finds it now, or another calendar count."""
    _refresh(event, rechoose=True)


@on(FieldsChanged, same_transaction=True)
def choose_policy_by_fields(event: FieldsChanged) -> None:
    """The same, for the fields that a policy may ask for."""
    if _CHOOSING_FIELDS.intersection(event.changes):
        _refresh(event, rechoose=True)


@on(ContactChanged, ContactMerged, ContactSeparated, same_transaction=True)
def choose_policies_of_customer(event: Event) -> None:
    """What is known of a customer, or who they are, may lead their open tickets to another policy: later, by a job."""
    assert isinstance(event, ContactChanged | ContactMerged | ContactSeparated)
    others = () if isinstance(event, ContactChanged) else (event.absorbed_id,)
    choosing_again.ask(choosing_again.REQUESTER, event.contact_id, *others)


@on(OrganisationChanged, same_transaction=True)
def choose_policies_of_organisation(event: OrganisationChanged) -> None:
    """The same for what is known of an organisation, and for its domains."""
    choosing_again.ask(choosing_again.ORGANISATION, event.organisation_id)


@on(TicketsMerged, TicketMergedAway, MergeUndone, MessagesMoved, MessagesCopied, same_transaction=True)
def count_moved_messages(event: Event) -> None:
    """What was said in another ticket counts here now, or no longer."""
    _refresh(event, rechoose=True)


@on(TicketTrashed, TicketRestored, same_transaction=True)
def stop_hidden_clocks(event: Event) -> None:
    """Nothing comes due in the trash."""
    _refresh(event, rechoose=True)


def _refresh(event: Event, *, rechoose: bool = False) -> None:
    if event.ticket_id is not None and choosing.are_there_any():
        clocks.refresh(event.ticket_id, rechoose=rechoose)
