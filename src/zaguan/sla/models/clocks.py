"""The clocks of tickets, and runs that count them anew."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from zaguan.people.models import Agent
from zaguan.sla.models.policies import Policy, PolicyVersion
from zaguan.tickets.models import Ticket, known_where


class TargetKind(models.TextChoices):
    FIRST = "first", _("First answer")
    NEXT = "next", _("Next answer")
    UPDATE = "update", _("Update")
    RESOLUTION = "resolution", _("Resolution")


class ClockQuerySet(models.QuerySet["Clock"]):
    def visible_to(self, viewer: Agent) -> ClockQuerySet:
        """Those of the tickets that an agent may know of."""
        return self.filter(known_where(viewer, "ticket__"))


class Clock(models.Model):
    """One target of one ticket, each time that it was started; a row is what `computing.compute` gives."""

    class State(models.TextChoices):
        RUNNING = "running", _("Running")
        PAUSED = "paused", _("Paused")
        MET = "met", _("Met")
        BREACHED = "breached", _("Breached")

    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="clocks", db_index=False)
    kind = models.CharField(max_length=10, choices=TargetKind.choices)
    # How often this target was started on this ticket by then.
    round = models.PositiveIntegerField(default=1)
    policy = models.ForeignKey(Policy, on_delete=models.CASCADE, related_name="clocks", db_index=False)
    version = models.ForeignKey(PolicyVersion, on_delete=models.CASCADE, related_name="+", db_index=False)
    # Seconds promised, counted by opening hours or not.
    seconds = models.PositiveIntegerField()
    state = models.CharField(max_length=8, choices=State.choices)
    started_at = models.DateTimeField()
    # None while it is paused; then `left` says how many seconds are left.
    due_at = models.DateTimeField(null=True)
    left = models.IntegerField(null=True)
    warn_at = models.DateTimeField(null=True)
    # When it came to be at risk, when it was missed, when it was met (or ended after all), if ever.
    warned_at = models.DateTimeField(null=True)
    missed_at = models.DateTimeField(null=True)
    met_at = models.DateTimeField(null=True)
    # When the worker looks at it next.
    wake_at = models.DateTimeField(null=True)
    # What was recorded of it, once: 1 that it is near, 2 that it was missed.
    told = models.SmallIntegerField(default=0)
    objects = ClockQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["ticket", "kind", "started_at"], name="clock_started_once")
        ]
        indexes = [
            models.Index(fields=["wake_at"], name="clocks_waking", condition=Q(wake_at__isnull=False)),
            models.Index(fields=["policy", "started_at"], name="clocks_of_policy"),
        ]

    def __str__(self) -> str:
        return f"#{self.ticket_id} {self.kind} {self.state}"

    @property
    def is_open(self) -> bool:
        return self.met_at is None

    @property
    def is_near(self) -> bool:
        """At risk: so near that it was said, and not missed."""
        return self.is_open and self.state == self.State.RUNNING and self.warned_at is not None


class RerunQuerySet(models.QuerySet["Rerun"]):
    def visible_to(self, viewer: Agent) -> RerunQuerySet:
        """For those who manage what is promised."""
        return self if viewer.can("sla.manage") else self.none()


class Rerun(models.Model):
    """Counting the clocks of open tickets anew: looked at first, then applied."""

    class State(models.TextChoices):
        LOOKING = "looking", _("Being compared")
        READY = "ready", _("Ready to be applied")
        APPLYING = "applying", _("Being applied")
        DONE = "done", _("Applied")
        STOPPED = "stopped", _("Stopped")

    agent = models.ForeignKey(Agent, null=True, on_delete=models.SET_NULL, related_name="+", db_index=False)
    # Only tickets that this policy has or would have; None: every open ticket.
    policy = models.ForeignKey(Policy, null=True, on_delete=models.CASCADE, related_name="reruns")
    state = models.CharField(max_length=8, choices=State.choices, default=State.LOOKING)
    total = models.PositiveIntegerField(default=0)
    # Tickets: gone through in this state of `total`, with a difference, that would be missed or saved, applied.
    seen = models.PositiveIntegerField(default=0)
    changed = models.PositiveIntegerField(default=0)
    breached = models.PositiveIntegerField(default=0)
    saved = models.PositiveIntegerField(default=0)
    applied = models.PositiveIntegerField(default=0)
    # The last ticket that was looked at or applied.
    place = models.BigIntegerField(default=0)
    created_at = models.DateTimeField(auto_now_add=True)
    ended_at = models.DateTimeField(null=True)
    objects = RerunQuerySet.as_manager()

    def __str__(self) -> str:
        return f"rerun {self.pk}"

    @property
    def is_working(self) -> bool:
        return self.state in (self.State.LOOKING, self.State.APPLYING)


class Difference(models.Model):
    """What a rerun would change for one target of one ticket; "" and None where there is no clock."""

    rerun = models.ForeignKey(Rerun, on_delete=models.CASCADE, related_name="differences", db_index=False)
    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="+", db_index=False)
    kind = models.CharField(max_length=10, choices=TargetKind.choices)
    policy_before = models.CharField(max_length=80, blank=True)
    policy_after = models.CharField(max_length=80, blank=True)
    state_before = models.CharField(max_length=8, blank=True)
    state_after = models.CharField(max_length=8, blank=True)
    due_before = models.DateTimeField(null=True)
    due_after = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["rerun", "ticket"], name="differences_of_rerun"),
            models.Index(fields=["ticket"], name="differences_of_ticket"),
        ]

    def __str__(self) -> str:
        return f"#{self.ticket_id} {self.kind}"

    @property
    def becomes_missed(self) -> bool:
        return self.state_after == Clock.State.BREACHED != self.state_before

    @property
    def is_saved(self) -> bool:
        return self.state_before == Clock.State.BREACHED != self.state_after
