"""The ticket: one request, from first word to closing."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from zaguan.lib.secrets import random_id
from zaguan.people.models import Agent, Contact, Organisation, Role, Team
from zaguan.tickets.models.lists import DONE_RANK, HIDDEN_RANK, Category, Phase, Service, Status, Tag, Urgency
from zaguan.tickets.models.types import TicketType


def known_where(viewer: Agent, prefix: str = "") -> Q:
    """TicketQuerySet.visible_to as a condition, for tables that point at tickets (`prefix`: "ticket__").

    A join is quick from either side; SQLite would write down all numbers of a subquery.
    """
    if not viewer.can("desk.use"):
        return Q(pk__in=[])
    return Q(**{f"{prefix}rank__lt": HIDDEN_RANK}) & seen_where(viewer, prefix)


def seen_where(viewer: Agent, prefix: str = "") -> Q:
    """The viewer's part of it: all tickets, those of their teams, or those assigned to them."""
    if viewer.scope == Role.Scope.ALL:
        return Q()
    own = Q(**{f"{prefix}assignee": viewer})
    if viewer.scope == Role.Scope.OWN:
        return own
    return Q(**{f"{prefix}team__in": viewer.team_ids()}) | Q(**{f"{prefix}team": None}) | own


class TicketQuerySet(models.QuerySet["Ticket"]):
    def visible_to(self, viewer: Agent) -> TicketQuerySet:
        """The tickets that an agent may know of: all, those of their teams, or those assigned to them.

        Tickets without a team wait for anybody who sees more than their own. Merged and trashed ones are known to nobody.
        """
        return self.filter(known_where(viewer)) if viewer.can("desk.use") else self.none()


class SlaState(models.TextChoices):
    """How what was promised stands at a glance; a ticket without promises has none of them."""

    ON_TRACK = "ontrack", _("On track")
    AT_RISK = "risk", _("At risk")
    BREACHED = "breached", _("Breached")
    PAUSED = "paused", _("Paused")
    MET = "met", _("Met")


class ApprovalState(models.TextChoices):
    """How the approvals that were asked for on a ticket stand; most tickets have none."""

    WAITING = "waiting", _("Waiting for approval")
    APPROVED = "approved", _("Approved")
    REJECTED = "rejected", _("Rejected")


