"""Who may bring a ticket from which status into which (everybody, where nothing else is said), and why somebody may not.

What an administrator has chosen stands on the status that is entered (`Status.ways`), which each process knows
already: {"from": [{"type", "source", "who", "roles", "teams", "rules"}], "needs": [{"type", "fields"}]}.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from zaguan.events.base import actor_of
from zaguan.lib.errors import Refused
from zaguan.people import reference as people
from zaguan.people.models import Agent
from zaguan.tickets import reference
from zaguan.tickets.holding import is_end, why_held
from zaguan.tickets.models import Status, Ticket

EVERYBODY, SOME, NOBODY = "everybody", "some", "nobody"


@dataclass(frozen=True)
class Way:
    """Who goes from one status to another. `rules`: whether rules do, where only some may."""

    who: str = EVERYBODY
    roles: tuple[int, ...] = ()
    teams: tuple[int, ...] = ()
    rules: bool = False

    def is_open_to(self, by: Any) -> bool:
        """Whether an agent or a rule may; what the system and the customer do comes by itself."""
        if self.who == EVERYBODY or comes_by_itself(by):
            return True
        if self.who == NOBODY:
            return False
        if not isinstance(by, Agent):
            return self.rules
        return by.role_id in self.roles or bool(self.teams and by.team_ids() & set(self.teams))


FREE = Way()


def comes_by_itself(by: Any) -> bool:
    """Whether nobody at the desk did it: the clock, or the customer."""
    return not isinstance(by, Agent) and actor_of(by).kind in ("system", "contact")


def ways_of(status: Status) -> dict[tuple[int | None, int | None], Way]:
    """What was chosen for entering this status: by (type, source); None stands for any."""
    return {
        (row["type"], row["source"]): Way(
            row["who"], tuple(row.get("roles", ())), tuple(row.get("teams", ())), bool(row.get("rules"))
        )
        for row in status.ways.get("from", ())
    }


def way(source: int, target: Status, type_id: int | None) -> Way:
    """The way from a status: as said for the type and this status, for the type, for this status, for all."""
    if not target.ways.get("from"):
        return FREE
    chosen = ways_of(target)
    for key in ((type_id, source), (type_id, None), (None, source), (None, None)):
        if key in chosen:
            return chosen[key]
    return FREE


def why_not(ticket: Ticket, target: Status, *, by: Any) -> str:
    """The sentence that says why this one may not bring the ticket there; "" when nothing is in the way."""
    if ticket.status_id == target.pk:
        return ""
    held = why_held(ticket) if is_end(target) else ""
    return held or _why_no_way(ticket, target, by=by)


def _why_no_way(ticket: Ticket, target: Status, *, by: Any) -> str:
    if not target.ways or ticket.status_id == target.pk:
        return ""
    found = way(ticket.status_id, target, ticket.type_id)
    if found.is_open_to(by):
        return ""
    labels = reference.status_labels()
    values = {"old": labels.get(ticket.status_id, ""), "new": labels.get(target.pk, target.label)}
    who = named(found)
    if found.who == NOBODY or not who:
        return _("Nobody changes a ticket from “%(old)s” to “%(new)s” by hand.") % values
    return _("From “%(old)s” to “%(new)s” only: %(who)s.") % (values | {"who": who})


def named(chosen: Way) -> str:
    """Roles and teams by name."""
    roles, teams = people.roles.all(), people.teams.all()
    names = [roles[pk].name for pk in chosen.roles if pk in roles]
    names += [teams[pk].name for pk in chosen.teams if pk in teams]
    return ", ".join([*names, _("rules")] if chosen.rules else names)


def refuse_way(ticket: Ticket, target: Status, *, by: Any) -> None:
    """Raise Refused when this one may not bring the ticket into the status."""
    sentence = _why_no_way(ticket, target, by=by)
    if sentence:
        raise Refused(sentence, field="status")


def blocked_for(ticket: Ticket, by: Any, statuses: Iterable[Status]) -> dict[int, str]:
    """Of these statuses those that this one may not choose now, with the reason."""
    held = why_held(ticket)
    found = {
        status.pk: (is_end(status) and held) or _why_no_way(ticket, status, by=by)
        for status in statuses
        if status.ways or held
    }
    return {pk: sentence for pk, sentence in found.items() if sentence}
