"""What agents were told, what they want to be told, and the devices that it goes to."""

from __future__ import annotations

from datetime import time
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from zaguan.conversations.models import Inbox
from zaguan.people.models import Agent, Team
from zaguan.tickets.models import Ticket, known_where


class NotificationQuerySet(models.QuerySet["Notification"]):
    def visible_to(self, viewer: Agent) -> NotificationQuerySet:
        """An agent's own, and never about a ticket that they may not see (any more)."""
        if not viewer.can("desk.use"):
            return self.none()
        return self.filter(Q(ticket=None) | known_where(viewer, "ticket__"), agent=viewer)

    def in_bell(self) -> NotificationQuerySet:
        """What the bell lists: the newest of each bundle."""
        return self.filter(in_bell=True, is_top=True)

    def unread(self) -> NotificationQuerySet:
        return self.filter(read_at=None)


class Notification(models.Model):
    """One agent is told of one event. Unread ones about the same ticket are a bundle; its newest is on top."""

    agent = models.ForeignKey(Agent, on_delete=models.CASCADE, related_name="notifications", db_index=False)
    kind = models.CharField(max_length=30)
    ticket = models.ForeignKey(
        Ticket, null=True, blank=True, on_delete=models.CASCADE, related_name="notifications", db_index=False
    )
    # Not a foreign key: the event may be forgotten earlier than what was told of it.
    event_id = models.BigIntegerField(null=True, blank=True)
    # Short pieces of text that sentences are made of in the reader's language: who, subject, said, reason, at …
    pieces: models.JSONField[dict[str, Any], dict[str, Any]] = models.JSONField(default=dict, blank=True)
    in_bell = models.BooleanField(default=True)
    is_top = models.BooleanField(default=True)
    # How many the bundle holds, this one among them.
    bundled = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField()
    seen_at = models.DateTimeField(null=True, blank=True)
    read_at = models.DateTimeField(null=True, blank=True)
    # When a mail has to tell of it (None: never), and when one did.
    mail_at = models.DateTimeField(null=True, blank=True)
    mailed_at = models.DateTimeField(null=True, blank=True)
    objects = NotificationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["agent", "event_id", "kind"], name="told_once_of_an_event")
        ]
        indexes = [
            models.Index(
                fields=["agent", "-id"], condition=Q(in_bell=True, is_top=True), name="bell_of_agent"
            ),
            models.Index(fields=["agent", "ticket"], condition=Q(read_at=None), name="unread_about_ticket"),
            models.Index(
                fields=["mail_at"], condition=Q(mailed_at=None, mail_at__isnull=False), name="mail_to_be_sent"
            ),
            models.Index(fields=["ticket"], name="told_about_ticket"),
            models.Index(fields=["created_at"], name="told_at"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} for {self.agent_id}"


class PreferenceQuerySet(models.QuerySet["Preference"]):
    def visible_to(self, viewer: Agent) -> PreferenceQuerySet:
        """An agent's own."""
        return self.filter(agent=viewer) if viewer.can("desk.use") else self.none()


class Preference(models.Model):
    """Whether a kind comes by a medium, where that differs from what holds without it.

    Without an agent it is the house's choice for everybody who has not chosen; with a team or an inbox it
    holds for their tickets only.
    """

    agent = models.ForeignKey(Agent, null=True, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=30)
    medium = models.CharField(max_length=10)
    team = models.ForeignKey(Team, null=True, on_delete=models.CASCADE, related_name="+")
    inbox = models.ForeignKey(Inbox, null=True, on_delete=models.CASCADE, related_name="+")
    is_on = models.BooleanField()
    objects = PreferenceQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.kind} by {self.medium}"


class WishesQuerySet(models.QuerySet["Wishes"]):
    def visible_to(self, viewer: Agent) -> WishesQuerySet:
        """An agent's own."""
        return self.filter(agent=viewer) if viewer.can("desk.use") else self.none()


class Wishes(models.Model):
    """When and how an agent wants to be told; the row without an agent is the house's, for who has none."""

    class Digest(models.TextChoices):
        OFF = "off", _("At once, one mail for what belongs together")
        HOURLY = "hourly", _("One mail an hour")
        DAILY = "daily", _("One mail a day")

    agent = models.OneToOneField(Agent, null=True, on_delete=models.CASCADE, related_name="wishes")
    digest = models.CharField(_("Mail comes"), max_length=10, choices=Digest.choices, default=Digest.OFF)
    digest_at = models.TimeField(_("At"), default=time(8))
    quiet = models.BooleanField(_("Quiet hours"), default=False)
    # Of the week, 0 is Monday; the day on which they begin.
    quiet_days: models.JSONField[list[int], list[int]] = models.JSONField(default=list, blank=True)
    quiet_from = models.TimeField(_("From"), default=time(19))
    quiet_to = models.TimeField(_("To"), default=time(8))
    # SLA warnings leave the bell only while the team works.
    in_working_time = models.BooleanField(_("SLA warnings only in working time"), default=False)
    show_text = models.BooleanField(_("Show the text on the lock screen"), default=False)
    objects = WishesQuerySet.as_manager()

    def __str__(self) -> str:
        return f"wishes of {self.agent_id}"


class SubscriptionQuerySet(models.QuerySet["PushSubscription"]):
    def visible_to(self, viewer: Agent) -> SubscriptionQuerySet:
        """An agent's own devices."""
        return self.filter(agent=viewer) if viewer.can("desk.use") else self.none()


class PushSubscription(models.Model):
    """One browser on one device: where its push service takes messages, and the keys that only it can open them with."""

    agent = models.ForeignKey(Agent, on_delete=models.CASCADE, related_name="devices")
    name = models.CharField(max_length=80)
    endpoint = models.TextField()
    # Long addresses are compared by this.
    digest = models.CharField(max_length=64, unique=True)
    p256dh = models.CharField(max_length=100)
    auth = models.CharField(max_length=40)
    # The public key that it was made with; with another one its push service refuses us.
    server_key = models.CharField(max_length=100)
    created_at = models.DateTimeField(auto_now_add=True)
    succeeded_at = models.DateTimeField(null=True)
    failed_at = models.DateTimeField(null=True)
    failure = models.CharField(max_length=300, blank=True)
    objects = SubscriptionQuerySet.as_manager()

    def __str__(self) -> str:
        return self.name


class ServerKey(models.Model):
    """The key pair that push services know this installation by (VAPID); one row, made at first use."""

    public = models.CharField(max_length=100)
    sealed_private = models.TextField()
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.public[:12]
