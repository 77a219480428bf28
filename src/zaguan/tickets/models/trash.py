"""What was deleted and can still be brought back (A3.4)."""

from __future__ import annotations

from typing import Any

from django.db import models

from zaguan.people.models import Agent
from zaguan.tickets.models.ticket import Ticket, seen_where


class TrashedQuerySet(models.QuerySet["Trashed"]):
    def visible_to(self, viewer: Agent) -> TrashedQuerySet:
        """For those who may delete or erase: of the tickets that they would see if they were there."""
        if not (viewer.can("tickets.delete") or viewer.can("tickets.purge")):
            return self.none()
        return self.filter(seen_where(viewer, "ticket__"))


class Trashed(models.Model):
    """A ticket in the trash: since when, by whom, why, and what stood in its columns."""

    ticket = models.OneToOneField(Ticket, on_delete=models.CASCADE, related_name="trashed")
    agent = models.ForeignKey(Agent, null=True, on_delete=models.SET_NULL, related_name="+", db_index=False)
    at = models.DateTimeField(db_index=True)
    reason = models.CharField(max_length=200, blank=True)
    header: models.JSONField[dict[str, Any], dict[str, Any]] = models.JSONField(default=dict)
    objects = TrashedQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "trashed"

    def __str__(self) -> str:
        return f"trashed {self.ticket_id}"
