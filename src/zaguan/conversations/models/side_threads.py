"""Threads with people outside who help: beside the customer's conversation, and never part of it."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils import timezone

from zaguan.conversations.models.messages import Thread
from zaguan.people.models import Agent
from zaguan.tickets.models import known_where


class SideThreadQuerySet(models.QuerySet["SideThread"]):
    def visible_to(self, viewer: Agent) -> SideThreadQuerySet:
        """Those of the tickets that an agent may know of."""
        return self.filter(known_where(viewer, "thread__ticket__"))


class SideThread(models.Model):
    """A question to somebody outside (A9). Its ticket is the thread's, so that merging takes it along."""

    thread = models.OneToOneField(Thread, on_delete=models.CASCADE, related_name="side")
    agent = models.ForeignKey(Agent, null=True, on_delete=models.SET_NULL, related_name="+", db_index=False)
    # Who was asked: lists of [address, name].
    people: models.JSONField[list[list[str]], list[list[str]]] = models.JSONField(default=list)
    # What was sent along: {"messages": 20, "customer": true, "ticket": true, "files": false, "redacted": true}.
    shared: models.JSONField[dict[str, Any], dict[str, Any]] = models.JSONField(default=dict)
    # Answers are taken in until then; each message of ours prolongs it by so many days.
    days = models.PositiveSmallIntegerField(default=30)
    expires_at = models.DateTimeField()
    # Answers that came too late; they wait among the held mails.
    late_answers = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    objects = SideThreadQuerySet.as_manager()

    def __str__(self) -> str:
        return f"side {self.thread_id}"

    @property
    def subject(self) -> str:
        """What it is about, without the ticket's number at its end."""
        return self.thread.subject.rpartition(" [#")[0] or self.thread.subject

    @property
    def is_over(self) -> bool:
        """Whether answers are no longer taken in."""
        return self.expires_at <= timezone.now()
