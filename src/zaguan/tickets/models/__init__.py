"""What is to be done: tickets with their statuses on seven phases, lists, tags, links and saved views."""

from zaguan.tickets.models.activities import Activity, CalendarFeed, ChecklistItem, ChecklistTemplate
from zaguan.tickets.models.around import CarbonCopy, Link
from zaguan.tickets.models.lists import (
    DONE_RANK,
    RANKS,
    Category,
    ListQuerySet,
    Phase,
    Service,
    Status,
    Tag,
    Translated,
    Urgency,
)
from zaguan.tickets.models.parties import Follower, Party, PartyQuerySet, PartyRole
from zaguan.tickets.models.products import Product, ProductItem
from zaguan.tickets.models.ticket import Ticket, TicketQuerySet
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
from zaguan.tickets.models.types import Attribute, AttributeEntry, AttributeSheet, TicketType
from zaguan.tickets.models.views import Rule, View, ViewQuerySet

__all__ = [
    "Activity", "CalendarFeed", "ChecklistItem", "ChecklistTemplate", "CustomerRate", "HourBank", "Product", "ProductItem",
    "TimeActivity", "TimeEntry", "TimeEntryQuerySet", "TimeKind", "TimeRule", "Timer",
    "DONE_RANK", "RANKS", "Attribute", "AttributeEntry", "AttributeSheet", "CarbonCopy", "Category",
    "Follower", "Link",
    "ListQuerySet", "Party", "PartyQuerySet", "PartyRole", "Phase", "Rule", "Service", "Status", "Tag", "Ticket", "TicketQuerySet", "TicketType",
    "Translated", "Urgency", "View", "ViewQuerySet",
]  # fmt: skip
