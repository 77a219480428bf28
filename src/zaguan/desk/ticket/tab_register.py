"""Which tabs a ticket's page has, and which of them an agent has before their eyes: the ones used last."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from zaguan.people.preferences import remember

if TYPE_CHECKING:
    from zaguan.desk.access import AgentRequest
    from zaguan.people.models import Agent

TICKET = "ticket"
# Beside "Ticket": more would not be calm, and the rest is one key away.
BESIDE = 2
_FIRST = ("notes", "feed", "changes")


@dataclass(frozen=True)
class Tab:
    """One tab. `label` is lazy; `template` gets what `context` returns, with `sheet` and `parts`; both functions take the Sheet."""

    key: str
    label: Any
    icon: str
    template: str
    context: Callable[[AgentRequest, Any], dict[str, Any]]
    # How many there are; asked only when the list of tabs is opened. None says nothing.
    count: Callable[[Any], int | None] | None = None
    permission: str = "desk.use"
    position: int = 100
    # In place of the conversation instead of beside it: for pictures that need the room.
    wide: bool = False
    # An own key such as "g t"; few tabs need one.
    keys: str = ""


_tabs: dict[str, Tab] = {}


def register(tab: Tab) -> Tab:
    """Make a tab known; once per key."""
    if tab.key in _tabs or tab.key == TICKET:
        raise ValueError(tab.key)
    _tabs[tab.key] = tab
    return tab


def tabs_for(agent: Agent) -> list[Tab]:
    """Every tab that the agent may open, in order."""
    found = [tab for tab in _tabs.values() if agent.can(tab.permission)]
    return sorted(found, key=lambda tab: (tab.position, tab.key))


def tab_named(key: str, agent: Agent) -> Tab | None:
    """The tab, if there is such a one and the agent may open it."""
    tab = _tabs.get(key)
    return tab if tab is not None and agent.can(tab.permission) else None


def beside(agent: Agent, shown: str) -> list[Tab]:
    """The few tabs on the strip after "Ticket": those used last, always with the one that is shown."""
    used = agent.preferences.get("tabs")
    keys = [*(used if isinstance(used, list) else ()), *_FIRST]
    named = (tab_named(key, agent) for key in dict.fromkeys(map(str, keys)))
    found = [tab for tab in named if tab is not None][:BESIDE]
    now = tab_named(shown, agent)
    if now is not None and now not in found:
        found = [now, *found][:BESIDE]
    return found


def note_use(agent: Agent, shown: str) -> None:
    """Keep a tab on the strip that was not there."""
    before = beside(agent, "")
    if shown == TICKET or any(tab.key == shown for tab in before):
        return
    remember(agent, "tabs", [tab.key for tab in beside(agent, shown)])
