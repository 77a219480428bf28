"""Who: agents with teams and roles, contacts with identities and organisations."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from zaguan.events.base import Actor
from zaguan.lib.prepared import Prepared
from zaguan.lib.secrets import random_id
from zaguan.people.ability_models import AgentSkill, Capacity, Skill
from zaguan.people.profile_models import ContactSheet, OrganisationSheet, ProfileEntry, ProfileField

__all__ = [
    "Agent", "AgentManager", "AgentSkill", "Capacity", "Contact", "ContactMerge", "ContactQuerySet",
    "ContactSheet", "Identity", "Organisation", "OrganisationDomain", "OrganisationQuerySet",
    "OrganisationSheet", "ProfileEntry", "ProfileField", "Role", "Skill", "StaffQuerySet", "Team", "Token",
]  # fmt: skip


class StaffQuerySet(models.QuerySet[Any]):
    def visible_to(self, viewer: Agent) -> Any:
        """Teams, roles and colleagues are known to all who use the desk."""
        return self if viewer.can("desk.use") else self.none()


class Team(models.Model):
    """The mandatory "ticket group" (A2.18)."""

    name = models.CharField(_("Name"), max_length=80)
    description = models.CharField(_("Description"), max_length=200, blank=True)
    signature = models.TextField(_("Signature"), blank=True)
    archived_at = models.DateTimeField(null=True, blank=True)
    objects = StaffQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(Lower("name"), name="team_name_is_unique")]
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Role(models.Model):
    """What an agent may do, and which tickets they see."""

    class Scope(models.TextChoices):
        ALL = "all", _("All tickets")
        TEAM = "team", _("Tickets of their teams")
        OWN = "own", _("Tickets assigned to them")

    name = models.CharField(_("Name"), max_length=80)
    is_admin = models.BooleanField(_("May do everything"), default=False)
    ticket_scope = models.CharField(_("Sees"), max_length=5, choices=Scope.choices, default=Scope.TEAM)
    permissions: models.JSONField[list[str], list[str]] = models.JSONField(
        _("Permissions"), default=list, blank=True
    )
    objects = StaffQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(Lower("name"), name="role_name_is_unique")]
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class AgentManager(BaseUserManager["Agent"]):
    def create_agent(self, email: str, password: str | None, **fields: Any) -> Agent:
        """A new agent; without a password they can sign in only after setting one by invitation."""
        agent = self.model(email=email.strip().lower(), **fields)
        agent.set_password(password)
        agent.save()
        return agent

    def visible_to(self, viewer: Agent) -> models.QuerySet[Agent]:
        """Colleagues are known to all who use the desk."""
        return self.all() if viewer.can("desk.use") else self.none()

    def get_by_natural_key(self, username: str | None) -> Agent:
        return self.get(email=(username or "").strip().lower())


class Agent(AbstractBaseUser):
    """A person who answers."""

    class Availability(models.TextChoices):
        ONLINE = "online", _("Online")
        BUSY = "busy", _("Busy")
        AWAY = "away", _("Away")

    email = models.EmailField(_("E-mail"), unique=True)
    name = models.CharField(_("Name"), max_length=120)
    role = models.ForeignKey(Role, on_delete=models.PROTECT, related_name="agents", verbose_name=_("Role"))
    teams: models.ManyToManyField[Team, Any] = models.ManyToManyField(
        Team, related_name="agents", blank=True, verbose_name=_("Teams")
    )
    language = models.CharField(_("Language"), max_length=10, default="es")
    time_zone = models.CharField(_("Time zone"), max_length=60, blank=True)
    signature = models.TextField(_("Signature"), blank=True)
    availability = models.CharField(max_length=10, choices=Availability.choices, default=Availability.ONLINE)
    # Online again by itself from then on.
    availability_until = models.DateTimeField(null=True, blank=True)
    # What silence made away is this again at the next sign of life; empty when the agent chose it.
    returns_to = models.CharField(max_length=10, blank=True)
    # The last sign of life from any of their browsers, to the minute; None as long as there was none.
    seen_at = models.DateTimeField(null=True, blank=True)
    # In which they can answer: "es", "pt", "en" …
    languages: models.JSONField[list[str], list[str]] = models.JSONField(default=list, blank=True)
    # How much they carry at once, in hundredths of a chat; None for what the desk says.
    capacity = models.PositiveIntegerField(null=True, blank=True)
    # Look and habits: theme, density, shortcuts on or off and remapped, what to show after sending.
    preferences: models.JSONField[dict[str, Any], dict[str, Any]] = models.JSONField(default=dict, blank=True)
    # A trainee: whatever the role sees, only what they have themselves; more comes by Next or by a route.
    works_by_next = models.BooleanField(_("Works by Next only"), default=False)
    is_active = models.BooleanField(_("May sign in"), default=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects: ClassVar[AgentManager] = AgentManager()
    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    @property
    def actor(self) -> Actor:
        return Actor("agent", self.pk)

    def can(self, permission: str) -> bool:
        """Whether the agent's role allows it."""
        return self.is_active and (self.role.is_admin or permission in self.role.permissions)

    @property
    def scope(self) -> str:
        """Which tickets they see, as a word of Role.Scope: what the role says, unless they work by Next only."""
        if self.role.is_admin:
            return Role.Scope.ALL
        return Role.Scope.OWN if self.works_by_next else self.role.ticket_scope

    def team_ids(self) -> set[int]:
        """The ids of the agent's teams, read once per object."""
        found: set[int] | None = self.__dict__.get("_team_ids")
        if found is None:
            found = {team for (team,) in _teams_of(self.pk)}
            self.__dict__["_team_ids"] = found
        return found


