"""What was said: inboxes, threads, messages, the raw bytes they came from, their deliveries and files."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from zaguan.lib.secrets import random_id
from zaguan.people.models import Agent, Contact, Role, Team
from zaguan.tickets.models import Ticket


class InboxQuerySet(models.QuerySet["Inbox"]):
    def visible_to(self, viewer: Agent) -> InboxQuerySet:
        """Every agent may know which accounts there are; secrets are never shown."""
        return self if viewer.can("desk.use") else self.none()


class Inbox(models.Model):
    """A configured account of a channel: a mailbox, a number, a page, a messenger."""

    public_id = models.CharField(max_length=16, unique=True, default=random_id)
    # The folder of the channel: "email", "phone", "web", "api" …
    kind = models.CharField(max_length=20)
    name = models.CharField(_("Name"), max_length=80)
    # Our address on it, for comparing; further addresses that reach the same inbox are in `aliases`.
    address = models.CharField(_("Address"), max_length=254, blank=True)
    aliases: models.JSONField[list[str], list[str]] = models.JSONField(_("Further addresses"), default=list, blank=True)
    team = models.ForeignKey(Team, null=True, on_delete=models.PROTECT, related_name="inboxes", verbose_name=_("Team"))
    # Facts of the account (servers, ports, folders, policies); and its passwords and tokens, encrypted.
    settings: models.JSONField[dict[str, Any], dict[str, Any]] = models.JSONField(default=dict, blank=True)
    sealed_secrets = models.TextField(blank=True)
    signature = models.TextField(_("Signature"), blank=True)
    is_active = models.BooleanField(_("In use"), default=True)
    created_at = models.DateTimeField(auto_now_add=True)
    # How fetching goes; an inbox that is silent too long is shown everywhere (R06).
    last_success_at = models.DateTimeField(null=True, blank=True)
    last_error_at = models.DateTimeField(null=True, blank=True)
    last_error = models.TextField(blank=True)
    objects = InboxQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "inboxes"
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(fields=["kind", "address"], condition=~Q(address=""), name="inbox_address_once")
        ]

    def __str__(self) -> str:
        return self.name


class FolderCursor(models.Model):
    """How far a mailbox folder has been read: UIDVALIDITY and the last UID (R01)."""

    inbox = models.ForeignKey(Inbox, on_delete=models.CASCADE, related_name="cursors")
    folder = models.CharField(max_length=200)
    uid_validity = models.BigIntegerField(default=0)
    last_uid = models.BigIntegerField(default=0)
    # Where reading began: what is older was left alone at the admin's wish.
    first_uid = models.BigIntegerField(default=0)
    # The daily comparison of what the server has with what we have.
    reconciled_at = models.DateTimeField(null=True)
    missing = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["inbox", "folder"], name="one_cursor_per_folder")]

    def __str__(self) -> str:
        return f"{self.folder}:{self.last_uid}"


class Thread(models.Model):
    """One strand of a ticket on one inbox: a mail thread, a chat, a call."""

    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="threads")
    inbox = models.ForeignKey(Inbox, null=True, on_delete=models.SET_NULL, related_name="threads", db_index=False)
    channel = models.CharField(max_length=20)
    subject = models.CharField(max_length=300, blank=True)
    # In the signed reply address and in signed Message-IDs; never shown as the ticket's number.
    token = models.CharField(max_length=16, unique=True, default=random_id)
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return f"{self.channel} {self.pk}"


class RawMessageQuerySet(models.QuerySet["RawMessage"]):
    def visible_to(self, viewer: Agent) -> RawMessageQuerySet:
        """For those who repair mail: of all inboxes, or of the inboxes of their teams."""
        if not viewer.can("conversations.failed_mail"):
            return self.none()
        if viewer.role.is_admin or viewer.role.ticket_scope == Role.Scope.ALL:
            return self
        return self.filter(inbox__team__in=viewer.team_ids())


class RawMessage(models.Model):
    """The bytes as received, committed before anything parses them."""

    class State(models.TextChoices):
        RECEIVED = "received", _("Received")
        PROCESSED = "processed", _("Processed")
        FAILED = "failed", _("Failed")
        HELD = "held", _("Held")

    inbox = models.ForeignKey(Inbox, null=True, on_delete=models.SET_NULL, related_name="raw_messages", db_index=False)
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
            models.UniqueConstraint(fields=["fingerprint"], condition=Q(inbox=None), name="unrouted_mail_stored_once"),
        ]
        indexes = [
            models.Index(fields=["state", "id"], name="raw_to_do"),
            models.Index(fields=["inbox", "folder", "uid"], name="raw_by_uid", condition=Q(uid__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"raw {self.pk}"


class MessageQuerySet(models.QuerySet["Message"]):
    def visible_to(self, viewer: Agent) -> MessageQuerySet:
        """Messages of the tickets that an agent may know of; withdrawn ones are gone for everybody."""
        return self.filter(ticket__in=Ticket.objects.visible_to(viewer), withdrawn_at=None)


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
    thread = models.ForeignKey(Thread, null=True, on_delete=models.CASCADE, related_name="messages", db_index=False)
    direction = models.CharField(max_length=4, choices=Direction.choices)
    visibility = models.CharField(max_length=8, choices=Visibility.choices)
    channel = models.CharField(max_length=20)
    agent = models.ForeignKey(Agent, null=True, on_delete=models.SET_NULL, related_name="+", db_index=False)
    contact = models.ForeignKey(Contact, null=True, on_delete=models.SET_NULL, related_name="+", db_index=False)
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
    answers = models.ForeignKey("self", null=True, on_delete=models.SET_NULL, related_name="answered_by", db_index=False)
    raw = models.OneToOneField(RawMessage, null=True, on_delete=models.SET_NULL, related_name="message")
    # Marks and warnings of receiving: {"marks": [...], "warnings": [...], "auto_reply": true, "spam": true …};
    # for a call: {"caller", "direction", "started_at", "ended_at", "outcome"}.
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
                fields=["agent", "idempotency_key"], condition=Q(idempotency_key__isnull=False), name="sent_once"
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
    message = models.ForeignKey(Message, null=True, on_delete=models.CASCADE, related_name="+", db_index=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["digest", "thread"], name="id_known_once_per_thread")]

    def __str__(self) -> str:
        return self.digest.hex()


class DeliveryQuerySet(models.QuerySet["Delivery"]):
    def visible_to(self, viewer: Agent) -> DeliveryQuerySet:
        """Deliveries of the messages that an agent may know of."""
        return self.filter(message__ticket__in=Ticket.objects.visible_to(viewer), message__withdrawn_at=None)


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


class AttachmentQuerySet(models.QuerySet["Attachment"]):
    def visible_to(self, viewer: Agent) -> AttachmentQuerySet:
        """Files of visible messages, and files that the agent has uploaded and not yet sent."""
        seen = Q(message__ticket__in=Ticket.objects.visible_to(viewer), message__withdrawn_at=None)
        return self.filter(seen | Q(message=None, uploaded_by=viewer))


class Attachment(models.Model):
    """A file that came with a message, or waits to be sent with one."""

    public_id = models.CharField(max_length=24, unique=True)
    message = models.ForeignKey(Message, null=True, on_delete=models.CASCADE, related_name="attachments")
    uploaded_by = models.ForeignKey(Agent, null=True, on_delete=models.SET_NULL, related_name="+")
    name = models.CharField(max_length=255)
    content_type = models.CharField(max_length=120)
    size = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64)
    content_id = models.CharField(max_length=255, blank=True)
    is_inline = models.BooleanField(default=False)
    # Path in the storage; a random name that says nothing about the file.
    stored_as = models.CharField(max_length=200)
    created_at = models.DateTimeField(auto_now_add=True)
    objects = AttachmentQuerySet.as_manager()

    def __str__(self) -> str:
        return self.name


class DraftQuerySet(models.QuerySet["Draft"]):
    def visible_to(self, viewer: Agent) -> DraftQuerySet:
        """Drafts are their author's own."""
        return self.filter(agent=viewer)


