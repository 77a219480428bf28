"""What one ticket tells in many conversations: its notes and its statuses, and how far that has come."""

from __future__ import annotations

from typing import Any

from django.db import models

from zaguan.conversations.models.messages import Message
from zaguan.people.models import Agent
from zaguan.tickets.models import Ticket, known_where


class CrossPostingQuerySet(models.QuerySet["CrossPosting"]):
    def visible_to(self, viewer: Agent) -> CrossPostingQuerySet:
        """What is told by the tickets that an agent may know of."""
        return self.filter(known_where(viewer, "ticket__"))


class CrossPosting(models.Model):
    """One note, or one change of status, on its way into the conversations linked to a ticket (A13.13, A13.14).

    `last_link` is written with what it stands for, so that a killed worker neither repeats nor leaves out anything.
    """

    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="cross_postings")
    note = models.ForeignKey(
        Message, null=True, on_delete=models.CASCADE, related_name="cross_postings", db_index=False
    )
    # [old, new] ids of statuses, when that is what is told.
    statuses: models.JSONField[Any, Any] = models.JSONField(default=list)
    agent = models.ForeignKey(Agent, null=True, on_delete=models.SET_NULL, related_name="+", db_index=False)
    total = models.PositiveIntegerField(default=0)
    posted = models.PositiveIntegerField(default=0)
    last_link = models.BigIntegerField(default=0)
    created_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    objects = CrossPostingQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["note"], condition=models.Q(note__isnull=False), name="note_published_once"
            )
        ]

    def __str__(self) -> str:
        return f"#{self.ticket_id} {self.posted}/{self.total}"
