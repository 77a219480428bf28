"""Statuses, lists and tags as every list item names them: read once, kept for two seconds."""

from __future__ import annotations

from functools import lru_cache

from django.utils.translation import get_language

from zaguan.people.reference import Kept, agents, forget_all, teams
from zaguan.tickets.models import Attribute, Category, Service, Status, Tag, TicketType, Urgency, View

__all__ = [
    "agents",
    "attributes",
    "categories",
    "forget_all",
    "services",
    "status_labels",
    "statuses",
    "tags",
    "teams",
    "types",
    "urgencies",
    "views",
]

statuses: Kept[Status] = Kept(lambda: Status.objects.all())
categories: Kept[Category] = Kept(lambda: Category.objects.all())
urgencies: Kept[Urgency] = Kept(lambda: Urgency.objects.all())
services: Kept[Service] = Kept(lambda: Service.objects.all())
views: Kept[View] = Kept(lambda: View.objects.all())
tags: Kept[Tag] = Kept(lambda: Tag.objects.all())


def status_labels() -> dict[int, str]:
    """The names of all statuses in the reader's language, by id."""
    statuses.all()
    return _labels(statuses.edition, get_language())


@lru_cache(maxsize=16)
def _labels(_edition: int, _language: str | None) -> dict[int, str]:
    return {pk: status.label for pk, status in statuses.all().items()}


types: Kept[TicketType] = Kept(lambda: TicketType.objects.all())
# All attributes of all types, in the order of their type.
attributes: Kept[Attribute] = Kept(lambda: Attribute.objects.all())
