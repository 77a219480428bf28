"""Canned messages: ready answers to frequent questions."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from zaguan.conversations.models.files import Attachment
from zaguan.people.models import Agent, Team


class CannedQuerySet(models.QuerySet["Canned"]):
    def visible_to(self, viewer: Agent) -> CannedQuerySet:
        """An agent's own, those of their teams, and those for everybody."""
        if not viewer.can("desk.use"):
            return self.none()
        everybody = Q(owner=None, team=None)
        return self.filter(Q(owner=viewer) | Q(team__in=viewer.team_ids()) | everybody)


class Canned(models.Model):
    """A ready text: personal, of a team, or for everybody (neither owner nor team)."""

    name = models.CharField(_("Name"), max_length=80)
    # Typed after "/" in the composer; in lower case.
    shortcut = models.CharField(_("Shortcut"), max_length=40, blank=True)
    # Folders within folders are written with "/".
    folder = models.CharField(_("Folder"), max_length=120, blank=True)
    text = models.TextField(_("Text"))
    # The same in other languages, by language code.
    texts: models.JSONField[dict[str, str], dict[str, str]] = models.JSONField(default=dict, blank=True)
    owner = models.ForeignKey(Agent, null=True, blank=True, on_delete=models.CASCADE, related_name="canned")
    team = models.ForeignKey(Team, null=True, blank=True, on_delete=models.CASCADE, related_name="canned")
    archived_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)
    changed_by = models.ForeignKey(Agent, null=True, on_delete=models.SET_NULL, related_name="+")
    objects = CannedQuerySet.as_manager()

    class Meta:
        ordering = [Lower("folder"), Lower("name"), "id"]

    def __str__(self) -> str:
        return self.name


class CannedFile(models.Model):
    """A file that is sent with a canned message; each use makes its own row of the same stored bytes."""

    canned = models.ForeignKey(Canned, on_delete=models.CASCADE, related_name="files")
    attachment = models.OneToOneField(Attachment, on_delete=models.CASCADE, related_name="canned_in")

    def __str__(self) -> str:
        return str(self.attachment)
