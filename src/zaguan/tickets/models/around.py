"""What hangs on a ticket: who gets a copy, and links to other tickets."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from zaguan.tickets.models.ticket import Ticket


class CarbonCopy(models.Model):
    """Somebody who follows the ticket and gets its public updates (A2.10)."""

    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="copies")
    email = models.CharField(max_length=254)
    name = models.CharField(max_length=160, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["ticket", "email"], name="copied_once")]

    def __str__(self) -> str:
        return self.email


class Link(models.Model):
    """Two tickets that belong together: `target` came from, hangs below, or stands beside `source`."""

    class Kind(models.TextChoices):
        FOLLOW_UP = "follow_up", _("Follow-up")
        RELATED = "related", _("Related")
        # A mail whose sender could not be proved to belong to the ticket it names (R02).
        SUGGESTED = "suggested", _("Possibly related")
        CHILD = "child", _("Child")
        # `target` says the same again as `source`.
        DUPLICATE = "duplicate", _("Duplicate")
        CLONE = "clone", _("Copy")
        SPLIT = "split", _("Split off")
        # From a tracker to each conversation that waits for it (A13.10).
        TRACKED = "tracked", _("Affected conversation")
        # From a conversation to the ticket that another team works on for it (A13.5).
        BACK_OFFICE = "back_office", _("Back-office ticket")

    kind = models.CharField(max_length=12, choices=Kind.choices)
    source = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="links_out")
    target = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="links_in")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "source", "target"], name="linked_once"),
            models.UniqueConstraint(fields=["target"], condition=Q(kind="child"), name="one_parent"),
            models.UniqueConstraint(
                fields=["target"], condition=Q(kind="back_office"), name="back_office_of_one_conversation"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.source_id} {self.kind} {self.target_id}"
