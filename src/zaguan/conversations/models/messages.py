"""What was said: threads, messages, and the ids that lead to them."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from zaguan.conversations.models.arrivals import RawMessage
from zaguan.conversations.models.inboxes import Inbox
from zaguan.lib.secrets import random_id
from zaguan.people.models import Agent, Contact
from zaguan.tickets.models import Ticket, known_where

# The channel of threads with people outside, and of their messages: no part of the customer's conversation.
SIDE = "side"


class Thread(models.Model):
    """One strand of a ticket on one inbox: a mail thread, a chat, a call."""

    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="threads")
    inbox = models.ForeignKey(
        Inbox, null=True, on_delete=models.SET_NULL, related_name="threads", db_index=False
    )
    channel = models.CharField(max_length=20)
    subject = models.CharField(max_length=300, blank=True)
    # In the signed reply address and in signed Message-IDs; never shown as the ticket's number.
    token = models.CharField(max_length=16, unique=True, default=random_id)
    created_at = models.DateTimeField(auto_now_add=True)
    # Some of its messages went to another ticket: then the message that is answered says where an answer belongs.
    split_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.channel} {self.pk}"


class MessageQuerySet(models.QuerySet["Message"]):
    def visible_to(self, viewer: Agent) -> MessageQuerySet:
        """Messages of the tickets that an agent may know of; withdrawn ones are gone for everybody."""
        return self.filter(known_where(viewer, "ticket__"), withdrawn_at=None)

    def without_side(self) -> MessageQuerySet:
        """The conversation and its notes; not what is said with people outside."""
        return self.exclude(channel=SIDE)


class Message(models.Model):
    """What was said, once."""

    class Direction(models.TextChoices):
        IN = "in", _("Received")
        OUT = "out", _("Sent")
        NOTE = "note", _("Internal note")

    class Visibility(models.TextChoices):
        PUBLIC = "public", _("Public post")
        PRIVATE = "private", _("To the customer")
        INTERNAL = "internal", _("Internal")

    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="messages", db_index=False)
    thread = models.ForeignKey(
        Thread, null=True, on_delete=models.CASCADE, related_name="messages", db_index=False
    )
    direction = models.CharField(max_length=4, choices=Direction.choices)
    visibility = models.CharField(max_length=8, choices=Visibility.choices)
    channel = models.CharField(max_length=20)
    agent = models.ForeignKey(Agent, null=True, on_delete=models.SET_NULL, related_name="+", db_index=False)
    contact = models.ForeignKey(
        Contact, null=True, on_delete=models.SET_NULL, related_name="+", db_index=False
    )
    # As written by the sender, who may not be the contact's main address.
    sender_name = models.CharField(max_length=160, blank=True)
    sender_address = models.CharField(max_length=254, blank=True)
    subject = models.CharField(max_length=300, blank=True)
    # Lists of [address, name].
    to: models.JSONField[list[list[str]], list[list[str]]] = models.JSONField(default=list, blank=True)
    cc: models.JSONField[list[list[str]], list[list[str]]] = models.JSONField(default=list, blank=True)
    # Whole text; what the person wrote (same when nothing was folded); cleaned HTML or "".
    text = models.TextField(blank=True)
    reply_text = models.TextField(blank=True)
    html = models.TextField(blank=True)
    has_remote_content = models.BooleanField(default=False)
    # Provider's id (Message-ID without brackets), and what it answers.
    external_id = models.CharField(max_length=998, blank=True)
    answers = models.ForeignKey(
        "self", null=True, on_delete=models.SET_NULL, related_name="answered_by", db_index=False
    )
    raw = models.OneToOneField(RawMessage, null=True, on_delete=models.SET_NULL, related_name="message")
    # Marks and warnings of receiving: {"marks": [...], "warnings": [...], "auto_reply": true, "spam": true …};
    # for a call: {"caller", "direction", "started_at", "ended_at", "outcome"};
    # where it was written on a network: {"context": {"url", "network", "title", "excerpt", "position"}}.
    details: models.JSONField[dict[str, Any], dict[str, Any]] = models.JSONField(default=dict, blank=True)
    is_automatic = models.BooleanField(default=False)
    has_files = models.BooleanField(default=False)
    created_at = models.DateTimeField()
    # The sender's own clock, as far as it can be believed.
    sent_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)
    # One send per key and agent, however often the button is pressed (R03).
    idempotency_key = models.CharField(max_length=80, null=True)

    objects = MessageQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["ticket", "id"], name="messages_of_ticket")]
        constraints = [
            models.UniqueConstraint(
                fields=["agent", "idempotency_key"],
                condition=Q(idempotency_key__isnull=False),
                name="sent_once",
            ),
            models.CheckConstraint(
                condition=~Q(direction="note") | Q(visibility="internal"), name="notes_are_internal"
            ),
        ]

    def __str__(self) -> str:
        return f"message {self.pk}"


class KnownId(models.Model):
    """A Message-ID that leads to a thread, seen on a message or only inside References (R02)."""

    # SHA-256 of the id, cut to 16 bytes: ids may be a thousand letters long.
    digest = models.BinaryField(max_length=16)
    thread = models.ForeignKey(Thread, on_delete=models.CASCADE, related_name="known_ids", db_index=False)
    message = models.ForeignKey(
        Message, null=True, on_delete=models.CASCADE, related_name="+", db_index=False
    )

    class Meta:
        constraints = [models.UniqueConstraint(fields=["digest", "thread"], name="id_known_once_per_thread")]

    def __str__(self) -> str:
        return self.digest.hex()
