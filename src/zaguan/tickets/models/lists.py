"""Statuses on seven phases, and the lists that an administrator keeps: categories, urgencies, services, tags."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from zaguan.people.models import Agent


class Phase(models.TextChoices):
    """Fixed in code; the phase decides whose clock runs."""

    NEW = "new", _("New")
    OPEN = "open", _("Open")
    WAITING_CUSTOMER = "customer", _("Waiting on customer")
    WAITING_THIRD = "third", _("Waiting on third party")
    SNOOZED = "snoozed", _("Snoozed")
    RESOLVED = "resolved", _("Resolved")
    CLOSED = "closed", _("Closed")


# New and open sort first everywhere (A5.14).
RANKS = {
    Phase.NEW: 0,
    Phase.OPEN: 0,
    Phase.WAITING_CUSTOMER: 1,
    Phase.WAITING_THIRD: 1,
    Phase.SNOOZED: 2,
    Phase.RESOLVED: 3,
    Phase.CLOSED: 4,
}
# Ranks below this are still work for somebody.
DONE_RANK = RANKS[Phase.RESOLVED]
# From here on they are out of sight: gone into another ticket, or in the trash. The phase stays what it was.
HIDDEN_RANK = 5
MERGED_RANK = 6
TRASHED_RANK = 7


class ListQuerySet(models.QuerySet[Any]):
    def visible_to(self, viewer: Agent) -> Any:
        """Statuses, lists and tags are known to all who use the desk."""
        return self if viewer.can("desk.use") else self.none()


class Translated(models.Model):
    """A name that the admin chooses, with translations of it by language code."""

    name = models.CharField(_("Name"), max_length=80)
    names: models.JSONField[dict[str, str], dict[str, str]] = models.JSONField(
        _("Translations"), default=dict, blank=True
    )
    position = models.PositiveIntegerField(_("Position"), default=0)
    archived_at = models.DateTimeField(null=True, blank=True)
    objects = ListQuerySet.as_manager()

    class Meta:
        abstract = True
        ordering = ["position", "id"]

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        """The name in the reader's language."""
        return self.names.get((get_language() or "").split("-")[0], self.name)


class Status(Translated):
    """A name on one of the seven phases. Exactly one per phase is the default of that phase."""

    phase = models.CharField(_("Phase"), max_length=10, choices=Phase.choices)
    is_default = models.BooleanField(_("Used when the phase is reached by itself"), default=False)
    # A closing status that says "handled" but not "solved" (A5.15), or a waiting one that says why (A5.13).
    asks_reason = models.BooleanField(_("Asks for a reason"), default=False)
    # Who may come here from which status, and what must be filled in for it; read by tickets/transitions.py.
    # They stand here since statuses are known in each process already: no move costs a question more.
    ways: models.JSONField[dict[str, Any], dict[str, Any]] = models.JSONField(default=dict, blank=True)

    class Meta(Translated.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["phase"], condition=Q(is_default=True), name="one_default_status_per_phase"
            )
        ]


class Category(Translated):
    """Question, suggestion, problem … (A2.5)."""


class Urgency(Translated):
    """Drives the order (A2.6): a higher rank is more urgent."""

    rank = models.SmallIntegerField(_("Rank"), default=0)


class Service(Translated):
    """A node of the tree of services (A2.4)."""

    parent = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="children"
    )


class Tag(models.Model):
    name = models.CharField(max_length=60)
    objects = ListQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(Lower("name"), name="tag_name_is_unique")]
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name
