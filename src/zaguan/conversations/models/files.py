"""Files of messages."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from zaguan.conversations.models.messages import Message
from zaguan.people.models import Agent
from zaguan.tickets.models import known_where


class AttachmentQuerySet(models.QuerySet["Attachment"]):
    def visible_to(self, viewer: Agent) -> AttachmentQuerySet:
        """Files of visible messages and tickets, those of the library, and the agent's own uploads not yet sent."""
        seen = known_where(viewer, "message__ticket__") & Q(message__withdrawn_at=None)
        hung = known_where(viewer, "on_ticket__ticket__") & Q(on_ticket__isnull=False)
        shared = Q(in_library__isnull=False) if viewer.can("desk.use") else Q(pk__in=[])
        return self.filter(seen | hung | shared | Q(message=None, uploaded_by=viewer))


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
