"""What agents have in hand: drafts, what they have read, where they are named."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from zaguan.conversations.models.messages import Message, Thread
from zaguan.people.models import Agent
from zaguan.tickets.models import Ticket


class DraftQuerySet(models.QuerySet["Draft"]):
    def visible_to(self, viewer: Agent) -> DraftQuerySet:
        """Drafts are their author's own."""
        return self.filter(agent=viewer)


class Draft(models.Model):
    """What an agent is typing, kept on the server; reply and note apart (R13)."""

    class Kind(models.TextChoices):
        REPLY = "reply", _("Reply")
        NOTE = "note", _("Internal note")
        NEW = "new", _("New ticket")
        ASK = "ask", _("Question to somebody outside")
        SIDE = "side", _("Side thread")

    agent = models.ForeignKey(Agent, on_delete=models.CASCADE, related_name="drafts")
    # Null for the form of a new ticket.
    ticket = models.ForeignKey(Ticket, null=True, on_delete=models.CASCADE, related_name="drafts")
    # The side thread that it is written in; null for all other kinds.
    thread = models.ForeignKey(Thread, null=True, on_delete=models.CASCADE, related_name="drafts")
    kind = models.CharField(max_length=5, choices=Kind.choices)
    html = models.TextField(blank=True)
    # Recipients, subject, mode, attachments' public ids, other fields of a form.
    fields: models.JSONField[dict[str, Any], dict[str, Any]] = models.JSONField(default=dict, blank=True)
    updated_at = models.DateTimeField(auto_now=True)
    objects = DraftQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["agent", "ticket", "kind"], condition=Q(thread=None), name="one_draft_each"
            ),
            models.UniqueConstraint(
                fields=["agent", "thread"], condition=Q(thread__isnull=False), name="one_draft_beside"
            ),
            models.UniqueConstraint(
                fields=["agent", "kind"], condition=Q(ticket=None), name="one_new_ticket_draft"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} draft {self.pk}"


class Seen(models.Model):
    """Up to when an agent has read a ticket; what the customer wrote later is unread."""

    agent = models.ForeignKey(Agent, on_delete=models.CASCADE, related_name="+")
    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["agent", "ticket"], name="seen_once")]

    def __str__(self) -> str:
        return f"{self.agent_id} saw {self.ticket_id}"


class MentionQuerySet(models.QuerySet["Mention"]):
    def visible_to(self, viewer: Agent) -> MentionQuerySet:
        """An agent's own mentions."""
        return self.filter(agent=viewer)


class Mention(models.Model):
    """An agent was named in a note."""

    agent = models.ForeignKey(Agent, on_delete=models.CASCADE, related_name="mentions")
    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="mentions")
    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="mentions", db_index=False)
    created_at = models.DateTimeField(auto_now_add=True)
    read_at = models.DateTimeField(null=True)
    objects = MentionQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["agent", "message"], name="mentioned_once")]
        indexes = [models.Index(fields=["agent", "-id"], name="mentions_of_agent")]

    def __str__(self) -> str:
        return f"mention {self.pk}"
