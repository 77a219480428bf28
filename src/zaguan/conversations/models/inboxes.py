"""Our accounts on the channels, and how far their folders have been read."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from zaguan.lib.secrets import random_id
from zaguan.people.models import Agent, Team


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
    aliases: models.JSONField[list[str], list[str]] = models.JSONField(
        _("Further addresses"), default=list, blank=True
    )
    team = models.ForeignKey(
        Team, null=True, on_delete=models.PROTECT, related_name="inboxes", verbose_name=_("Team")
    )
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
            models.UniqueConstraint(
                fields=["kind", "address"], condition=~Q(address=""), name="inbox_address_once"
            )
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
