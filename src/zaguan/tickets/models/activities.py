"""Calls, appointments, tasks and visits, with their owners; the secret addresses of calendars; checklists."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from zaguan.lib.secrets import random_id
from zaguan.people.models import Agent, Contact, Organisation
from zaguan.tickets.models.lists import HIDDEN_RANK, ListQuerySet
from zaguan.tickets.models.ticket import Ticket, known_where


class ActivityQuerySet(models.QuerySet["Activity"]):
    def visible_to(self, viewer: Agent) -> ActivityQuerySet:
        """One's own, those of tickets that one may know of, and those with a customer only for who sees people."""
        if not viewer.can("desk.use"):
            return self.none()
        there = Q(ticket=None) | Q(ticket__rank__lt=HIDDEN_RANK)
        known = (Q(owner=viewer) & there) | known_where(viewer, "ticket__")
        return self.filter(known | Q(ticket=None) if viewer.can("people.view") else known)


class Activity(models.Model):
    """Something to be done at a time, by one agent, for a ticket or a customer (A8.8)."""

    class Kind(models.TextChoices):
        CALL = "call", _("Call")
        APPOINTMENT = "appointment", _("Appointment")
        TASK = "task", _("Task")
        VISIT = "visit", _("Visit")

    public_id = models.CharField(max_length=16, unique=True, default=random_id)
    kind = models.CharField(max_length=11, choices=Kind.choices, default=Kind.TASK)
    subject = models.CharField(max_length=200)
    notes = models.TextField(blank=True)
    place = models.CharField(max_length=200, blank=True)
    owner = models.ForeignKey(Agent, on_delete=models.PROTECT, related_name="activities", db_index=False)
    ticket = models.ForeignKey(Ticket, null=True, on_delete=models.CASCADE, related_name="activities")
    contact = models.ForeignKey(Contact, null=True, on_delete=models.SET_NULL, related_name="activities")
    organisation = models.ForeignKey(
        Organisation, null=True, on_delete=models.SET_NULL, related_name="activities"
    )
    # A task is due then; the others begin.
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True)
    # Minutes before the start at which the owner is reminded; null for never.
    remind_minutes = models.PositiveIntegerField(null=True)
    reminded_at = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)
    done_by = models.ForeignKey(Agent, null=True, on_delete=models.SET_NULL, related_name="+")
    # Grows with each change, so that calendars notice.
    sequence = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)
    objects = ActivityQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["owner", "starts_at", "id"], name="activities_of_agent"),
            models.Index(
                fields=["owner", "starts_at", "id"], name="activities_to_do", condition=Q(done_at=None)
            ),
        ]

    def __str__(self) -> str:
        return self.subject


class CalendarFeedQuerySet(models.QuerySet["CalendarFeed"]):
    def visible_to(self, viewer: Agent) -> CalendarFeedQuerySet:
        """An agent's own address."""
        return self.filter(agent=viewer)


class CalendarFeed(models.Model):
    """The secret address of an agent's calendar; only its digest is stored."""

    agent = models.OneToOneField(Agent, on_delete=models.CASCADE, related_name="calendar_feed")
    digest = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)
    objects = CalendarFeedQuerySet.as_manager()


class ChecklistItem(models.Model):
    """One thing to be done on a ticket."""

    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="checklist", db_index=False)
    text = models.CharField(max_length=300)
    position = models.PositiveIntegerField(default=0)
    done_at = models.DateTimeField(null=True)
    done_by = models.ForeignKey(Agent, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        ordering = ["position", "id"]
        indexes = [models.Index(fields=["ticket", "position", "id"], name="checklist_of_ticket")]

    def __str__(self) -> str:
        return self.text


class ChecklistTemplate(models.Model):
    """A list of things to be done that is used again and again."""

    name = models.CharField(_("Name"), max_length=120, unique=True)
    items: models.JSONField[list[str], list[str]] = models.JSONField(default=list)
    objects = ListQuerySet.as_manager()

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name
