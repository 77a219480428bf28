"""Who takes part in a ticket besides the customer, each in a role; and who follows it."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from zaguan.people.models import Agent, Contact
from zaguan.tickets.models.lists import Translated
from zaguan.tickets.models.ticket import Ticket, known_where


class PartyRole(Translated):
    """In which role somebody takes part: reporter, agency, colleague … (A8.4)."""


class PartyQuerySet(models.QuerySet["Party"]):
    def visible_to(self, viewer: Agent) -> PartyQuerySet:
        """Of the tickets that the viewer may know of."""
        return self.filter(known_where(viewer, "ticket__"))


class Party(models.Model):
    """Somebody with a role in a ticket: a contact, an agent, or just a name with an address (A8.5)."""

    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="parties")
    role = models.ForeignKey(PartyRole, on_delete=models.PROTECT, related_name="+", verbose_name=_("Role"))
    contact = models.ForeignKey(
        Contact, null=True, on_delete=models.SET_NULL, related_name="parties", verbose_name=_("Contact")
    )
    agent = models.ForeignKey(Agent, null=True, on_delete=models.SET_NULL, related_name="+")
    # As it was when they were added; what remains when the contact goes.
    name = models.CharField(_("Name"), max_length=160, blank=True)
    email = models.CharField(_("E-mail"), max_length=254, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    objects = PartyQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "parties"
        ordering = ["id"]

    def __str__(self) -> str:
        return self.name or self.email


class Follower(models.Model):
    """An agent who wants to hear of a ticket that is not theirs (A8.3)."""

    agent = models.ForeignKey(Agent, on_delete=models.CASCADE, related_name="following", db_index=False)
    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="followers")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["agent", "ticket"], name="follows_once")]

    def __str__(self) -> str:
        return f"{self.agent_id} → {self.ticket_id}"
