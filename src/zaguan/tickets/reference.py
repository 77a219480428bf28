"""Statuses, lists and tags as every list item names them: read once, kept for two seconds."""

from __future__ import annotations

from zaguan.people.reference import Kept, agents, forget_all, teams
from zaguan.tickets.models import Category, Service, Status, Tag, Urgency, View

__all__ = [
    "agents",
    "categories",
    "forget_all",
    "services",
    "statuses",
    "tags",
    "teams",
    "urgencies",
    "views",
]

statuses: Kept[Status] = Kept(lambda: Status.objects.all())
categories: Kept[Category] = Kept(lambda: Category.objects.all())
urgencies: Kept[Urgency] = Kept(lambda: Urgency.objects.all())
services: Kept[Service] = Kept(lambda: Service.objects.all())
views: Kept[View] = Kept(lambda: View.objects.all())
tags: Kept[Tag] = Kept(lambda: Tag.objects.all())
