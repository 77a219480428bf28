"""Files and links that hang on a ticket without having been said, and the library that all share (A7.9)."""

from __future__ import annotations

from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from zaguan.conversations.models.files import Attachment
from zaguan.lib.secrets import random_id
from zaguan.people.models import Agent
from zaguan.tickets.models import Ticket, known_where


class LibraryQuerySet(models.QuerySet["LibraryItem"]):
    def visible_to(self, viewer: Agent) -> LibraryQuerySet:
        """The library is everybody's who uses the desk."""
        return self if viewer.can("desk.use") else self.none()


class LibraryItem(models.Model):
    """A file or a link that is needed again and again: a price list, a manual."""

    public_id = models.CharField(max_length=16, unique=True, default=random_id)
    name = models.CharField(_("Name"), max_length=160)
    # Folders within folders are written with "/".
    folder = models.CharField(_("Folder"), max_length=120, blank=True)
    description = models.CharField(_("Description"), max_length=300, blank=True)
    attachment = models.OneToOneField(
        Attachment, null=True, blank=True, on_delete=models.PROTECT, related_name="in_library"
    )
    address = models.CharField(_("Web address"), max_length=2000, blank=True)
    archived_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)
    objects = LibraryQuerySet.as_manager()

    class Meta:
        ordering = [Lower("folder"), Lower("name"), "id"]

    def __str__(self) -> str:
        return self.name


class TicketItemQuerySet(models.QuerySet["TicketItem"]):
    def visible_to(self, viewer: Agent) -> TicketItemQuerySet:
        """Of the tickets that the viewer may know of."""
        return self.filter(known_where(viewer, "ticket__"))


class TicketItem(models.Model):
    """What agents hung on a ticket: an uploaded file, a link, or an item of the library. For agents only."""

    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="items")
    attachment = models.OneToOneField(
        Attachment, null=True, on_delete=models.CASCADE, related_name="on_ticket"
    )
    library_item = models.ForeignKey(LibraryItem, null=True, on_delete=models.PROTECT, related_name="uses")
    name = models.CharField(_("Name"), max_length=255, blank=True)
    address = models.CharField(_("Web address"), max_length=2000, blank=True)
    added_by = models.ForeignKey(Agent, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    objects = TicketItemQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return self.name or self.address
