"""What an administrator lets be written down about contacts and organisations, and the values of each."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from zaguan.lib.attributes.definition import Definition
from zaguan.lib.byte_order import ByteOrderField


class ProfileFieldQuerySet(models.QuerySet[Any]):
    def visible_to(self, viewer: Any) -> Any:
        """What is asked about people is known to all who use the desk."""
        return self if viewer.can("desk.use") else self.none()


class ProfileField(Definition):
    """One attribute of every contact, or of every organisation (A14.1)."""

    class Subject(models.TextChoices):
        CONTACT = "contact", _("Contacts")
        ORGANISATION = "organisation", _("Organisations")

    subject = models.CharField(max_length=12, choices=Subject.choices)
    objects = ProfileFieldQuerySet.as_manager()

    class Meta(Definition.Meta):
        constraints = [models.UniqueConstraint(fields=["subject", "key"], name="profile_field_key_is_unique")]


class ContactSheet(models.Model):
    """The values of one contact: field id → value."""

    contact = models.OneToOneField(
        "people.Contact", primary_key=True, on_delete=models.CASCADE, related_name="sheet"
    )
    values: models.JSONField[dict[str, Any], dict[str, Any]] = models.JSONField(default=dict)

    def __str__(self) -> str:
        return f"contact {self.pk}"


class OrganisationSheet(models.Model):
    """The values of one organisation: field id → value."""

    organisation = models.OneToOneField(
        "people.Organisation", primary_key=True, on_delete=models.CASCADE, related_name="sheet"
    )
    values: models.JSONField[dict[str, Any], dict[str, Any]] = models.JSONField(default=dict)

    def __str__(self) -> str:
        return f"organisation {self.pk}"


class ProfileEntry(models.Model):
    """One value of a contact or an organisation again, as something to find them by."""

    field = models.ForeignKey(ProfileField, on_delete=models.CASCADE, related_name="entries", db_index=False)
    key = ByteOrderField(max_length=120)
    contact = models.ForeignKey(
        "people.Contact", null=True, on_delete=models.CASCADE, related_name="profile_entries"
    )
    organisation = models.ForeignKey(
        "people.Organisation", null=True, on_delete=models.CASCADE, related_name="profile_entries"
    )

    class Meta:
        indexes = [models.Index(fields=["field", "key"], name="people_by_profile")]

    def __str__(self) -> str:
        return str(self.key)
