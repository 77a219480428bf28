"""A merge is a record, not a copy: what moved, and what stood there before, so that it can be taken back."""

from __future__ import annotations

from typing import Any

from django.db import models

from zaguan.people.models import Agent
from zaguan.tickets.models.ticket import Ticket


class Merge(models.Model):
    """One ticket that went into another one (A3.3)."""

    survivor = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="merges")
    merged = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="merges_away")
    agent = models.ForeignKey(Agent, null=True, on_delete=models.SET_NULL, related_name="+", db_index=False)
    at = models.DateTimeField()
    # Ids by kind: messages, threads, mentions and drafts that moved; tags, copies and links that were added.
    moved: models.JSONField[dict[str, Any], dict[str, Any]] = models.JSONField(default=dict)
    # The columns of both as they were.
    header: models.JSONField[dict[str, Any], dict[str, Any]] = models.JSONField(default=dict)
    survivor_header: models.JSONField[dict[str, Any], dict[str, Any]] = models.JSONField(default=dict)
    undone_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.merged_id} into {self.survivor_id}"
