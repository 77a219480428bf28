"""What is to be done: tickets with their statuses on seven phases, lists, tags, links and saved views."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from zaguan.events.base import Actor
from zaguan.lib.secrets import random_id
from zaguan.people.models import Agent, Contact, Organisation, Role, Team


class Phase(models.TextChoices):
    """Fixed in code; the phase decides whose clock runs."""

    NEW = "new", _("New")
    OPEN = "open", _("Open")
    WAITING_CUSTOMER = "customer", _("Waiting on customer")
    WAITING_THIRD = "third", _("Waiting on third party")
    SNOOZED = "snoozed", _("Snoozed")
    RESOLVED = "resolved", _("Resolved")
    CLOSED = "closed", _("Closed")


# New and open sort first everywhere (A5.14).
RANKS = {
    Phase.NEW: 0,
    Phase.OPEN: 0,
    Phase.WAITING_CUSTOMER: 1,
    Phase.WAITING_THIRD: 1,
    Phase.SNOOZED: 2,
    Phase.RESOLVED: 3,
    Phase.CLOSED: 4,
}
# Ranks below this are still work for somebody.
DONE_RANK = RANKS[Phase.RESOLVED]


class ListQuerySet(models.QuerySet[Any]):
    def visible_to(self, viewer: Agent) -> Any:
        """Statuses, lists and tags are known to all who use the desk."""
        return self if viewer.can("desk.use") else self.none()


class Translated(models.Model):
    """A name that the admin chooses, with translations of it by language code."""

    name = models.CharField(_("Name"), max_length=80)
    names: models.JSONField[dict[str, str], dict[str, str]] = models.JSONField(
        _("Translations"), default=dict, blank=True
    )
    position = models.PositiveIntegerField(_("Position"), default=0)
    archived_at = models.DateTimeField(null=True, blank=True)
    objects = ListQuerySet.as_manager()

    class Meta:
        abstract = True
        ordering = ["position", "id"]

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        """The name in the reader's language."""
        return self.names.get((get_language() or "").split("-")[0], self.name)


class Status(Translated):
    """A name on one of the seven phases. Exactly one per phase is the default of that phase."""

    phase = models.CharField(_("Phase"), max_length=10, choices=Phase.choices)
    is_default = models.BooleanField(_("Used when the phase is reached by itself"), default=False)
    # A closing status that says "handled" but not "solved" (A5.15), or a waiting one that says why (A5.13).
    asks_reason = models.BooleanField(_("Asks for a reason"), default=False)

    class Meta(Translated.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["phase"], condition=Q(is_default=True), name="one_default_status_per_phase"
            )
        ]


class Category(Translated):
    """Question, suggestion, problem … (A2.5)."""


class Urgency(Translated):
    """Drives the order (A2.6): a higher rank is more urgent."""

    rank = models.SmallIntegerField(_("Rank"), default=0)


class Service(Translated):
    """A node of the tree of services (A2.4)."""

    parent = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="children"
    )


class Tag(models.Model):
    name = models.CharField(max_length=60)
    objects = ListQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(Lower("name"), name="tag_name_is_unique")]
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class TicketQuerySet(models.QuerySet["Ticket"]):
    def visible_to(self, viewer: Agent) -> TicketQuerySet:
        """The tickets that an agent may know of: all, those of their teams, or those assigned to them.

        Tickets without a team wait for anybody who sees more than their own.
        """
        if not viewer.can("desk.use"):
            return self.none()
        if viewer.role.is_admin or viewer.role.ticket_scope == Role.Scope.ALL:
            return self
        if viewer.role.ticket_scope == Role.Scope.OWN:
            return self.filter(assignee=viewer)
        return self.filter(Q(team__in=viewer.team_ids()) | Q(team=None) | Q(assignee=viewer))


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
    tags: models.ManyToManyField[Tag, Any] = models.ManyToManyField(Tag, related_name="tickets", blank=True)
    summary = models.TextField(blank=True)

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

    # What the list shows of the last message: its beginning, and "in", "out" or "note".
    excerpt = models.CharField(max_length=160, blank=True)
    excerpt_kind = models.CharField(max_length=4, blank=True)
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
        ]

    def __str__(self) -> str:
        return f"#{self.pk} {self.subject}"

    @property
    def number(self) -> int:
        """The reference number that agents and customers quote (A2.16)."""
        return self.pk

    def is_known_to(self, viewer: Agent) -> bool:
        """What TicketQuerySet.visible_to says, for a ticket at hand; a test keeps the two the same."""
        if not viewer.can("desk.use"):
            return False
        if (
            viewer.role.is_admin
            or viewer.role.ticket_scope == Role.Scope.ALL
            or self.assignee_id == viewer.pk
        ):
            return True
        teams = viewer.team_ids() | {None}
        return viewer.role.ticket_scope == Role.Scope.TEAM and self.team_id in teams

    @property
    def is_done(self) -> bool:
        return self.rank >= DONE_RANK


class CarbonCopy(models.Model):
    """Somebody who follows the ticket and gets its public updates (A2.10)."""

    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="copies")
    email = models.CharField(max_length=254)
    name = models.CharField(max_length=160, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["ticket", "email"], name="copied_once")]

    def __str__(self) -> str:
        return self.email


class Link(models.Model):
    """Two tickets that belong together: `target` follows up `source`, or may be related to it."""

    class Kind(models.TextChoices):
        FOLLOW_UP = "follow_up", _("Follow-up")
        RELATED = "related", _("Related")
        # A mail whose sender could not be proved to belong to the ticket it names (R02).
        SUGGESTED = "suggested", _("Possibly related")

    kind = models.CharField(max_length=12, choices=Kind.choices)
    source = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="links_out")
    target = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="links_in")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "source", "target"], name="linked_once")]

    def __str__(self) -> str:
        return f"{self.source_id} {self.kind} {self.target_id}"


class ViewQuerySet(models.QuerySet["View"]):
    def visible_to(self, viewer: Agent) -> ViewQuerySet:
        """An agent's own views, those of their teams, and those for everybody."""
        everybody = Q(owner=None, team=None)
        return self.filter(Q(owner=viewer) | Q(team__in=viewer.team_ids()) | everybody)


class View(models.Model):
    """A saved search: personal, of a team, or for everybody (neither owner nor team)."""

    name = models.CharField(_("Name"), max_length=80)
    query = models.CharField(_("Search"), max_length=500, blank=True)
    order = models.CharField(_("Order"), max_length=20, default="active")
    owner = models.ForeignKey(Agent, null=True, blank=True, on_delete=models.CASCADE, related_name="views")
    team = models.ForeignKey(Team, null=True, blank=True, on_delete=models.CASCADE, related_name="views")
    position = models.PositiveIntegerField(default=0)
    objects = ViewQuerySet.as_manager()

    class Meta:
        ordering = ["position", "id"]

    def __str__(self) -> str:
        return self.name

    def is_visible_to(self, viewer: Agent) -> bool:
        """What ViewQuerySet.visible_to says, for a view at hand."""
        if self.owner_id is not None:
            return self.owner_id == viewer.pk
        return self.team_id is None or self.team_id in viewer.team_ids()


class Rule(models.Model):
    """The desk's own choices about tickets; one row."""

    # Hours after which a resolved ticket closes by itself (A5.8); 0 never.
    close_after_hours = models.PositiveIntegerField(_("Hours until a resolved ticket closes"), default=96)

    def __str__(self) -> str:
        return "rules"

    @property
    def actor(self) -> Actor:
        return Actor("rule", self.pk)
