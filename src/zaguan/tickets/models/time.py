"""Time spent: what was done, when, of which kind, for how much; timers, hour banks, and the calendar behind the kinds."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from zaguan.people.models import Agent, Organisation
from zaguan.tickets.models.lists import ListQuerySet, Translated
from zaguan.tickets.models.ticket import Ticket, known_where


class TimeKind(models.TextChoices):
    """Which part of the calendar the work fell into."""

    NORMAL = "normal", _("Normal hours")
    OVERTIME = "overtime", _("Overtime")
    NIGHT = "night", _("Night")


class TimeActivity(Translated):
    """What an hour of work is called and costs: analysis, visit, training, and so on."""

    rate = models.DecimalField(_("Rate per hour"), max_digits=10, decimal_places=2, default=Decimal(0))


class CustomerRate(models.Model):
    """Another rate for the customers of one organisation; without an activity it stands for all of them."""

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="rates")
    activity = models.ForeignKey(TimeActivity, null=True, on_delete=models.CASCADE, related_name="rates")
    rate = models.DecimalField(max_digits=10, decimal_places=2)
    objects = ListQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "activity"], name="one_rate_per_activity"),
            models.UniqueConstraint(
                fields=["organisation"], condition=Q(activity=None), name="one_rate_for_the_rest"
            ),
        ]


class TimeRule(models.Model):
    """The desk's calendar of work and its money; one row."""

    zone = models.CharField(_("Time zone"), max_length=60, default="UTC")
    # Weekday ("0" is Monday) → pairs of times: {"0": [["09:00", "13:00"], ["15:00", "19:00"]]}.
    hours: models.JSONField[dict[str, Any], dict[str, Any]] = models.JSONField(default=dict)
    night_from = models.TimeField(_("Night from"), null=True)
    night_until = models.TimeField(_("Night until"), null=True)
    currency = models.CharField(_("Currency"), max_length=3, default="EUR")
    # What an hour of each kind is worth, in per cent of the rate.
    overtime_percent = models.PositiveSmallIntegerField(default=100)
    night_percent = models.PositiveSmallIntegerField(default=100)


class HourBank(models.Model):
    """Hours that an organisation bought; entries of its tickets are taken from it."""

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="hour_banks")
    name = models.CharField(max_length=120)
    minutes = models.PositiveIntegerField()
    # At or below this many minutes left, the desk warns.
    warn_at = models.PositiveIntegerField(default=0)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True)
    warned_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    objects = ListQuerySet.as_manager()

    class Meta:
        ordering = ["organisation__name", "starts_on", "id"]

    def __str__(self) -> str:
        return self.name


class TimeEntryQuerySet(models.QuerySet["TimeEntry"]):
    def visible_to(self, viewer: Agent) -> TimeEntryQuerySet:
        """One's own, and those of tickets that one may know of; with the permission everybody's."""
        if not viewer.can("desk.use"):
            return self.none()
        if viewer.can("tickets.see_all_time"):
            return self
        return self.filter(Q(agent=viewer) | known_where(viewer, "ticket__"))


class TimeEntry(models.Model):
    """Work on one ticket, within one kind of time (A17.1)."""

    class State(models.TextChoices):
        OPEN = "open", _("Not submitted")
        SUBMITTED = "submitted", _("Submitted")
        APPROVED = "approved", _("Approved")
        REJECTED = "rejected", _("Rejected")

    ticket = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="time_entries", db_index=False)
    # The reply or note it was written with; a plain number, since messages stand above tickets.
    message_id = models.BigIntegerField(null=True)
    agent = models.ForeignKey(Agent, on_delete=models.PROTECT, related_name="time_entries", db_index=False)
    organisation = models.ForeignKey(
        Organisation, null=True, on_delete=models.SET_NULL, related_name="time_entries", db_index=False
    )
    bank = models.ForeignKey(
        HourBank, null=True, on_delete=models.SET_NULL, related_name="entries", db_index=False
    )
    activity = models.ForeignKey(TimeActivity, null=True, on_delete=models.PROTECT, related_name="entries")
    day = models.DateField()
    started_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    kind = models.CharField(max_length=8, choices=TimeKind.choices, default=TimeKind.NORMAL)
    # What counts, in minutes; at first as long as it took.
    minutes = models.PositiveIntegerField()
    rate = models.DecimalField(max_digits=10, decimal_places=2, default=Decimal(0))
    value = models.DecimalField(max_digits=12, decimal_places=2, default=Decimal(0))
    currency = models.CharField(max_length=3)
    note = models.CharField(max_length=500, blank=True)
    state = models.CharField(max_length=9, choices=State.choices, default=State.OPEN)
    state_reason = models.CharField(max_length=300, blank=True)
    decided_by = models.ForeignKey(Agent, null=True, on_delete=models.SET_NULL, related_name="+")
    decided_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)
    objects = TimeEntryQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(ended_at=None) | Q(ended_at__gt=models.F("started_at")),
                name="time_ends_after_start",
            )
        ]
        indexes = [
            models.Index(fields=["ticket", "day", "id"], name="time_of_ticket"),
            models.Index(fields=["agent", "-day", "-id"], name="time_of_agent"),
            models.Index(fields=["organisation", "-day", "-id"], name="time_of_organisation"),
            models.Index(fields=["-day", "-id"], name="time_by_day"),
            models.Index(fields=["bank"], name="time_of_bank", condition=Q(bank__isnull=False)),
            models.Index(
                fields=["message_id"], name="time_of_message", condition=Q(message_id__isnull=False)
            ),
            models.Index(fields=["-day", "-id"], name="time_submitted", condition=Q(state="submitted")),
        ]


class TimerQuerySet(models.QuerySet["Timer"]):
    def visible_to(self, viewer: Agent) -> TimerQuerySet:
        """An agent's own timers."""
        return self.filter(agent=viewer)


class Timer(models.Model):
    """A clock that an agent started on a ticket; at most one runs."""

    agent = models.ForeignKey(Agent, on_delete=models.CASCADE, related_name="timers", db_index=False)
    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="timers")
    # When it was first started, and since when it runs; paused while the second is empty.
    started_at = models.DateTimeField()
    running_since = models.DateTimeField(null=True)
    seconds = models.PositiveIntegerField(default=0)
    objects = TimerQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["agent", "ticket"], name="one_timer_per_ticket"),
            models.UniqueConstraint(
                fields=["agent"], condition=Q(running_since__isnull=False), name="one_running_timer"
            ),
        ]
