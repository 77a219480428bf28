"""PDFs of many tickets in one ZIP: what was asked for, how far it is, and what became of each ticket (A3.9)."""

from __future__ import annotations

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from zaguan.people.models import Agent
from zaguan.tickets.models import Ticket


class PrintBatchQuerySet(models.QuerySet["PrintBatch"]):
    def visible_to(self, viewer: Agent) -> PrintBatchQuerySet:
        """An agent's own, until they expire."""
        if not viewer.can("desk.use"):
            return self.none()
        return self.filter(agent=viewer, expires_at__gt=timezone.now())


class PrintBatch(models.Model):
    """Tickets that become PDFs in one file, which lies under an address nobody can guess, for a day."""

    class State(models.TextChoices):
        # The tickets are chosen, which copy is not yet.
        CHOOSING = "choosing", _("To be decided")
        WAITING = "waiting", _("Waiting")
        RUNNING = "running", _("Running")
        STOPPED = "stopped", _("Stopped")
        DONE = "done", _("Done")

    public_id = models.CharField(max_length=32, unique=True)
    agent = models.ForeignKey(Agent, on_delete=models.CASCADE, related_name="+")
    copy = models.CharField(max_length=10, default="customer")
    # Empty: the language of each customer, or of whoever asked for a full copy.
    language = models.CharField(max_length=10, blank=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.CHOOSING)
    total = models.PositiveIntegerField(default=0)
    made = models.PositiveIntegerField(default=0)
    failed = models.PositiveIntegerField(default=0)
    # The ZIP in the storage, once it is whole.
    stored_as = models.CharField(max_length=200, blank=True)
    size = models.BigIntegerField(default=0)
    event_id = models.BigIntegerField(null=True)
    created_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField(db_index=True)
    objects = PrintBatchQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "print batches"

    def __str__(self) -> str:
        return self.public_id

    @property
    def handled(self) -> int:
        """How many tickets it has been at."""
        return self.made + self.failed

    @property
    def is_working(self) -> bool:
        return self.state in (self.State.WAITING, self.State.RUNNING)


class PrintedTicket(models.Model):
    """One ticket of a batch: its PDF until the ZIP is whole, or the reason why there is none."""

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        MADE = "made", _("In the file")
        FAILED = "failed", _("Not made")

    batch = models.ForeignKey(PrintBatch, on_delete=models.CASCADE, related_name="tickets", db_index=False)
    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="+")
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    reason = models.CharField(max_length=300, blank=True)
    stored_as = models.CharField(max_length=200, blank=True)
    size = models.BigIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["batch", "ticket"], name="once_in_a_print_batch")]

    def __str__(self) -> str:
        return f"{self.batch_id}: {self.ticket_id} {self.state}"
