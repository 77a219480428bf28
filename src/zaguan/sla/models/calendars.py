"""Calendars of opening hours: the week, holidays, feeds of holidays, other hours on some days, and whose they are."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from zaguan.lib.secrets import random_id
from zaguan.people.models import Agent, Team


def new_edition() -> str:
    """A name for a calendar's present content; what is made of it can be kept by it."""
    return random_id()


class CalendarQuerySet(models.QuerySet[Any]):
    def visible_to(self, viewer: Agent) -> Any:
        """Opening hours are no secret among those who use the desk."""
        return self if viewer.can("desk.use") else self.none()


class Calendar(models.Model):
    """When the desk works; one is the default."""

    name = models.CharField(_("Name"), max_length=80)
    zone = models.CharField(_("Time zone"), max_length=60, default="UTC")
    # Weekday ("0" is Monday) → pairs of times: {"0": [["09:00", "13:00"], ["22:00", "06:00"]]}.
    week: models.JSONField[dict[str, Any], dict[str, Any]] = models.JSONField(default=dict)
    # Codes of ISO 3166: whose public holidays close it.
    country = models.CharField(_("Country"), max_length=2, blank=True)
    region = models.CharField(_("Region"), max_length=10, blank=True)
    # Carnival in Brazil, bank holidays: days that are customary and not for everybody.
    optional_days = models.BooleanField(default=False)
    is_default = models.BooleanField(default=False)
    # Another one after each change, also of its holidays, feeds and exceptions.
    edition = models.CharField(max_length=40, default=new_edition)
    archived_at = models.DateTimeField(null=True, blank=True)
    objects = CalendarQuerySet.as_manager()

    class Meta:
        ordering = ["name", "id"]
        constraints = [
            models.UniqueConstraint(Lower("name"), name="calendar_name_is_unique"),
            models.UniqueConstraint(
                fields=["is_default"], condition=Q(is_default=True), name="one_default_calendar"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Holiday(models.Model):
    """A day on which the calendar is closed, once or every year."""

    calendar = models.ForeignKey(Calendar, on_delete=models.CASCADE, related_name="holidays")
    day = models.DateField(_("Day"))
    yearly = models.BooleanField(_("Every year"), default=False)
    name = models.CharField(_("Name"), max_length=80)

    class Meta:
        ordering = ["day", "id"]
        constraints = [models.UniqueConstraint(fields=["calendar", "day"], name="holiday_is_named_once")]


class OtherHours(models.Model):
    """Other hours, or none, on a day or in a range of days.

    A single day is open even if it is a holiday: somebody named it. In a range holidays stay closed, and so do weekdays that
    have no hours in the week, unless `weekdays` names them (0 is Monday).
    """

    calendar = models.ForeignKey(Calendar, on_delete=models.CASCADE, related_name="exceptions")
    first_day = models.DateField(_("From"))
    last_day = models.DateField(_("Until"))
    # Pairs of times as in the week; empty: closed.
    hours: models.JSONField[list[Any], list[Any]] = models.JSONField(default=list)
    weekdays: models.JSONField[list[int], list[int]] = models.JSONField(default=list)
    name = models.CharField(_("Name"), max_length=80, blank=True)

    class Meta:
        ordering = ["first_day", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(last_day__gte=models.F("first_day")), name="other_hours_end_after_start"
            )
        ]


class HolidayFeed(models.Model):
    """An iCalendar address whose all-day events close the calendar; the last good answer is kept."""

    calendar = models.ForeignKey(Calendar, on_delete=models.CASCADE, related_name="feeds")
    url = models.CharField(_("Address"), max_length=1000)
    # ISO date → name, as last read.
    days: models.JSONField[dict[str, str], dict[str, str]] = models.JSONField(default=dict)
    read_at = models.DateTimeField(null=True)
    tried_at = models.DateTimeField(null=True)
    error = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["id"]


class TeamCalendar(models.Model):
    """Which calendar a team works by; one without a row works by the default one."""

    team = models.OneToOneField(Team, on_delete=models.CASCADE, primary_key=True, related_name="+")
    calendar = models.ForeignKey(Calendar, on_delete=models.PROTECT, related_name="team_rows")
