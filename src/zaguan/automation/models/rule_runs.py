"""What rules did and why, when they will look at a ticket again, and what they would have done."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from zaguan.automation.models.rules import Rule
from zaguan.people.models import Agent
from zaguan.tickets.models import Ticket, known_where


class RuleRunQuerySet(models.QuerySet["RuleRun"]):
    def visible_to(self, viewer: Agent) -> RuleRunQuerySet:
        """Those on tickets that the viewer may know of."""
        return self.filter(known_where(viewer, "ticket__"))


class RuleRun(models.Model):
    """A rule fitted on a ticket: what caused it, what it saw, and what each of its actions did."""

    class Outcome(models.TextChoices):
        DONE = "done", _("Acted")
        SAME = "same", _("Nothing to change")
        REFUSED = "refused", _("Refused")
        STOPPED = "stopped", _("Held back")

    rule = models.ForeignKey(Rule, on_delete=models.CASCADE, related_name="runs", db_index=False)
    version = models.PositiveIntegerField()
    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="rule_runs", db_index=False)
    # The event that it answered; None when time had passed, then `moment` is what it was counted from.
    event_id = models.BigIntegerField(null=True)
    moment = models.DateTimeField(null=True)
    # The first event of the chain, which no rule had caused; and how many rules stand between.
    root_id = models.BigIntegerField(null=True)
    depth = models.PositiveSmallIntegerField(default=0)
    # The event that says that it acted, which its changes name as their cause.
    applied_id = models.BigIntegerField(null=True)
    trigger: models.JSONField[dict[str, Any], dict[str, Any]] = models.JSONField(default=dict)
    # {"query" or "condition" …, "true", "seen"} and {"action", "values", "state", "old", "new", "reason"}.
    conditions: models.JSONField[list[dict[str, Any]], list[dict[str, Any]]] = models.JSONField(default=list)
    actions: models.JSONField[list[dict[str, Any]], list[dict[str, Any]]] = models.JSONField(default=list)
    outcome = models.CharField(max_length=8, choices=Outcome.choices, default=Outcome.DONE)
    reason = models.CharField(max_length=300, blank=True)
    at = models.DateTimeField()
    objects = RuleRunQuerySet.as_manager()

    class Meta:
        constraints = [
            # Once for each first cause, however often the reaction is run and whatever way leads back to it.
            models.UniqueConstraint(
                fields=["ticket", "rule", "root_id"],
                condition=Q(root_id__isnull=False),
                name="rule_once_per_root",
            ),
            models.UniqueConstraint(
                fields=["ticket", "rule", "moment"],
                condition=Q(moment__isnull=False),
                name="rule_once_per_moment",
            ),
        ]
        indexes = [
            models.Index(fields=["ticket", "-id"], name="rule_runs_of_ticket"),
            models.Index(fields=["rule", "-id"], name="rule_runs_of_rule"),
            models.Index(fields=["at"], name="rule_runs_by_age"),
        ]

    def __str__(self) -> str:
        return f"{self.rule_id} on {self.ticket_id}: {self.outcome}"


class RuleTimer(models.Model):
    """When a rule about time looks at a ticket; `at` is empty when it has, until what it counts from moves."""

    rule = models.ForeignKey(Rule, on_delete=models.CASCADE, related_name="timers", db_index=False)
    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="rule_timers", db_index=False)
    # Which of the rule's triggers counts.
    trigger = models.PositiveSmallIntegerField(default=0)
    base = models.DateTimeField()
    # What `base` and the rule's own length of time lead to.
    moment = models.DateTimeField()
    at = models.DateTimeField(null=True)
    done = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["ticket", "rule", "trigger"], name="one_timer_each")]
        indexes = [
            models.Index(fields=["at", "id"], name="rule_timers_due", condition=Q(at__isnull=False)),
            models.Index(fields=["rule", "id"], name="rule_timers_of_rule"),
        ]

    def __str__(self) -> str:
        return f"{self.rule_id} on {self.ticket_id} at {self.at}"


class RuleTrialQuerySet(models.QuerySet["RuleTrial"]):
    def visible_to(self, viewer: Agent) -> RuleTrialQuerySet:
        """An agent's own."""
        return self.filter(agent=viewer) if viewer.can("desk.use") else self.none()


class RuleTrial(models.Model):
    """What a rule would have done to the last tickets; nothing was changed for it."""

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        RUNNING = "running", _("Running")
        DONE = "done", _("Done")
        STOPPED = "stopped", _("Stopped")

    agent = models.ForeignKey(Agent, on_delete=models.CASCADE, related_name="+", db_index=False)
    # None for one that was never saved.
    rule = models.ForeignKey(Rule, null=True, on_delete=models.CASCADE, related_name="trials", db_index=False)
    snapshot: models.JSONField[dict[str, Any], dict[str, Any]] = models.JSONField(default=dict)
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    total = models.PositiveIntegerField(default=0)
    seen = models.PositiveIntegerField(default=0)
    matched = models.PositiveIntegerField(default=0)
    # Everything below this number has still to be looked at.
    below = models.BigIntegerField(null=True)
    # The first of those found: {"ticket", "subject", "event", "at", "differences"}.
    found: models.JSONField[list[dict[str, Any]], list[dict[str, Any]]] = models.JSONField(default=list)
    created_at = models.DateTimeField(auto_now_add=True)
    ended_at = models.DateTimeField(null=True)
    objects = RuleTrialQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["agent", "-id"], name="rule_trials_of_agent"),
            models.Index(fields=["created_at"], name="rule_trials_by_age"),
        ]

    def __str__(self) -> str:
        return f"trial {self.pk}: {self.seen}/{self.total}"

    @property
    def is_working(self) -> bool:
        return self.state in (self.State.WAITING, self.State.RUNNING)
