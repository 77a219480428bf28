"""Calls to addresses outside, that actions asked for."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from zaguan.people.models import Agent
from zaguan.tickets.models import Ticket, known_where


class WebhookCallQuerySet(models.QuerySet["WebhookCall"]):
    def visible_to(self, viewer: Agent) -> WebhookCallQuerySet:
        """Those about tickets that the viewer may know of."""
        return self.filter(known_where(viewer, "ticket__"))


class WebhookCall(models.Model):
    """One call: what is sent stays the same over all attempts, each of which leaves a line."""

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        DONE = "done", _("Done")
        FAILED = "failed", _("Failed")

    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="webhook_calls", db_index=False)
    rule_id = models.BigIntegerField(null=True)
    url = models.CharField(max_length=500)
    body = models.TextField()
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    # {"at", "status", "milliseconds", "error"}
    attempts: models.JSONField[list[dict[str, Any]], list[dict[str, Any]]] = models.JSONField(default=list)
    created_at = models.DateTimeField(auto_now_add=True)
    objects = WebhookCallQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["ticket", "-id"], name="webhook_calls_of_ticket"),
            models.Index(fields=["created_at"], name="webhook_calls_by_age"),
        ]

    def __str__(self) -> str:
        return f"{self.url}: {self.state}"
