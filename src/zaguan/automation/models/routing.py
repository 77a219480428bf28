"""Distribution: who gets which ticket by itself, which skill a ticket asks for, and what an agent was given."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from zaguan.events.base import Actor
from zaguan.people.models import Agent, Skill, Team
from zaguan.tickets.models import Category, Service, Tag, Ticket, TicketType


class RoutingQuerySet(models.QuerySet["Route"]):
    def visible_to(self, viewer: Agent) -> RoutingQuerySet:
        """How tickets are distributed is no secret to those who get them."""
        return self if viewer.can("desk.use") else self.none()


class Route(models.Model):
    """Tickets of a team, or those that a filter finds, go to agents in this way. The first one that fits counts."""

    class Strategy(models.TextChoices):
        IN_TURN = "turn", _("In turn")
        LEAST_LOAD = "load", _("To whoever has least to do")
        BY_HAND = "none", _("To nobody by itself: agents take the next one")

    name = models.CharField(_("Name"), max_length=80)
    team = models.ForeignKey(
        Team, null=True, blank=True, on_delete=models.CASCADE, related_name="routes", verbose_name=_("Team")
    )
    query = models.CharField(_("Filter"), max_length=500, blank=True)
    position = models.PositiveIntegerField(default=0)
    is_active = models.BooleanField(default=True)
    strategy = models.CharField(max_length=4, choices=Strategy.choices, default=Strategy.LEAST_LOAD)
    by_skill = models.BooleanField(default=True)
    by_language = models.BooleanField(default=True)
    # First to who served this customer last, or has the ticket that this one follows up.
    is_sticky = models.BooleanField(default=True)
    in_hours = models.BooleanField(default=True)
    # A ticket that comes back while its agent is away goes to somebody else.
    leaves_absent = models.BooleanField(default=False)
    # What nobody has touched may go from the fullest to somebody who has much less to do.
    evens_out = models.BooleanField(default=False)
    # The brake: how many went in this way in the hour that began then.
    evened_since = models.DateTimeField(null=True)
    evened = models.PositiveIntegerField(default=0)
    overflow_team = models.ForeignKey(
        Team, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    overflow_minutes = models.PositiveIntegerField(default=0)
    # Working minutes in which the agent must have done something; 0: as long as they like.
    timeout_minutes = models.PositiveIntegerField(default=0)
    objects = RoutingQuerySet.as_manager()

    class Meta:
        ordering = ["position", "id"]

    def __str__(self) -> str:
        return self.name

    @property
    def actor(self) -> Actor:
        return Actor("route", self.pk)


class SkillNeed(models.Model):
    """Tickets of this category, service or type, or with this tag, ask for a skill."""

    skill = models.ForeignKey(Skill, on_delete=models.CASCADE, related_name="needed_for")
    category = models.ForeignKey(Category, null=True, on_delete=models.CASCADE, related_name="+")
    service = models.ForeignKey(Service, null=True, on_delete=models.CASCADE, related_name="+")
    type = models.ForeignKey(TicketType, null=True, on_delete=models.CASCADE, related_name="+")
    tag = models.ForeignKey(Tag, null=True, on_delete=models.CASCADE, related_name="+")
    # At least so well.
    level = models.PositiveSmallIntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["skill", field], condition=~Q(**{field: None}), name=f"skill_once_per_{field}"
            )
            for field in ("category", "service", "type", "tag")
        ]

    def __str__(self) -> str:
        return f"{self.skill_id}"


class Load(models.Model):
    """An agent's row to lock: whoever holds it, and nobody else, gives this agent something by itself."""

    agent = models.OneToOneField(Agent, on_delete=models.CASCADE, related_name="load")
    given_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"load of {self.agent_id}"


class Passed(models.Model):
    """An agent let go of a ticket, or had it and did nothing: it is not given to them again until then."""

    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="+", db_index=False)
    agent = models.ForeignKey(Agent, on_delete=models.CASCADE, related_name="+")
    until = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["ticket", "agent"], name="passed_once")]

    def __str__(self) -> str:
        return f"{self.agent_id} passed {self.ticket_id}"
