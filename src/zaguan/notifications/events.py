"""What happens to notifications; nothing of it belongs to a ticket's history."""

from __future__ import annotations

from dataclasses import dataclass, field

from zaguan.events.base import Event


@dataclass(frozen=True, kw_only=True)
class AgentsNotified(Event):
    """Something came into these agents' bells, or was read there: open pages count again."""

    agents: list[int] = field(default_factory=list)