class Draft(models.Model):
    """What an agent is typing, kept on the server; reply and note apart (R13)."""

    class Kind(models.TextChoices):
        REPLY = "reply", _("Reply")
        NOTE = "note", _("Internal note")
        NEW = "new", _("New ticket")

    agent = models.ForeignKey(Agent, on_delete=models.CASCADE, related_name="drafts")
    # Null for the form of a new ticket.
    ticket = models.ForeignKey(Ticket, null=True, on_delete=models.CASCADE, related_name="drafts")
    kind = models.CharField(max_length=5, choices=Kind.choices)
    html = models.TextField(blank=True)
    # Recipients, subject, mode, attachments' public ids, other fields of a form.
    fields: models.JSONField[dict[str, Any], dict[str, Any]] = models.JSONField(default=dict, blank=True)
    updated_at = models.DateTimeField(auto_now=True)
    objects = DraftQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["agent", "ticket", "kind"], name="one_draft_each"),
            models.UniqueConstraint(fields=["agent", "kind"], condition=Q(ticket=None), name="one_new_ticket_draft"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} draft {self.pk}"


class Seen(models.Model):
    """Up to when an agent has read a ticket; what the customer wrote later is unread."""

    agent = models.ForeignKey(Agent, on_delete=models.CASCADE, related_name="+")
    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["agent", "ticket"], name="seen_once")]

    def __str__(self) -> str:
        return f"{self.agent_id} saw {self.ticket_id}"


class MentionQuerySet(models.QuerySet["Mention"]):
    def visible_to(self, viewer: Agent) -> MentionQuerySet:
        """An agent's own mentions."""
        return self.filter(agent=viewer)


class Mention(models.Model):
    """An agent was named in a note."""

    agent = models.ForeignKey(Agent, on_delete=models.CASCADE, related_name="mentions")
    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="mentions")
    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="mentions", db_index=False)
    created_at = models.DateTimeField(auto_now_add=True)
    read_at = models.DateTimeField(null=True)
    objects = MentionQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["agent", "message"], name="mentioned_once")]
        indexes = [models.Index(fields=["agent", "-id"], name="mentions_of_agent")]

    def __str__(self) -> str:
        return f"mention {self.pk}"
