"""What an agent can: skills, and how much they carry at once. Weights and totals are hundredths of one chat."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

# How many hundredths make one whole place.
PLACE = 100
FIRST_TOTAL = 5 * PLACE
FIRST_WEIGHTS = {"chat": 100, "phone": 100, "whatsapp": 50, "web": 50, "email": 20}
OTHER = 20


class SkillQuerySet(models.QuerySet["Skill"]):
    def visible_to(self, viewer: Any) -> SkillQuerySet:
        """Skills are known to all who use the desk."""
        return self if viewer.can("desk.use") else self.none()


class Skill(models.Model):
    """Something that not everybody can: billing, networks, a product."""

    name = models.CharField(_("Name"), max_length=80)
    description = models.CharField(_("Description"), max_length=200, blank=True)
    archived_at = models.DateTimeField(null=True, blank=True)
    objects = SkillQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(Lower("name"), name="skill_name_is_unique")]
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class AgentSkill(models.Model):
    """An agent has a skill, and how well."""

    class Level(models.IntegerChoices):
        BASIC = 1, _("Basic")
        GOOD = 2, _("Good")
        EXPERT = 3, _("Expert")

    agent = models.ForeignKey("people.Agent", on_delete=models.CASCADE, related_name="skills")
    skill = models.ForeignKey(Skill, on_delete=models.CASCADE, related_name="agents")
    level = models.PositiveSmallIntegerField(choices=Level.choices, default=Level.GOOD)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["agent", "skill"], name="skill_once_per_agent")]

    def __str__(self) -> str:
        return f"{self.agent_id}: {self.skill_id} ({self.level})"


def first_weights() -> dict[str, int]:
    """What a ticket of each channel weighs on a new desk."""
    return dict(FIRST_WEIGHTS)


class CapacityQuerySet(models.QuerySet["Capacity"]):
    def visible_to(self, viewer: Any) -> CapacityQuerySet:
        """Everybody may know how much is carried."""
        return self if viewer.can("desk.use") else self.none()


class Capacity(models.Model):
    """The desk's one row: what each channel weighs, how much an agent carries, when silence means away."""

    weights: models.JSONField[dict[str, Any], dict[str, Any]] = models.JSONField(default=first_weights)
    other = models.PositiveIntegerField(default=OTHER)
    total = models.PositiveIntegerField(default=FIRST_TOTAL)
    # 0: nobody is made away by silence.
    away_after_minutes = models.PositiveSmallIntegerField(default=15)
    objects = CapacityQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "capacities"

    def __str__(self) -> str:
        return "capacity"
