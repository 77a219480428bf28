"""Products, and the pieces of them that customers have: serial number, date of purchase, warranty (A8.9)."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from zaguan.lib.secrets import random_id
from zaguan.people.models import Agent, Contact, Organisation
from zaguan.tickets.models.lists import Translated
from zaguan.tickets.models.ticket import Ticket


class Product(Translated):
    """An entry of the catalogue."""

    code = models.CharField(_("Code"), max_length=60)

    class Meta(Translated.Meta):
        constraints = [models.UniqueConstraint(Lower("code"), name="product_code_is_unique")]


class ProductItemQuerySet(models.QuerySet["ProductItem"]):
    def visible_to(self, viewer: Agent) -> ProductItemQuerySet:
        """What customers have is known to all who may see people; their tickets are not."""
        return self if viewer.can("people.view") else self.none()


class ProductItem(models.Model):
    """One piece of a product in a customer's hands."""

    public_id = models.CharField(max_length=16, unique=True, default=random_id)
    product = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="product_items")
    serial = models.CharField(max_length=120, blank=True)
    # Without blanks and dashes, in upper case: people write serial numbers as they like.
    serial_key = models.CharField(max_length=120, blank=True)
    purchased_on = models.DateField(null=True)
    warranty_until = models.DateField(null=True)
    contact = models.ForeignKey(Contact, null=True, on_delete=models.SET_NULL, related_name="product_items")
    organisation = models.ForeignKey(
        Organisation, null=True, on_delete=models.SET_NULL, related_name="product_items"
    )
    tickets: models.ManyToManyField[Ticket, Any] = models.ManyToManyField(
        Ticket, related_name="product_items"
    )
    notes = models.CharField(max_length=500, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    objects = ProductItemQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["serial_key"], name="items_by_serial")]

    def __str__(self) -> str:
        return f"{self.product.label} {self.serial}".strip()

    @property
    def is_under_warranty(self) -> bool:
        """Whether the warranty has not ended."""
        return self.warranty_until is not None and self.warranty_until >= timezone.localdate()
