"""Approvals: a question on a ticket, of one or several people, who say yes or no."""

from __future__ import annotations

from datetime import datetime

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from zaguan.lib.secrets import random_id
from zaguan.people.models import Agent, Contact
from zaguan.tickets.models.lists import HIDDEN_RANK
from zaguan.tickets.models.ticket import Ticket, known_where


class ApprovalQuerySet(models.QuerySet["Approval"]):
    def visible_to(self, viewer: Agent) -> ApprovalQuerySet:
        """Those of tickets that one may know of, and what one was asked oneself."""
        if not viewer.can("desk.use"):
            return self.none()
        asked = Approver.objects.filter(agent=viewer).values("approval")
        return self.filter(known_where(viewer, "ticket__") | Q(pk__in=asked, ticket__rank__lt=HIDDEN_RANK))

    def waiting_for(self, agent: Agent) -> ApprovalQuerySet:
        """What this agent was asked, has not answered, and is still open."""
        unanswered = Approver.objects.filter(agent=agent, answer="").values("approval")
        return self.filter(pk__in=unanswered, state=Approval.State.WAITING)


class Approval(models.Model):
    """One question. Whoever rejects decides; one approval is enough, or all of them are needed."""

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        APPROVED = "approved", _("Approved")
        REJECTED = "rejected", _("Rejected")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    class Needs(models.TextChoices):
        ONE = "one", _("One of them is enough")
        ALL = "all", _("All of them have to approve")

    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="approvals", db_index=False)
    question = models.TextField()
    # None when a rule asked; then its number, a plain one: rules stand above tickets.
    asked_by = models.ForeignKey(Agent, null=True, on_delete=models.SET_NULL, related_name="+")
    rule_id = models.BigIntegerField(null=True)
    needs = models.CharField(max_length=3, choices=Needs.choices, default=Needs.ONE)
    # While it waits, the ticket cannot be resolved.
    holds = models.BooleanField(default=False)
    due_at = models.DateTimeField(null=True)
    reminded_at = models.DateTimeField(null=True)
    state = models.CharField(max_length=9, choices=State.choices, default=State.WAITING)
    # Why it was withdrawn.
    reason = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)
    objects = ApprovalQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["ticket", "id"], name="approvals_of_ticket")]

    def __str__(self) -> str:
        return self.question

    @property
    def is_waiting(self) -> bool:
        return self.state == self.State.WAITING

    @property
    def is_late(self) -> bool:
        """Whether it should have been decided by now."""
        return self.is_waiting and self.due_at is not None and self.due_at < timezone.now()


class Approver(models.Model):
    """Somebody who was asked, an agent or a contact by mail, and what they said."""

    class Answer(models.TextChoices):
        APPROVED = "approved", _("Approved")
        REJECTED = "rejected", _("Rejected")

    approval = models.ForeignKey(Approval, on_delete=models.CASCADE, related_name="approvers")
    agent = models.ForeignKey(
        Agent, null=True, on_delete=models.CASCADE, related_name="asked_to_approve", db_index=False
    )
    contact = models.ForeignKey(Contact, null=True, on_delete=models.CASCADE, related_name="asked_to_approve")
    # Of a contact: where the question went, and the unguessable part of the link in it.
    email = models.CharField(max_length=254, blank=True)
    public_id = models.CharField(max_length=24, unique=True, default=random_id)
    link_ends_at = models.DateTimeField(null=True)
    mailed_at = models.DateTimeField(null=True)
    answer = models.CharField(max_length=8, choices=Answer.choices, blank=True)
    comment = models.CharField(max_length=1000, blank=True)
    answered_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(agent=None, contact__isnull=False) | Q(agent__isnull=False, contact=None),
                name="approver_is_one_person",
            ),
            models.UniqueConstraint(fields=["approval", "agent"], name="agent_is_asked_once"),
        ]
        indexes = [
            models.Index(fields=["agent", "approval"], name="open_for_approver", condition=Q(answer="")),
            models.Index(fields=["agent", "approval"], name="asked_of_agent"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """What the person is called. Needs `agent` and `contact`."""
        if self.agent is not None:
            return self.agent.name
        return (self.contact.name if self.contact else "") or self.email

    def link_works(self, now: datetime) -> bool:
        """Whether the link in the mail still leads to the question."""
        return self.link_ends_at is not None and now < self.link_ends_at