# Every page asks for them.
_teams_of = Prepared(
    lambda agent: Agent.teams.through.objects.filter(agent_id=agent).order_by().values_list("team_id")
)


class OrganisationQuerySet(models.QuerySet["Organisation"]):
    def visible_to(self, viewer: Agent) -> OrganisationQuerySet:
        """Organisations are shared by all agents who may see people."""
        return self if viewer.can("people.view") else self.none()


class Organisation(models.Model):
    public_id = models.CharField(max_length=16, unique=True, default=random_id)
    name = models.CharField(_("Name"), max_length=160)
    notes = models.TextField(_("Notes"), blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    objects = OrganisationQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(Lower("name"), name="organisation_by_name")]

    def __str__(self) -> str:
        return self.name


class OrganisationDomain(models.Model):
    """A mail domain whose senders belong to the organisation by themselves."""

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="domains")
    name = models.CharField(max_length=190, unique=True)

    def __str__(self) -> str:
        return self.name


class ContactQuerySet(models.QuerySet["Contact"]):
    def visible_to(self, viewer: Agent) -> ContactQuerySet:
        """Contacts are shared by all agents who may see people; their tickets are not.

        One that was merged into another is known only by the other.
        """
        return self.filter(merged_into=None) if viewer.can("people.view") else self.none()


class Contact(models.Model):
    """A person who writes to us."""

    public_id = models.CharField(max_length=16, unique=True, default=random_id)
    name = models.CharField(_("Name"), max_length=160, blank=True)
    organisation = models.ForeignKey(
        Organisation, null=True, blank=True, on_delete=models.SET_NULL, related_name="contacts"
    )
    language = models.CharField(_("Language"), max_length=10, blank=True)
    time_zone = models.CharField(_("Time zone"), max_length=60, blank=True)
    notes = models.TextField(_("Notes"), blank=True)
    # Their messages are kept, but open no ticket and wake nobody (R11).
    blocked_at = models.DateTimeField(null=True, blank=True)
    # Kept after a merge, so that old addresses of its page lead on and undoing finds it.
    merged_into = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="merged"
    )
    created_at = models.DateTimeField(auto_now_add=True)
    objects = ContactQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(Lower("name"), name="contact_by_name")]

    def __str__(self) -> str:
        return self.name

    @property
    def actor(self) -> Actor:
        return Actor("contact", self.pk)


class Identity(models.Model):
    """An address of a contact on a channel. An unverified one never opens another person's history."""

    contact = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="identities")
    # email, phone, whatsapp …
    kind = models.CharField(max_length=20)
    # Normalised for comparing: mail in lower case, phone in E.164.
    value = models.CharField(max_length=254)
    # How it came to be known: "mail", "agent", "import" …
    origin = models.CharField(max_length=20, default="mail")
    verified = models.BooleanField(default=False)
    is_primary = models.BooleanField(default=True)
    # Set by a bounce; nothing automatic goes there until then, and agents see a mark (R05).
    bounced_at = models.DateTimeField(null=True, blank=True)
    bounce_reason = models.CharField(max_length=300, blank=True)
    muted_until = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "value"], name="identity_is_unique")]

    def __str__(self) -> str:
        return self.value


class ContactMergeQuerySet(models.QuerySet["ContactMerge"]):
    def visible_to(self, viewer: Agent) -> ContactMergeQuerySet:
        """Whoever may see contacts may see what was merged."""
        return self if viewer.can("people.view") else self.none()


class ContactMerge(models.Model):
    """Two contacts that were the same person: what was moved, and what the survivor was before."""

    survivor = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="merges")
    absorbed = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="+")
    # field → [before, after] of the survivor; an organisation by its id.
    changes: models.JSONField[dict[str, Any], dict[str, Any]] = models.JSONField(default=dict)
    # "app.Model.field" → ids of the rows that pointed at the absorbed contact.
    moved: models.JSONField[dict[str, list[int]], dict[str, list[int]]] = models.JSONField(default=dict)
    by = models.ForeignKey(Agent, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    undone_at = models.DateTimeField(null=True)
    objects = ContactMergeQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.absorbed_id} into {self.survivor_id}"


class TokenQuerySet(models.QuerySet["Token"]):
    def visible_to(self, viewer: Agent) -> TokenQuerySet:
        """An agent's own tokens."""
        return self.filter(agent=viewer)


class Token(models.Model):
    """A bearer token; only its digest is stored. It may do what its agent may do."""

    agent = models.ForeignKey(Agent, on_delete=models.CASCADE, related_name="tokens")
    name = models.CharField(max_length=80, blank=True)
    digest = models.CharField(max_length=64, unique=True)
    # The last four letters, so that a person can tell tokens apart.
    ending = models.CharField(max_length=4)
    created_at = models.DateTimeField(auto_now_add=True)
    used_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)
    objects = TokenQuerySet.as_manager()

    def __str__(self) -> str:
        return f"…{self.ending}"