class Ticket(models.Model):
    """One request, from first word to closing. Its number is its id; outside links use `public_id`."""

    public_id = models.CharField(max_length=16, unique=True, default=random_id)
    subject = models.CharField(max_length=300, blank=True)
    # An internal ticket never reaches a customer by any way (A2.2).
    is_internal = models.BooleanField(default=False)
    # Where it came in: "email", "phone", "web", "api" … and the inbox's id and name (A1.8); plain values,
    # since inboxes stand above tickets.
    channel = models.CharField(max_length=20, default="email")
    inbox_id = models.BigIntegerField(null=True)
    account = models.CharField(max_length=120, blank=True)

    requester = models.ForeignKey(Contact, null=True, on_delete=models.PROTECT, related_name="tickets")
    organisation = models.ForeignKey(
        Organisation, null=True, on_delete=models.SET_NULL, related_name="tickets", db_index=False
    )
    team = models.ForeignKey(
        Team, null=True, on_delete=models.PROTECT, related_name="tickets", db_index=False
    )
    assignee = models.ForeignKey(
        Agent, null=True, on_delete=models.SET_NULL, related_name="tickets", db_index=False
    )
    status = models.ForeignKey(Status, on_delete=models.PROTECT, related_name="tickets", db_index=False)
    status_reason = models.CharField(max_length=200, blank=True)
    # Copies of the status's phase and its rank, for the list's indexes.
    phase = models.CharField(max_length=10, choices=Phase.choices, default=Phase.NEW)
    rank = models.SmallIntegerField(default=0)
    category = models.ForeignKey(Category, null=True, on_delete=models.PROTECT, db_index=False)
    urgency = models.ForeignKey(Urgency, null=True, on_delete=models.PROTECT, db_index=False)
    urgency_rank = models.SmallIntegerField(default=0)
    service = models.ForeignKey(Service, null=True, on_delete=models.PROTECT, db_index=False)
    is_important = models.BooleanField(default=False)
    # None is a plain conversation (A13.1).
    type = models.ForeignKey(
        TicketType, null=True, on_delete=models.PROTECT, related_name="tickets", db_index=False
    )
    tags: models.ManyToManyField[Tag, Any] = models.ManyToManyField(Tag, related_name="tickets", blank=True)
    summary = models.TextField(blank=True)
    # What the customer was told: solved by then (A2.7). Kept or broken is known once it is solved.
    promised_at = models.DateTimeField(null=True)
    promised_by = models.ForeignKey(
        Agent, null=True, on_delete=models.SET_NULL, related_name="+", db_index=False
    )
    is_promise_public = models.BooleanField(default=False)
    promise_kept = models.BooleanField(null=True)

    # Grows with each change; writers name the one they read (R13).
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    # Last message or note; the list's order.
    active_at = models.DateTimeField()
    # Since when the customer waits for us; None when it is not our turn.
    waiting_since = models.DateTimeField(null=True)
    last_customer_at = models.DateTimeField(null=True)
    first_answered_at = models.DateTimeField(null=True)
    snoozed_until = models.DateTimeField(null=True)
    resolved_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    # When a resolved ticket closes by itself (A5.8).
    closes_at = models.DateTimeField(null=True)
    merged_into = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="merged")
    # The nearest deadline of what was promised, of which target it is, and how it stands; kept by the app sla.
    # None in all three: nothing was promised. Empty texts would touch millions of rows when the column is added.
    due_at = models.DateTimeField(null=True)
    due_kind = models.CharField(max_length=10, null=True)
    sla_state = models.CharField(max_length=8, null=True, choices=SlaState.choices)
    # Kept by approvals.py, so that nobody has to ask whether there are any.
    approval_state = models.CharField(max_length=8, null=True, choices=ApprovalState.choices)

    # What the list shows of the last message: its beginning, and "in", "out" or "note".
    excerpt = models.CharField(max_length=160, blank=True)
    excerpt_kind = models.CharField(max_length=4, blank=True)
    # The agent who wrote it; a plain number, since lists only compare it with the viewer.
    excerpt_agent_id = models.BigIntegerField(null=True)
    message_count = models.PositiveIntegerField(default=0)
    note_count = models.PositiveIntegerField(default=0)
    has_files = models.BooleanField(default=False)

    objects = TicketQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["rank", "-active_at", "-id"], name="tickets_all"),
            models.Index(fields=["team", "rank", "-active_at", "-id"], name="tickets_of_team"),
            models.Index(fields=["assignee", "rank", "-active_at", "-id"], name="tickets_of_agent"),
            models.Index(
                fields=["team", "rank", "-active_at", "-id"],
                name="tickets_unassigned",
                condition=Q(assignee=None),
            ),
            models.Index(
                fields=["rank", "-active_at", "-id"], name="tickets_all_free", condition=Q(assignee=None)
            ),
            models.Index(fields=["requester", "-active_at", "-id"], name="tickets_of_contact"),
            models.Index(fields=["organisation", "-active_at", "-id"], name="tickets_of_organisation"),
            models.Index(fields=["status", "-active_at", "-id"], name="tickets_of_status"),
            models.Index(
                fields=["snoozed_until"], name="tickets_snoozed", condition=Q(snoozed_until__isnull=False)
            ),
            models.Index(fields=["closes_at"], name="tickets_closing", condition=Q(closes_at__isnull=False)),
            models.Index(
                fields=["rank", "-active_at", "-id"], name="tickets_important", condition=Q(is_important=True)
            ),
            models.Index(
                fields=["team", "rank", "-active_at", "-id"],
                name="tickets_important_of_team",
                condition=Q(is_important=True),
            ),
            models.Index(
                fields=["type", "rank", "-active_at", "-id"],
                name="tickets_of_type",
                condition=Q(type__isnull=False),
            ),
            models.Index(
                fields=["promised_at", "id"], name="tickets_promised", condition=Q(promised_at__isnull=False)
            ),
            models.Index(
                fields=["team", "promised_at", "id"],
                name="tickets_promised_of_team",
                condition=Q(promised_at__isnull=False),
            ),
            models.Index(fields=["-created_at", "-id"], name="tickets_created"),
            models.Index(fields=["assignee", "team"], name="tickets_of_agent_in_team"),
            models.Index(fields=["team", "-created_at", "-id"], name="tickets_created_of_team"),
            models.Index(
                fields=["waiting_since", "id"],
                name="tickets_waiting",
                condition=Q(waiting_since__isnull=False),
            ),
            models.Index(
                fields=["team", "waiting_since", "id"],
                name="tickets_waiting_of_team",
                condition=Q(waiting_since__isnull=False),
            ),
            models.Index(fields=["due_at", "id"], name="tickets_due", condition=Q(due_at__isnull=False)),
            models.Index(
                fields=["team", "due_at", "id"],
                name="tickets_due_of_team",
                condition=Q(due_at__isnull=False),
            ),
            models.Index(
                fields=["assignee", "due_at", "id"],
                name="tickets_due_of_agent",
                condition=Q(due_at__isnull=False),
            ),
            models.Index(
                fields=["approval_state", "-active_at", "-id"],
                name="tickets_to_approve",
                condition=Q(approval_state__isnull=False),
            ),
            # Of what is unfinished only, which stays few while the closed ones grow.
            models.Index(
                fields=["-urgency_rank", "-active_at", "-id"],
                name="tickets_urgent",
                condition=Q(rank__lt=DONE_RANK),
            ),
            models.Index(
                fields=["team", "-urgency_rank", "-active_at", "-id"],
                name="tickets_urgent_of_team",
                condition=Q(rank__lt=DONE_RANK),
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.pk} {self.subject}"

    @property
    def number(self) -> int:
        """The reference number that agents and customers quote (A2.16)."""
        return self.pk

    @property
    def kind(self) -> str:
        """What it is: a "conversation", or the category of its type: "customer", "back_office", "tracker"."""
        return self.type.category if self.type else "conversation"

    def is_known_to(self, viewer: Agent) -> bool:
        """What TicketQuerySet.visible_to says, for a ticket at hand; a test keeps the two the same."""
        if not viewer.can("desk.use") or self.is_hidden:
            return False
        if viewer.scope == Role.Scope.ALL or self.assignee_id == viewer.pk:
            return True
        return viewer.scope == Role.Scope.TEAM and self.team_id in viewer.team_ids() | {None}

    @property
    def is_done(self) -> bool:
        return self.rank >= DONE_RANK

    @property
    def is_hidden(self) -> bool:
        """Merged into another one, or in the trash."""
        return self.rank >= HIDDEN_RANK
