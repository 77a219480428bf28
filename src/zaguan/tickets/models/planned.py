"""Tickets that are not there yet: templates to begin with, and those that open by themselves at their time."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from zaguan.people.models import Agent, Role, Team
from zaguan.tickets.models.ticket import Ticket


class TemplateQuerySet(models.QuerySet["Template"]):
    def visible_to(self, viewer: Agent) -> TemplateQuerySet:
        """An agent's own templates, those of their teams, and those for everybody."""
        everybody = Q(owner=None, team=None)
        return self.filter(Q(owner=viewer) | Q(team__in=viewer.team_ids()) | everybody)


class Template(models.Model):
    """What the form of a new ticket begins with: personal, of a team, or for everybody (neither owner nor team)."""

    name = models.CharField(_("Name"), max_length=80)
    # As conversations.planning.Plan writes it; what is left out, the form leaves open.
    values: models.JSONField[dict[str, Any], dict[str, Any]] = models.JSONField(default=dict)
    owner = models.ForeignKey(Agent, null=True, blank=True, on_delete=models.CASCADE, related_name="+")
    team = models.ForeignKey(Team, null=True, blank=True, on_delete=models.CASCADE, related_name="+")
    position = models.PositiveIntegerField(default=0)
    objects = TemplateQuerySet.as_manager()

    class Meta:
        ordering = ["position", "id"]

    def __str__(self) -> str:
        return self.name


class ScheduleQuerySet(models.QuerySet["Schedule"]):
    def visible_to(self, viewer: Agent) -> ScheduleQuerySet:
        """One's own, and those that will open tickets one would see."""
        if not viewer.can("desk.use"):
            return self.none()
        if viewer.scope == Role.Scope.ALL:
            return self
        if viewer.scope == Role.Scope.OWN:
            return self.filter(agent=viewer)
        return self.filter(Q(agent=viewer) | Q(team__in=viewer.team_ids()))


class Schedule(models.Model):
    """A ticket that opens by itself, once or again and again (A3.7). Until then it is in no queue and on no clock."""

    agent = models.ForeignKey(Agent, null=True, on_delete=models.SET_NULL, related_name="+", db_index=False)
    team = models.ForeignKey(Team, null=True, on_delete=models.SET_NULL, related_name="+")
    subject = models.CharField(max_length=300)
    # As conversations.planning.Plan writes it.
    values: models.JSONField[dict[str, Any], dict[str, Any]] = models.JSONField(default=dict)
    # First time, on the wall clock of the zone (IANA name); a rule of RFC 5545 when it repeats.
    starts_at = models.DateTimeField()
    zone = models.CharField(max_length=64)
    rule = models.CharField(max_length=300, blank=True)
    # None when there is none to come: opened, ended, cancelled.
    next_at = models.DateTimeField(null=True)
    paused_at = models.DateTimeField(null=True)
    cancelled_at = models.DateTimeField(null=True)
    count = models.PositiveIntegerField(default=0)
    last_ticket = models.ForeignKey(Ticket, null=True, on_delete=models.SET_NULL, related_name="+")
    # Why it could not open when its time had come; empty again after it worked.
    problem = models.TextField(blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    objects = ScheduleQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["next_at"], name="schedules_due", condition=Q(next_at__isnull=False)),
        ]

    def __str__(self) -> str:
        return self.subject
