"""Look and habits of an agent."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from zaguan.people.models import Agent


@transaction.atomic
def remember(agent: Agent, name: str, value: Any) -> None:
    """Keep one preference; nobody else is told, and no history is made of it."""
    fresh = Agent.objects.select_for_update(of=("self",)).get(pk=agent.pk)
    if fresh.preferences.get(name) == value:
        return
    fresh.preferences[name] = value
    fresh.save(update_fields=["preferences"])
    agent.preferences = fresh.preferences
