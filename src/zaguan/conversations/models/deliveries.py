"""What became of a message on its way out."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from zaguan.conversations.models.inboxes import Inbox
from zaguan.conversations.models.messages import Message
from zaguan.people.models import Agent
from zaguan.tickets.models import known_where


class DeliveryQuerySet(models.QuerySet["Delivery"]):
    def visible_to(self, viewer: Agent) -> DeliveryQuerySet:
        """Deliveries of the messages that an agent may know of."""
        return self.filter(known_where(viewer, "message__ticket__"), message__withdrawn_at=None)


class Delivery(models.Model):
    """One attempt to send one message to one address. Never backwards; a retry is a new attempt."""

    class State(models.TextChoices):
        QUEUED = "queued", _("Waiting to be sent")
        SENDING = "sending", _("Sending")
        SENT = "sent", _("Sent")
        FAILED = "failed", _("Not delivered")
        UNKNOWN = "unknown", _("Unknown whether it was sent")
        DELIVERED = "delivered", _("Delivered")
        READ = "read", _("Read")

    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="deliveries")
    inbox = models.ForeignKey(Inbox, null=True, on_delete=models.SET_NULL, related_name="+", db_index=False)
    address = models.CharField(max_length=254)
    attempt = models.PositiveSmallIntegerField(default=1)
    state = models.CharField(max_length=10, choices=State.choices, default=State.QUEUED)
    # What the other side said: code and sentence.
    code = models.CharField(max_length=20, blank=True)
    answer = models.TextField(blank=True)
    provider_id = models.CharField(max_length=255, blank=True)
    # Passing refusals (4xx) so far; the next try is at `run_at`.
    tries = models.PositiveSmallIntegerField(default=0)
    run_at = models.DateTimeField()
    leased_until = models.DateTimeField(null=True)
    leased_by = models.CharField(max_length=60, blank=True)
    sent_at = models.DateTimeField(null=True)
    changed_at = models.DateTimeField()
    objects = DeliveryQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "deliveries"
        constraints = [models.UniqueConstraint(fields=["message", "address", "attempt"], name="attempt_once")]
        indexes = [
            # Whole indexes: SQLite uses a partial one only for a condition on NULL, or one written without parameters.
            models.Index(fields=["state", "run_at", "id"], name="deliveries_to_do"),
            # What an address got lately, for the cap on automatic mail (R04).
            models.Index(fields=["address", "-id"], name="deliveries_to_address"),
        ]

    def __str__(self) -> str:
        return f"{self.address} {self.state}"
