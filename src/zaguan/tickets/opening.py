"""Open a ticket and number it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from zaguan.events.base import actor_of
from zaguan.events.recording import record
from zaguan.lib.errors import Refused
from zaguan.lib.new_rows import new as new_row
from zaguan.lib.statements import insert
from zaguan.people.models import Agent, Contact, Team
from zaguan.tickets.assigning import check_member
from zaguan.tickets.attributes import begin, values_for
from zaguan.tickets.categories import Category as Kind
from zaguan.tickets.categories import refuse_opening
from zaguan.tickets.events import TicketOpened
from zaguan.tickets.linking import link
from zaguan.tickets.models import (
    RANKS,
    CarbonCopy,
    Category,
    Link,
    Phase,
    Service,
    Status,
    Tag,
    Ticket,
    TicketType,
    Urgency,
)
from zaguan.tickets.statuses import default_status


@dataclass(kw_only=True)
class NewTicket:
    """What is known when a ticket opens."""

    subject: str
    requester: Contact | None = None
    channel: str = "api"
    inbox_id: int | None = None
    account: str = ""
    team: Team | None = None
    assignee: Agent | None = None
    status: Status | None = None
    category: Category | None = None
    urgency: Urgency | None = None
    service: Service | None = None
    # None opens a conversation; attributes are by key.
    type: TicketType | None = None
    attributes: dict[str, Any] = field(default_factory=dict)
    # The conversation for which a back-office ticket is opened.
    back_office_for: Ticket | None = None
    is_internal: bool = False
    is_important: bool = False
    tags: list[Tag] = field(default_factory=list)
    copies: list[tuple[str, str]] = field(default_factory=list)
    opened_at: datetime | None = None
    # What the type needs may be missing: nobody is there to be asked.
    is_incomplete: bool = False


@transaction.atomic
def open_ticket(new: NewTicket, *, by: Any) -> Ticket:
    """Open a ticket.

    Raises Refused when a customer's ticket has no requester, or work would start without a team; NotAccepted for
    what its type needs and does not get.
    """
    refuse_opening(new.type, is_internal=new.is_internal, is_asked_for=new.back_office_for is not None)
    new.is_internal = new.is_internal or (new.type is not None and new.type.category == Kind.TRACKER)
    if not new.is_internal and new.requester is None:
        raise Refused(_("Choose who asks: a ticket for a customer needs a requester."), field="requester")
    status = new.status or default_status(Phase.NEW)
    if new.team is None and status.phase != Phase.NEW:
        raise Refused(_("Choose a team before work on this ticket starts."), field="team")
    if new.assignee is not None and actor_of(by).kind == "agent":
        check_member(new.team.pk if new.team else None, new.assignee)
    subject, values = values_for(new.type, new.attributes, new.subject, by=by, complete=not new.is_incomplete)
    new.subject = subject
    ticket = _insert(new, status, new.opened_at or timezone.now())
    begin(ticket, values, by=by)
    if new.tags:
        ticket.tags.set(new.tags)
    CarbonCopy.objects.bulk_create(
        [CarbonCopy(ticket=ticket, email=email, name=name) for email, name in dict(new.copies).items()]
    )
    record(_opened(ticket), by=by)
    if new.back_office_for is not None:
        link(new.back_office_for, ticket, Link.Kind.BACK_OFFICE, by=by)
    return ticket


def _insert(new: NewTicket, status: Status, now: datetime) -> Ticket:
    ticket = new_row(
        Ticket,
        subject=new.subject.strip()[:300],
        is_internal=new.is_internal,
        channel=new.channel,
        inbox_id=new.inbox_id,
        account=new.account,
        requester=new.requester,
        organisation_id=new.requester.organisation_id if new.requester else None,
        team=new.team,
        assignee=new.assignee,
        status=status,
        phase=status.phase,
        rank=RANKS[Phase(status.phase)],
        category=new.category,
        urgency=new.urgency,
        urgency_rank=new.urgency.rank if new.urgency else 0,
        service=new.service,
        type=new.type,
        is_important=new.is_important,
        created_at=now,
        updated_at=now,
        active_at=now,
        waiting_since=now if status.phase in (Phase.NEW, Phase.OPEN) else None,
    )
    return insert(ticket)


def _opened(ticket: Ticket) -> TicketOpened:
    return TicketOpened(
        ticket_id=ticket.pk,
        subject=ticket.subject,
        channel=ticket.channel,
        requester_id=ticket.requester_id,
        team_id=ticket.team_id,
        assignee_id=ticket.assignee_id,
        status_id=ticket.status_id,
        type_id=ticket.type_id,
        is_internal=ticket.is_internal,
        phase=ticket.phase,
        opened_at=ticket.created_at.isoformat(),
    )
