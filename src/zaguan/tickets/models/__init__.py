"""What is to be done: tickets with their statuses on seven phases, lists, tags, links and saved views."""

from zaguan.tickets.models.activities import Activity, CalendarFeed, ChecklistItem, ChecklistTemplate
from zaguan.tickets.models.approvals import Approval, ApprovalQuerySet, Approver
from zaguan.tickets.models.around import CarbonCopy, Link
from zaguan.tickets.models.lists import (
    DONE_RANK,
    HIDDEN_RANK,
    MERGED_RANK,
    RANKS,
    TRASHED_RANK,
    Category,
    ListQuerySet,
    Phase,
    Service,
    Status,
    Tag,
    Translated,
    Urgency,
)
from zaguan.tickets.models.merging import Merge
from zaguan.tickets.models.parties import Follower, Party, PartyQuerySet, PartyRole
from zaguan.tickets.models.planned import Schedule, Template
from zaguan.tickets.models.products import Product, ProductItem
from zaguan.tickets.models.ticket import (
    ApprovalState,
    SlaState,
    Ticket,
    TicketQuerySet,
    known_where,
    seen_where,
)
from zaguan.tickets.models.time import (
    CustomerRate,
    HourBank,
    TimeActivity,
    TimeEntry,
    TimeEntryQuerySet,
    TimeKind,
    Timer,
    TimeRule,
)
from zaguan.tickets.models.trash import Trashed
from zaguan.tickets.models.types import Attribute, AttributeEntry, AttributeSheet, TicketType
from zaguan.tickets.models.views import Rule, View, ViewQuerySet

__all__ = [
    "DONE_RANK",
    "HIDDEN_RANK",
    "MERGED_RANK",
    "RANKS",
    "TRASHED_RANK",
    "Activity",
    "Approval",
    "ApprovalQuerySet",
    "ApprovalState",
    "Approver",
    "Attribute",
    "AttributeEntry",
    "AttributeSheet",
    "CalendarFeed",
    "CarbonCopy",
    "Category",
    "ChecklistItem",
    "ChecklistTemplate",
    "CustomerRate",
    "Follower",
    "HourBank",
    "Link",
    "ListQuerySet",
    "Merge",
    "Party",
    "PartyQuerySet",
    "PartyRole",
    "Phase",
    "Product",
    "ProductItem",
    "Rule",
    "Schedule",
    "Service",
    "SlaState",
    "Status",
    "Tag",
    "Template",
    "Ticket",
    "TicketQuerySet",
    "TicketType",
    "TimeActivity",
    "TimeEntry",
    "TimeEntryQuerySet",
    "TimeKind",
    "TimeRule",
    "Timer",
    "Translated",
    "Trashed",
    "Urgency",
    "View",
    "ViewQuerySet",
    "known_where",
    "seen_where",
]  # fmt: skip
