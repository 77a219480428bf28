"""One message to everybody who waits for a tracker, each in their own conversation (A13.12)."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from zaguan.conversations.models.messages import Message
from zaguan.people.models import Agent
from zaguan.tickets.models import Ticket, known_where


class MassUpdateQuerySet(models.QuerySet["MassUpdate"]):
    def visible_to(self, viewer: Agent) -> MassUpdateQuerySet:
        """Those of the trackers that an agent may know of."""
        return self.filter(known_where(viewer, "tracker__"))


class MassUpdate(models.Model):
    """A text with placeholders. It is a draft until it is started, and can be stopped while it waits or runs."""

    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        STARTED = "started", _("On its way")
        STOPPED = "stopped", _("Stopped")
        FINISHED = "finished", _("Finished")

    tracker = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="mass_updates")
    agent = models.ForeignKey(Agent, null=True, on_delete=models.SET_NULL, related_name="+", db_index=False)
    html = models.TextField()
    text = models.TextField()
    # By code of language; who speaks none of these gets `html`.
    translations: models.JSONField[dict[str, str], dict[str, str]] = models.JSONField(default=dict)
    # Messages a minute; 0 as quickly as it goes.
    per_minute = models.PositiveIntegerField(default=0)
    state = models.CharField(max_length=10, choices=State.choices, default=State.DRAFT)
    starts_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    objects = MassUpdateQuerySet.as_manager()

    def __str__(self) -> str:
        return f"mass update {self.pk} of #{self.tracker_id}"


class MassRecipient(models.Model):
    """One affected conversation: it gets the message once, or there is a reason why it does not."""

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        EXCLUDED = "excluded", _("Left out")
        SKIPPED = "skipped", _("Skipped")
        SENT = "sent", _("Sent")
        FAILED = "failed", _("Failed")

    update = models.ForeignKey(
        MassUpdate, on_delete=models.CASCADE, related_name="recipients", db_index=False
    )
    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="mass_updates_received")
    message = models.ForeignKey(
        Message, null=True, on_delete=models.SET_NULL, related_name="+", db_index=False
    )
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    reason = models.CharField(max_length=300, blank=True)
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["update", "ticket"], name="informed_once")]
        indexes = [models.Index(fields=["update", "state", "id"], name="informed_by_state")]

    def __str__(self) -> str:
        return f"{self.update_id} → #{self.ticket_id}: {self.state}"
