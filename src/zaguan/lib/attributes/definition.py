"""The definition of one attribute: its name, its format, who sees it, when it is asked and when it is needed."""

from __future__ import annotations

from typing import Any, TypedDict

from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _


class Format(models.TextChoices):
    """What an attribute holds. A section holds nothing: it is a heading over those that follow."""

    TEXT = "text", _("Text")
    LIST = "list", _("List")
    NUMBER = "number", _("Number")
    DECIMAL = "decimal", _("Decimal")
    BOOLEAN = "boolean", _("Yes or no")
    DATETIME = "datetime", _("Date and time")
    FILE = "file", _("File")
    SECTION = "section", _("Section")


class Option(TypedDict):
    """A choice of a list. Its key never changes; a retired one stays readable where it was chosen."""

    key: str
    name: str
    names: dict[str, str]
    retired: bool


class Definition(models.Model):
    """One attribute. Values are kept by its id, so that every word of it may change."""

    # How machines and filters call it; never changes.
    key = models.CharField(max_length=40)
    name = models.CharField(_("Name"), max_length=80)
    names: models.JSONField[dict[str, str], dict[str, str]] = models.JSONField(default=dict, blank=True)
    hint = models.CharField(_("Help"), max_length=300, blank=True)
    hints: models.JSONField[dict[str, str], dict[str, str]] = models.JSONField(default=dict, blank=True)
    format = models.CharField(_("Format"), max_length=10, choices=Format.choices)
    # Of a list or of files: several. Of a text: several lines. Of a date: with its time.
    many = models.BooleanField(default=False)
    options: models.JSONField[list[Option], list[Option]] = models.JSONField(default=list, blank=True)
    is_public = models.BooleanField(_("Visible to the customer"), default=False)
    needed_from_agent = models.BooleanField(_("Required when an agent creates"), default=False)
    needed_from_customer = models.BooleanField(_("Required when a customer creates"), default=False)
    needed_to_resolve = models.BooleanField(_("Required to resolve"), default=False)
    # Asked only when that attribute has one of these values; an empty list means any value.
    depends_on = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="dependents"
    )
    depends_values: models.JSONField[list[Any], list[Any]] = models.JSONField(default=list, blank=True)
    position = models.PositiveIntegerField(default=0)
    archived_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        abstract = True
        ordering = ["position", "id"]

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        """The name in the reader's language."""
        return self.names.get((get_language() or "").split("-")[0], self.name)

    @property
    def help(self) -> str:
        """What is meant by it, in the reader's language."""
        return self.hints.get((get_language() or "").split("-")[0], self.hint)
