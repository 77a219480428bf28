"""Who is looking at which ticket, or typing in it."""

from __future__ import annotations

from django.db import models

from zaguan.people.models import Agent
from zaguan.tickets.models import Ticket


class Presence(models.Model):
    """One agent at one ticket; gone when `until` has passed."""

    class State(models.TextChoices):
        LOOKING = "looking"
        TYPING = "typing"
        LEFT = "left"

    agent = models.ForeignKey(Agent, on_delete=models.CASCADE, related_name="+", db_index=False)
    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="+")
    state = models.CharField(max_length=7, choices=State.choices)
    until = models.DateTimeField()
    # For those who follow: only a change of state counts, not each sign of life.
    changed_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["agent", "ticket"], name="present_once")]

    def __str__(self) -> str:
        return f"{self.agent_id} {self.state} {self.ticket_id}"
