"""Saved views, and the desk's own choices about tickets."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from zaguan.events.base import Actor
from zaguan.people.models import Agent, Team


class ViewQuerySet(models.QuerySet["View"]):
    def visible_to(self, viewer: Agent) -> ViewQuerySet:
        """An agent's own views, those of their teams, and those for everybody."""
        everybody = Q(owner=None, team=None)
        return self.filter(Q(owner=viewer) | Q(team__in=viewer.team_ids()) | everybody)


class View(models.Model):
    """A saved search: personal, of a team, or for everybody (neither owner nor team)."""

    name = models.CharField(_("Name"), max_length=80)
    query = models.CharField(_("Search"), max_length=500, blank=True)
    order = models.CharField(_("Order"), max_length=20, default="active")
    owner = models.ForeignKey(Agent, null=True, blank=True, on_delete=models.CASCADE, related_name="views")
    team = models.ForeignKey(Team, null=True, blank=True, on_delete=models.CASCADE, related_name="views")
    position = models.PositiveIntegerField(default=0)
    objects = ViewQuerySet.as_manager()

    class Meta:
        ordering = ["position", "id"]

    def __str__(self) -> str:
        return self.name

    def is_visible_to(self, viewer: Agent) -> bool:
        """What ViewQuerySet.visible_to says, for a view at hand."""
        if self.owner_id is not None:
            return self.owner_id == viewer.pk
        return self.team_id is None or self.team_id in viewer.team_ids()


class Rule(models.Model):
    """The desk's own choices about tickets; one row."""

    # Hours after which a resolved ticket closes by itself (A5.8); 0 never.
    close_after_hours = models.PositiveIntegerField(_("Hours until a resolved ticket closes"), default=96)
    # Days within which a merge can be taken back, and after which what is in the trash goes for good (0: never by itself).
    undo_merge_days = models.PositiveIntegerField(_("Days to take a merge back"), default=30)
    undo_contact_days = models.PositiveIntegerField(
        _("Days to undo a merge of contacts"), default=30, db_default=30
    )
    trash_days = models.PositiveIntegerField(_("Days in the trash"), default=30)
    # Whether a parent may be resolved while children of it are open (A4.2).
    parent_waits = models.BooleanField(_("A parent waits for its children"), default=False, db_default=False)

    def __str__(self) -> str:
        return "rules"

    @property
    def actor(self) -> Actor:
        return Actor("rule", self.pk)
