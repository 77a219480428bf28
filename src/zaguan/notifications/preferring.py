"""By which media an agent hears of a kind: their own choice for the place, in general, the house's, the usual."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from django.db import transaction

from zaguan.conversations.models import Inbox
from zaguan.events.recording import record
from zaguan.lib.errors import Refused
from zaguan.notifications.kinds import KINDS, MEDIA
from zaguan.notifications.models import Preference
from zaguan.people.events import SettingChanged
from zaguan.people.models import Agent, Team
from zaguan.people.reference import Kept

preferences: Kept[Preference] = Kept(lambda: Preference.objects.all())

# Whose, what, how, for which team, for which inbox.
Key = tuple[int | None, str, str, int | None, int | None]


@lru_cache(maxsize=4)
def _index(_edition: int) -> dict[Key, bool]:
    rows = preferences.all().values()
    return {(row.agent_id, row.kind, row.medium, row.team_id, row.inbox_id): row.is_on for row in rows}


def chosen() -> dict[Key, bool]:
    """Every choice that somebody made."""
    preferences.all()
    return _index(preferences.edition)


def by_inbox() -> bool:
    """Whether anybody distinguishes inboxes, so that it is worth asking for a ticket's."""
    return any(key[4] is not None for key in chosen())


def media_for(
    agent_id: int, kind: str, *, team_id: int | None = None, inbox_id: int | None = None
) -> set[str]:
    """The media by which the agent hears of it."""
    return {m for m in MEDIA if is_on(agent_id, kind, m, team_id=team_id, inbox_id=inbox_id)}


def is_on(
    agent_id: int | None, kind: str, medium: str, *, team_id: int | None = None, inbox_id: int | None = None
) -> bool:
    """Whether the agent (None: who has not chosen) hears of the kind by the medium; the nearest choice counts."""
    known = KINDS[kind]
    if medium in known.always:
        return True
    found = chosen()
    for key in _nearest_first(agent_id, kind, medium, team_id, inbox_id):
        if key in found:
            return found[key]
    return medium in known.usual


def _nearest_first(
    agent_id: int | None, kind: str, medium: str, team_id: int | None, inbox_id: int | None
) -> Iterator[Key]:
    if agent_id is not None:
        if inbox_id is not None:
            yield (agent_id, kind, medium, None, inbox_id)
        if team_id is not None:
            yield (agent_id, kind, medium, team_id, None)
        yield (agent_id, kind, medium, None, None)
    yield (None, kind, medium, None, None)


def in_general(agent_id: int | None, kind: str, medium: str, *, in_place: bool) -> bool:
    """What would hold without the choice itself: that in general for a place, the house's or the usual otherwise."""
    if in_place:
        return is_on(agent_id, kind, medium)
    return medium in KINDS[kind].usual if agent_id is None else is_on(None, kind, medium)


@transaction.atomic
def choose(
    agent: Agent | None,
    wanted: dict[tuple[str, str], bool],
    *,
    by: Any,
    team: Team | None = None,
    inbox: Inbox | None = None,
) -> None:
    """Keep (kind, medium) → on or off; `agent` None is the house's choice. Stored only where it makes a difference."""
    for kind, medium in wanted:
        if kind not in KINDS or medium not in MEDIA:
            raise Refused(f"{kind} × {medium}?", field="preferences")
    in_place = team is not None or inbox is not None
    # General choices first: what holds in a place is compared with them.
    for (kind, medium), on in wanted.items():
        same = Preference.objects.filter(agent=agent, kind=kind, medium=medium, team=team, inbox=inbox)
        same.delete()
        preferences.forget()
        usual = in_general(agent.pk if agent else None, kind, medium, in_place=in_place)
        if on != usual and medium not in KINDS[kind].always:
            Preference.objects.create(agent=agent, kind=kind, medium=medium, team=team, inbox=inbox, is_on=on)
    preferences.forget()
    if agent is None:
        record(SettingChanged(what="notifications", name=""), by=by)
