"""Types of tickets, the attributes that each type asks for, and the values of a ticket's attributes."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from zaguan.lib.attributes.definition import Definition
from zaguan.lib.byte_order import ByteOrderField
from zaguan.people.models import Agent
from zaguan.tickets.models.lists import Translated


class TicketType(Translated):
    """What a conversation can be turned into; the category decides what may be said in it and who sees it."""

    class Category(models.TextChoices):
        CUSTOMER = "customer", _("Customer ticket")
        BACK_OFFICE = "back_office", _("Back-office ticket")
        TRACKER = "tracker", _("Tracker ticket")

    category = models.CharField(_("Category"), max_length=12, choices=Category.choices)
    icon = models.CharField(_("Icon"), max_length=40, default="ticket")
    description = models.CharField(_("Description"), max_length=300, blank=True)
    descriptions: models.JSONField[dict[str, str], dict[str, str]] = models.JSONField(
        default=dict, blank=True
    )

    @property
    def help(self) -> str:
        """What it is for, in the reader's language."""
        return self.descriptions.get((get_language() or "").split("-")[0], self.description)


class AttributeQuerySet(models.QuerySet[Any]):
    def visible_to(self, viewer: Agent) -> Any:
        """What a type asks for is known to all who use the desk."""
        return self if viewer.can("desk.use") else self.none()


class Attribute(Definition):
    """One attribute of one type. Title and description come with the type (A12.4): the title is the subject."""

    class Default(models.TextChoices):
        TITLE = "title", _("Title")
        DESCRIPTION = "description", _("Description")

    type = models.ForeignKey(TicketType, on_delete=models.CASCADE, related_name="attributes")
    default = models.CharField(max_length=12, choices=Default.choices, blank=True)
    objects = AttributeQuerySet.as_manager()

    class Meta(Definition.Meta):
        constraints = [models.UniqueConstraint(fields=["type", "key"], name="attribute_key_is_unique")]


class AttributeSheet(models.Model):
    """The values of one ticket: attribute id → value, in the form that `lib.attributes.values` gives them."""

    ticket = models.OneToOneField(
        "tickets.Ticket", primary_key=True, on_delete=models.CASCADE, related_name="attribute_sheet"
    )
    values: models.JSONField[dict[str, Any], dict[str, Any]] = models.JSONField(default=dict)

    def __str__(self) -> str:
        return f"#{self.pk}"


class AttributeEntry(models.Model):
    """One value again, as something to find and to compare by."""

    ticket = models.ForeignKey("tickets.Ticket", on_delete=models.CASCADE, related_name="attribute_entries")
    attribute = models.ForeignKey(Attribute, on_delete=models.CASCADE, related_name="entries", db_index=False)
    key = ByteOrderField(max_length=120)

    class Meta:
        indexes = [models.Index(fields=["attribute", "key", "ticket"], name="tickets_by_attribute")]

    def __str__(self) -> str:
        return str(self.key)
