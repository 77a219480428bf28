"""Rules: when something happens or time has passed, if the ticket is such a one, do this."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from zaguan.automation import held_back
from zaguan.automation.models.macros import StepRow
from zaguan.events.base import Actor
from zaguan.people.models import Agent
from zaguan.tickets.models.lists import Translated

# What starts a rule: {"trigger": "status_changed", "values": {}}, kept as automation/triggers.py checked it.
TriggerRow = dict[str, Any]
# What must be true of the change itself: {"condition": "status_to", "values": {"status": 3}, "not": False}.
ConditionRow = dict[str, Any]


class RuleQuerySet(models.QuerySet["Rule"]):
    def visible_to(self, viewer: Agent) -> RuleQuerySet:
        """Rules act on everybody's tickets: they are known to all who use the desk, and changed by few."""
        return self if viewer.can("desk.use") else self.none()

    def kept(self) -> RuleQuerySet:
        """Those that were not deleted."""
        return self.filter(archived_at=None)

    def acting(self) -> RuleQuerySet:
        """Those that act now, in their order."""
        return self.filter(archived_at=None, is_active=True, braked_at=None)


class Rule(Translated):
    """One rule. `position` is its order; a deleted one stays for the history of what it did."""

    # Of a rule that the product came with.
    key = models.CharField(max_length=40, blank=True)
    description = models.CharField(_("Description"), max_length=300, blank=True)
    is_active = models.BooleanField(default=False)
    when: models.JSONField[list[TriggerRow], list[TriggerRow]] = models.JSONField(default=list)
    query = models.CharField(_("On tickets"), max_length=500, blank=True)
    conditions: models.JSONField[list[ConditionRow], list[ConditionRow]] = models.JSONField(default=list)
    steps: models.JSONField[list[StepRow], list[StepRow]] = models.JSONField(default=list)
    # After it acted, the rules below it are not asked about the same event.
    stops = models.BooleanField(default=False)
    # A rule about time acts also where the time had passed before it was switched on.
    catches_up = models.BooleanField(default=False)
    # Grows with each change; its words stand in RuleVersion.
    version = models.PositiveIntegerField(default=1)
    # Whose permissions its actions were checked with.
    author = models.ForeignKey(Agent, null=True, on_delete=models.SET_NULL, related_name="+", db_index=False)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)
    # It acted too often and was stopped; `brake_reason` (as automation/held_back.py keeps it) says how often.
    # Saving it or switching it on takes the brake off.
    braked_at = models.DateTimeField(null=True)
    brake_reason = models.CharField(max_length=300, blank=True)
    objects = RuleQuerySet.as_manager()  # type: ignore[assignment, misc]

    class Meta(Translated.Meta):
        constraints = [
            models.UniqueConstraint(fields=["key"], condition=~Q(key=""), name="one_rule_of_each_shipped")
        ]

    @property
    def actor(self) -> Actor:
        return Actor("rule", self.pk)

    @property
    def why_braked(self) -> str:
        """How often it acted, in the reader's language."""
        return held_back.said(self.brake_reason)

    @property
    def is_acting(self) -> bool:
        """Switched on, and not stopped by the brake."""
        return self.is_active and self.braked_at is None and self.archived_at is None


class RuleVersionQuerySet(models.QuerySet["RuleVersion"]):
    def visible_to(self, viewer: Agent) -> RuleVersionQuerySet:
        """Whoever knows the rules knows what they were."""
        return self if viewer.can("desk.use") else self.none()


class RuleVersion(models.Model):
    """A rule as it stood after a change: who made it, when, and the whole of it."""

    rule = models.ForeignKey(Rule, on_delete=models.CASCADE, related_name="versions", db_index=False)
    number = models.PositiveIntegerField()
    at = models.DateTimeField(auto_now_add=True)
    agent = models.ForeignKey(Agent, null=True, on_delete=models.SET_NULL, related_name="+", db_index=False)
    # The columns of a rule that people choose, by name.
    snapshot: models.JSONField[dict[str, Any], dict[str, Any]] = models.JSONField(default=dict)
    # What this was taken back from, when an old version was brought back.
    restored_from = models.PositiveIntegerField(null=True)
    objects = RuleVersionQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["rule", "number"], name="one_version_of_a_rule")]
        ordering = ["-number"]

    def __str__(self) -> str:
        return f"{self.rule_id} v{self.number}"
