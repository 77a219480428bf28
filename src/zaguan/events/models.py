"""What happened, append-only: history, audit, live updates, webhooks and reports read these rows."""

from __future__ import annotations

from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models

from zaguan.events.base import Actor, CurrentTransaction, Event


class EventRecord(models.Model):
    """One row per change. Ids are plain numbers, so that the bottom app points at nothing."""

    kind = models.CharField(max_length=60)
    at = models.DateTimeField()
    actor_kind = models.CharField(max_length=10)
    actor_id = models.BigIntegerField(null=True)
    # The event that made this one happen, when a reaction or rule did it.
    cause_id = models.BigIntegerField(null=True)
    ticket_id = models.BigIntegerField(null=True)
    data = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    # Ids are not commit order on PostgreSQL; whoever follows this table compares transactions.
    tx = models.BigIntegerField(db_default=CurrentTransaction())

    class Meta:
        indexes = [
            models.Index(fields=["ticket_id", "id"], name="events_of_ticket"),
            # What somebody changed in the settings, found among all that is of no ticket.
            models.Index(fields=["kind", "id"], name="events_of_house", condition=models.Q(ticket_id=None)),
            # For followers on PostgreSQL; SQLite writes 0 and keeps it empty.
            models.Index(fields=["tx", "id"], name="events_by_transaction", condition=models.Q(tx__gt=0)),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"

    @property
    def actor(self) -> Actor:
        return Actor(self.actor_kind, self.actor_id)

    def event(self) -> Event:
        """The typed event again."""
        return Event.restore(self.kind, self.ticket_id, self.data)


class OperatorsQuerySet(models.QuerySet[Any]):
    def visible_to(self, viewer: Any) -> Any:
        """What runs in the background is for those who look after it."""
        return self if viewer.can("desk.background_work") else self.none()


class Job(models.Model):
    """Work that must happen after a commit: the later reactions to one event, or one named task.

    It is written in the transaction that asks for it, claimed under a lease, and deleted when done; a killed
    worker's lease runs out and another one takes the job. A job out of attempts stays, for a person to see.
    """

    # "" for the reactions to `event_id`, else the name of a task.
    task = models.CharField(max_length=100, blank=True)
    arguments: models.JSONField[dict[str, Any], dict[str, Any]] = models.JSONField(default=dict)
    event_id = models.BigIntegerField(null=True)
    # At most one waiting job per key ("close-ticket-12"); empty for any number.
    key = models.CharField(max_length=120, null=True, unique=True)
    priority = models.SmallIntegerField(default=0)
    run_at = models.DateTimeField()
    attempts = models.SmallIntegerField(default=0)
    # Reactions that are done, so that a retry repeats only what failed.
    done: models.JSONField[list[str], list[str]] = models.JSONField(default=list)
    leased_until = models.DateTimeField(null=True)
    leased_by = models.CharField(max_length=60, blank=True)
    failed_at = models.DateTimeField(null=True)
    error = models.TextField(blank=True)
    objects = OperatorsQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(
                fields=["priority", "run_at", "id"], name="jobs_due", condition=models.Q(failed_at=None)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.task or 'reactions'} {self.pk}"


class Turn(models.Model):
    """Something that happens by the clock: when it is due, and which worker does it now, so that two do not double it."""

    name = models.CharField(max_length=60, unique=True)
    due_at = models.DateTimeField()
    leased_until = models.DateTimeField(null=True)
    leased_by = models.CharField(max_length=60, blank=True)
    done_at = models.DateTimeField(null=True)
    # The reason while it fails; empty again after it worked.
    error = models.TextField(blank=True)
    failed_at = models.DateTimeField(null=True)
    objects = OperatorsQuerySet.as_manager()

    def __str__(self) -> str:
        return self.name
