"""Everything that the page of one ticket shows, gathered through the viewer's gate."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _

from zaguan.conversations.reading import find_ticket
from zaguan.conversations.surroundings import Attached, Person, attached_to, requester_of
from zaguan.desk.access import AgentRequest
from zaguan.desk.due import clock_of
from zaguan.desk.rows import CHANNEL_ICONS
from zaguan.desk.ticket import options
from zaguan.desk.ticket import thread as threads
from zaguan.desk.ticket.tab_register import TICKET, Tab, tab_named
from zaguan.people.models import Agent
from zaguan.tickets import reference
from zaguan.tickets.candidates import service_path
from zaguan.tickets.categories import ANSWERED
from zaguan.tickets.models import Phase, Status, Ticket, TicketType
from zaguan.tickets.transitions import blocked_for
from zaguan.ui.rows import Clock


@dataclass
class Sheet:
    """One ticket before one viewer; what costs a question is asked when the template first needs it."""

    ticket: Ticket
    viewer: Agent
    seen_at: datetime | None
    shown: Tab | None = None
    choices: Any = field(default=options, repr=False)
    compose: Any = None

    @property
    def tab(self) -> str:
        """The key of the tab that is shown."""
        return self.shown.key if self.shown else TICKET

    @property
    def is_wide(self) -> bool:
        """Whether the tab takes the place of the conversation."""
        return self.shown is not None and self.shown.wide

    @property
    def number(self) -> int:
        return self.ticket.pk

    @property
    def url(self) -> str:
        return f"/desk/tickets/{self.ticket.pk}/"

    @cached_property
    def attached(self) -> Attached:
        return attached_to(self.ticket, self.viewer)

    @cached_property
    def requester(self) -> Person | None:
        return requester_of(self.ticket)

    @property
    def requester_name(self) -> str:
        return self.requester.name if self.requester else ""

    @cached_property
    def thread(self) -> threads.Thread:
        return threads.latest(self.ticket, self.viewer, self.requester_name, self.seen_at)

    @cached_property
    def status(self) -> Status:
        found = reference.statuses.get(self.ticket.status_id)
        assert found is not None, "a status in use cannot be deleted"
        return found

    @property
    def assignee(self) -> Agent | None:
        return reference.agents.get(self.ticket.assignee_id)

    @property
    def team_name(self) -> str:
        team = reference.teams.get(self.ticket.team_id)
        return team.name if team else ""

    @property
    def urgency_label(self) -> str:
        urgency = reference.urgencies.get(self.ticket.urgency_id)
        return urgency.label if urgency else ""

    @property
    def category_label(self) -> str:
        category = reference.categories.get(self.ticket.category_id)
        return category.label if category else ""

    @property
    def service_label(self) -> str:
        return service_path(self.ticket.service_id)

    @property
    def clock(self) -> Clock | None:
        """How the nearest promise of time stands."""
        ticket = self.ticket
        return clock_of(ticket.sla_state, ticket.due_at, ticket.due_kind, met=True)

    @property
    def type(self) -> TicketType | None:
        return reference.types.get(self.ticket.type_id)

    @property
    def channel_icon(self) -> str:
        return CHANNEL_ICONS.get(self.ticket.channel, "message-square")

    @property
    def is_closed(self) -> bool:
        return self.ticket.phase == Phase.CLOSED

    @cached_property
    def can(self) -> dict[str, bool]:
        """What the viewer may do here, by short name."""
        may, open_ = self.viewer.can, not self.is_closed
        return {
            "edit": open_ and may("tickets.edit"),
            "assign": open_ and may("tickets.assign"),
            "set_status": open_ and may("tickets.set_status"),
            "reply": open_ and self.is_answered and may("conversations.reply"),
            "note": open_ and may("conversations.note"),
            "create": may("tickets.create"),
            "people": may("people.view"),
            "edit_people": may("people.edit"),
            "merge": may("tickets.merge"),
            "log_time": open_ and may("tickets.log_time"),
        }

    @cached_property
    def blocked(self) -> dict[int, str]:
        """The statuses that the viewer may not choose now, each with the reason; mostly none."""
        return blocked_for(self.ticket, self.viewer, reference.statuses.all().values())

    @property
    def is_answered(self) -> bool:
        """Customers get answers in conversations and in tickets of their own, never from the back office or trackers."""
        return not self.ticket.is_internal and self.ticket.kind in ANSWERED

    @property
    def local_time(self) -> str:
        """What the clock says where the customer is."""
        zone = self.requester.time_zone if self.requester else ""
        try:
            return timezone.localtime(timezone=ZoneInfo(zone)).strftime("%H:%M")
        except (KeyError, ValueError):
            return ""

    @property
    def default_resolved(self) -> Status | None:
        """What the key E sets."""
        done = [
            s for s in options.statuses_in_use() if s.phase == Phase.RESOLVED and s.pk not in self.blocked
        ]
        return next((s for s in done if s.is_default), done[0] if done else None)


def sheet_for(request: AgentRequest, number: int) -> Sheet:
    """The sheet of a ticket that the viewer may know of; 404 otherwise."""
    found = find_ticket(request.user, number)
    if found is None:
        raise Http404(_("There is no ticket %(number)s.") % {"number": number})
    return Sheet(found[0], request.user, found[1], tab_named(request.GET.get("tab", TICKET), request.user))


def ticket_for(request: AgentRequest, number: int) -> Ticket:
    """The ticket alone, for what changes it."""
    return sheet_for(request, number).ticket
