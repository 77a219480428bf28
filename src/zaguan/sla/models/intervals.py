"""The ledger: for each ticket, whose turn it was from when to when."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from zaguan.people.models import Agent
from zaguan.sla.sides import Side
from zaguan.tickets.models import Ticket
from zaguan.tickets.models.ticket import known_where


class IntervalQuerySet(models.QuerySet["Interval"]):
    def visible_to(self, viewer: Agent) -> IntervalQuerySet:
        """The intervals of tickets that an agent may know of."""
        return self.filter(known_where(viewer, "ticket__")) if viewer.can("desk.use") else self.none()


class Interval(models.Model):
    """One stretch of a ticket's life: append-only, but for the end of the last one. Times are whole seconds.

    Status, assignee and team are plain ids: a page that shows them knows their names, and nothing is checked on the way in.
    """

    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="intervals", db_index=False)
    side = models.CharField(max_length=8, choices=Side.choices)
    status_id = models.BigIntegerField(null=True)
    assignee_id = models.BigIntegerField(null=True)
    team_id = models.BigIntegerField(null=True)
    started_at = models.DateTimeField()
    # None while it lasts.
    ended_at = models.DateTimeField(null=True)
    objects = IntervalQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["ticket", "started_at"], name="one_interval_per_start"),
            models.UniqueConstraint(
                fields=["ticket"], condition=Q(ended_at=None), name="one_running_interval"
            ),
        ]
        indexes = [
            # For reports over days; running ones are found by the constraint above.
            models.Index(fields=["ended_at"], name="intervals_ended", condition=Q(ended_at__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"{self.ticket_id} {self.side} {self.started_at}–{self.ended_at or ''}"
