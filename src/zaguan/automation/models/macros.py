"""Macros, and what was done with them or with an action on one or many tickets."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from zaguan.people.models import Agent, Team
from zaguan.tickets.models import Ticket
from zaguan.tickets.models.lists import Translated

# One action with its values, as stored: {"action": "set_status", "values": {"status": 3}}.
StepRow = dict[str, Any]


class MacroQuerySet(models.QuerySet["Macro"]):
    def visible_to(self, viewer: Agent) -> MacroQuerySet:
        """An agent's own, those of their teams, and those for everybody."""
        if not viewer.can("desk.use"):
            return self.none()
        everybody = Q(owner=None, team=None)
        return self.filter(Q(owner=viewer) | Q(team__in=viewer.team_ids()) | everybody)


class Macro(Translated):
    """Several actions in one click: personal, of a team, or for everybody (neither owner nor team)."""

    description = models.CharField(_("Description"), max_length=200, blank=True)
    steps: models.JSONField[list[StepRow], list[StepRow]] = models.JSONField(default=list)
    # A filter: offered on the tickets that it finds; empty on all.
    query = models.CharField(_("Offered on"), max_length=500, blank=True)
    owner = models.ForeignKey(Agent, null=True, blank=True, on_delete=models.CASCADE, related_name="macros")
    team = models.ForeignKey(Team, null=True, blank=True, on_delete=models.CASCADE, related_name="macros")
    updated_at = models.DateTimeField(auto_now=True)
    changed_by = models.ForeignKey(Agent, null=True, on_delete=models.SET_NULL, related_name="+")
    # Not every macro is known to all who use the desk.
    objects = MacroQuerySet.as_manager()  # type: ignore[assignment, misc]


class RunQuerySet(models.QuerySet["Run"]):
    def visible_to(self, viewer: Agent) -> RunQuerySet:
        """An agent's own."""
        return self.filter(agent=viewer) if viewer.can("desk.use") else self.none()


class Run(models.Model):
    """Actions carried out on one ticket or on many, with what is needed to take them back."""

    class State(models.TextChoices):
        # The tickets are chosen, what is to be done is not yet.
        CHOOSING = "choosing", _("To be decided")
        WAITING = "waiting", _("Waiting")
        RUNNING = "running", _("Running")
        STOPPED = "stopped", _("Stopped")
        DONE = "done", _("Done")
        UNDOING = "undoing", _("Being taken back")
        UNDONE = "undone", _("Taken back")

    agent = models.ForeignKey(Agent, on_delete=models.CASCADE, related_name="runs", db_index=False)
    macro = models.ForeignKey(
        Macro, null=True, on_delete=models.SET_NULL, related_name="runs", db_index=False
    )
    title = models.CharField(max_length=200)
    steps: models.JSONField[list[StepRow], list[StepRow]] = models.JSONField(default=list)
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    total = models.PositiveIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)
    # Nothing was to be changed on these.
    same = models.PositiveIntegerField(default=0)
    refused = models.PositiveIntegerField(default=0)
    undone = models.PositiveIntegerField(default=0)
    # The event that says that it began, which all of its changes name as their cause.
    event_id = models.BigIntegerField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)
    ended_at = models.DateTimeField(null=True)
    objects = RunQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["agent", "-id"], name="runs_of_agent"),
            models.Index(fields=["macro", "created_at"], name="runs_of_macro"),
            models.Index(fields=["created_at"], name="runs_by_age"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def handled(self) -> int:
        """How many tickets it has been at."""
        return self.done + self.same + self.refused

    @property
    def is_working(self) -> bool:
        return self.state in (self.State.WAITING, self.State.RUNNING, self.State.UNDOING)


class RunTicket(models.Model):
    """One ticket of a run: what became of it, what stood there before, and what was written."""

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        DONE = "done", _("Changed")
        SAME = "same", _("Nothing to change")
        REFUSED = "refused", _("Refused")
        UNDONE = "undone", _("Taken back")
        KEPT = "kept", _("Could not be taken back")

    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="tickets", db_index=False)
    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="+", db_constraint=True)
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    reason = models.CharField(max_length=300, blank=True)
    before: models.JSONField[dict[str, Any], dict[str, Any]] = models.JSONField(default=dict)
    after: models.JSONField[dict[str, Any], dict[str, Any]] = models.JSONField(default=dict)
    messages: models.JSONField[list[int], list[int]] = models.JSONField(default=list)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["run", "ticket"], name="once_in_a_run")]
        indexes = [models.Index(fields=["run", "state", "id"], name="run_tickets_by_state")]

    def __str__(self) -> str:
        return f"{self.run_id}: {self.ticket_id} {self.state}"
