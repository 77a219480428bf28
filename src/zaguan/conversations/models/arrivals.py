"""The bytes as received."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from zaguan.conversations.models.inboxes import Inbox
from zaguan.people.models import Agent, Role


class RawMessageQuerySet(models.QuerySet["RawMessage"]):
    def visible_to(self, viewer: Agent) -> RawMessageQuerySet:
        """For those who repair mail: of all inboxes, or of the inboxes of their teams."""
        if not viewer.can("conversations.failed_mail"):
            return self.none()
        if viewer.scope == Role.Scope.ALL:
            return self
        return self.filter(inbox__team__in=viewer.team_ids())


class RawMessage(models.Model):
    """The bytes as received, committed before anything parses them."""

    class State(models.TextChoices):
        RECEIVED = "received", _("Received")
        PROCESSED = "processed", _("Processed")
        FAILED = "failed", _("Failed")
        HELD = "held", _("Held")

    inbox = models.ForeignKey(
        Inbox, null=True, on_delete=models.SET_NULL, related_name="raw_messages", db_index=False
    )
    source = models.CharField(max_length=10)  # imap, smtp, lmtp, pipe, hook
    # Deflated; large ones lie in a file instead.
    content = models.BinaryField(default=b"")
    file = models.CharField(max_length=200, blank=True)
    size = models.PositiveBigIntegerField()
    # SHA-256 over the bytes without trace headers: the same mail fetched again is the same mail.
    fingerprint = models.BinaryField(max_length=32)
    # The fingerprint again, once it became a message: one message, whichever of our inboxes the mail reached.
    claim = models.BinaryField(max_length=32, null=True, unique=True)
    # Envelope: sender, recipients, and the UID that an IMAP server gave.
    envelope: models.JSONField[dict[str, Any], dict[str, Any]] = models.JSONField(default=dict)
    folder = models.CharField(max_length=200, blank=True)
    uid = models.BigIntegerField(null=True)
    uid_validity = models.BigIntegerField(null=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.RECEIVED)
    # "opened", "joined", "followed_up", "duplicate", "held", "failed"
    outcome = models.CharField(max_length=12, blank=True)
    reason = models.TextField(blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    ticket_id = models.BigIntegerField(null=True)
    received_at = models.DateTimeField()
    processed_at = models.DateTimeField(null=True)
    objects = RawMessageQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["inbox", "fingerprint"], name="mail_stored_once_per_inbox"),
            # Mail that no inbox could be found for is kept once as well.
            models.UniqueConstraint(
                fields=["fingerprint"], condition=Q(inbox=None), name="unrouted_mail_stored_once"
            ),
        ]
        indexes = [
            models.Index(fields=["state", "id"], name="raw_to_do"),
            # Erasing a ticket erases the mails it came from.
            models.Index(fields=["ticket_id"], name="raw_of_ticket", condition=Q(ticket_id__isnull=False)),
            models.Index(
                fields=["inbox", "folder", "uid"], name="raw_by_uid", condition=Q(uid__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return f"raw {self.pk}"
