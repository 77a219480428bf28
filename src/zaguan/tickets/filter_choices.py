"""Finding rows by the names that people type: in any language, without accents, whole or by their beginning."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TypeVar

from zaguan.lib.folding import squeeze
from zaguan.people.models import Agent, Team
from zaguan.tickets.filtering import NotUnderstood
from zaguan.tickets.models import Tag, Translated

T = TypeVar("T")
# Shorter beginnings match too much.
SHORTEST = 3


def pick(rows: Iterable[T], value: str, names: Callable[[T], Iterable[str]], otherwise: str) -> list[T]:
    """The rows with exactly this name, else those whose name begins like it; raises NotUnderstood(otherwise)."""
    wanted = squeeze(value)
    named = [(row, {squeeze(name) for name in names(row) if name}) for row in rows]
    found = [row for row, own in named if wanted in own]
    if not found and len(wanted) >= SHORTEST:
        found = [row for row, own in named if any(name.startswith(wanted) for name in own)]
    if not found or not wanted:
        raise NotUnderstood(otherwise % {"value": value})
    return found


def names_of(row: Translated) -> list[str]:
    """Its name in all languages."""
    return [row.name, *row.names.values()]


def names_of_agent(agent: Agent) -> list[str]:
    """Whole name, each part of it, and the address with and without its domain."""
    return [agent.name, *agent.name.split(), agent.email, agent.email.partition("@")[0]]


def name_of(row: Team | Tag) -> list[str]:
    """The only name of a team or tag."""
    return [row.name]
