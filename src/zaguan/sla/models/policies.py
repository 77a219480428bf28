"""Policies of promised times; every version of one is kept, so that old clocks can say by which they were judged."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from zaguan.people.models import Agent
from zaguan.sla.models.calendars import Calendar
from zaguan.sla.terms import Target, Terms


class PolicyQuerySet(models.QuerySet["Policy"]):
    def visible_to(self, viewer: Agent) -> PolicyQuerySet:
        """What was promised is no secret among those who use the desk."""
        return self if viewer.can("desk.use") else self.none()

    def kept(self) -> PolicyQuerySet:
        """Those that were not deleted."""
        return self.filter(archived_at=None)


class Policy(models.Model):
    """Of the active ones, the first in order whose filter finds a ticket says what is promised for it."""

    name = models.CharField(_("Name"), max_length=80)
    description = models.CharField(_("Description"), max_length=300, blank=True)
    position = models.PositiveIntegerField(_("Position"), default=0)
    is_active = models.BooleanField(_("Active"), default=False)
    # The newest version's number; what it promises stands there.
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(auto_now_add=True)
    # When it was first active; before, no ticket has clocks of it.
    activated_at = models.DateTimeField(null=True)
    archived_at = models.DateTimeField(null=True)
    objects = PolicyQuerySet.as_manager()

    class Meta:
        ordering = ["position", "id"]

    def __str__(self) -> str:
        return self.name


class PolicyVersion(models.Model):
    """What a policy said at a time; never changed."""

    policy = models.ForeignKey(Policy, on_delete=models.CASCADE, related_name="versions", db_index=False)
    number = models.PositiveIntegerField(default=1)
    name = models.CharField(max_length=80)
    # A filter; empty for every ticket.
    query = models.CharField(max_length=1000, blank=True)
    # None: the calendar of the ticket's team.
    calendar = models.ForeignKey(Calendar, null=True, on_delete=models.PROTECT, related_name="+")
    # As `Target.as_json`.
    targets: models.JSONField[list[dict[str, Any]], list[dict[str, Any]]] = models.JSONField(default=list)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(Agent, null=True, on_delete=models.SET_NULL, related_name="+", db_index=False)

    class Meta:
        ordering = ["policy", "number"]
        constraints = [models.UniqueConstraint(fields=["policy", "number"], name="policy_version_once")]

    def __str__(self) -> str:
        return f"{self.name} v{self.number}"

    @property
    def is_newest(self) -> bool:
        """Whether the policy still says this."""
        return self.number == self.policy.version

    @cached_property
    def terms(self) -> Terms:
        """What it promises, as plain values."""
        return Terms(self.pk, self.policy_id, tuple(Target.of(row) for row in self.targets))
