"""Macros: kept, offered where they make sense, and run in one click (A3.6, A15.1)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import Count, Max, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from zaguan.automation.models import Macro, Run, StepRow
from zaguan.automation.permissions import SHARE_MACROS
from zaguan.automation.steps import Step, checked, missing, stored
from zaguan.events.recording import record
from zaguan.lib.errors import Refused
from zaguan.lib.folding import fold
from zaguan.people.events import SettingChanged
from zaguan.people.models import Agent, Role, Team
from zaguan.people.preferences import remember
from zaguan.tickets.filtering import matches, parse
from zaguan.tickets.models import Ticket

FAVOURITES = "favourite_macros"
RECENT = timedelta(days=7)


@dataclass(frozen=True)
class Offer:
    """A macro as an agent is offered it."""

    macro: Macro
    steps: list[Step]
    is_favourite: bool
    # Permissions that the agent lacks for it.
    missing: list[str]

    @property
    def summary(self) -> str:
        return ", ".join(step.sentence() for step in self.steps)


@transaction.atomic
def save_macro(
    agent: Agent,
    macro: Macro | None,
    *,
    name: str,
    steps: Iterable[StepRow],
    names: dict[str, str] | None = None,
    description: str = "",
    query: str = "",
    team: Team | None = None,
    everybody: bool = False,
    by: Any,
) -> Macro:
    """Make a macro or change one. Raises Refused for a wrong step, a filter that cannot be read, or sharing without the permission."""
    if macro is not None:
        _check_mine(agent, macro)
    _check_sharing(agent, team, everybody)
    values: dict[str, Any] = {
        "name": " ".join(name.split()),
        "names": {code: text for code, text in (names or {}).items() if text},
        "description": description.strip()[:200],
        "steps": [step.row for step in checked(steps, agent)],
        "query": _checked_query(agent, query),
        "owner": None if everybody or team else agent,
        "team": team,
    }
    if not values["name"] or len(values["name"]) > 80:
        raise Refused(_("A macro has a name of 1 to 80 letters."), field="name")
    saved = macro or Macro(position=(Macro.objects.aggregate(top=Max("position"))["top"] or 0) + 1)
    changes = {k: [_plain(getattr(saved, k)), _plain(v)] for k, v in values.items() if getattr(saved, k) != v}
    for key, value in values.items():
        setattr(saved, key, value)
    _save(saved, changes, agent, by=by)
    return saved


def _plain(value: Any) -> Any:
    return value if isinstance(value, str | dict | list) else str(value or "")


def _save(macro: Macro, changes: dict[str, Any], agent: Agent | None, *, by: Any) -> None:
    macro.changed_by = agent
    macro.save()
    record(SettingChanged(what="macro", id=macro.pk, name=macro.name, changes=changes), by=by)


def _checked_query(agent: Agent, query: str) -> str:
    text = " ".join(query.split())
    if len(text) > 500:
        raise Refused(_("This filter is too long to be saved."), field="query")
    problems = parse(text, agent, with_words=False).problems
    if problems:
        raise Refused(problems[0], field="query")
    return text


def _check_sharing(agent: Agent, team: Team | None, everybody: bool) -> None:
    if (team or everybody) and not agent.can(SHARE_MACROS):
        raise Refused(_("You may not share macros. Ask an administrator."), field="shared")
    sees_all = agent.scope == Role.Scope.ALL
    if team is not None and not sees_all and team.pk not in agent.team_ids():
        raise Refused(_("You are not in the team %(team)s.") % {"team": team.name}, field="shared")


def _check_mine(agent: Agent, macro: Macro) -> None:
    if macro.owner_id is None:
        _check_sharing(agent, macro.team, everybody=macro.team is None)
    elif macro.owner_id != agent.pk:
        raise Refused(_("This macro belongs to somebody else."))


def may_change(agent: Agent, macro: Macro) -> bool:
    """Whether the agent may change it: their own, or a shared one with the permission."""
    return macro.owner_id == agent.pk or (macro.owner_id is None and agent.can(SHARE_MACROS))


@transaction.atomic
def set_active(agent: Agent, macro: Macro, active: bool, *, by: Any) -> None:
    """Offer a macro, or no longer."""
    _check_mine(agent, macro)
    was = macro.archived_at is None
    if was != active:
        macro.archived_at = None if active else timezone.now()
        _save(macro, {"active": [was, active]}, agent, by=by)


@transaction.atomic
def delete_macro(agent: Agent, macro: Macro, *, by: Any) -> None:
    """Forget a macro; what it did stays."""
    _check_mine(agent, macro)
    number = macro.pk
    macro.delete()
    changes = {"deleted": [False, True]}
    record(SettingChanged(what="macro", id=number, name=macro.name, changes=changes), by=by)


@transaction.atomic
def reorder_macros(agent: Agent, numbers: Sequence[int], *, by: Any) -> None:
    """Put the macros that the agent may change into this order; others keep their place."""
    place = {number: position for position, number in enumerate(numbers, 1)}
    rows = Macro.objects.visible_to(agent).filter(pk__in=numbers).select_for_update(of=("self",))
    own = [macro for macro in rows if may_change(agent, macro)]
    for macro in own:
        macro.position = place[macro.pk]
    Macro.objects.bulk_update(own, ["position"])
    if own:
        record(SettingChanged(what="macro", changes={"order": [[], [m.pk for m in own]]}), by=by)


def favourites_of(agent: Agent) -> list[int]:
    """The agent's favourite macros, the first one chosen first."""
    found = agent.preferences.get(FAVOURITES)
    return [number for number in found if isinstance(number, int)] if isinstance(found, list) else []


def set_favourite(agent: Agent, macro: Macro, favourite: bool) -> None:
    """Put a macro first in the agent's own list, or no longer."""
    others = [number for number in favourites_of(agent) if number != macro.pk]
    remember(agent, FAVOURITES, [*others, macro.pk] if favourite else others)


def offered(agent: Agent, ticket: Ticket | None = None, typed: str = "") -> list[Offer]:
    """The macros in use that the agent sees, favourites first; for a ticket, those whose filter finds it."""
    rows = Macro.objects.visible_to(agent).filter(archived_at=None)
    if ticket is not None:
        rows = rows.filter(pk__in=[m.pk for m in rows if not m.query or matches(ticket, m.query, agent)])
    loved, wanted = favourites_of(agent), fold(typed).split()
    found = []
    for macro in rows:
        where = fold(" ".join([macro.name, *macro.names.values(), macro.description]))
        if all(word in where for word in wanted):
            steps = stored(macro.steps)
            found.append(Offer(macro, steps, macro.pk in loved, missing(steps, agent)))
    return sorted(found, key=lambda offer: (not offer.is_favourite, offer.macro.position, offer.macro.pk))


def refuse_elsewhere(agent: Agent, macro: Macro, ticket: Ticket) -> None:
    """Raise Refused on a ticket that the macro's filter does not find, or for one that is switched off."""
    if macro.archived_at is not None:
        raise Refused(_("The macro “%(name)s” is switched off.") % {"name": macro.label})
    if macro.query and not matches(ticket, macro.query, agent):
        raise Refused(
            _("The macro “%(name)s” is only for tickets with: %(query)s")
            % {"name": macro.label, "query": macro.query}
        )


def used_lately(macros: Iterable[Macro]) -> dict[int, int]:
    """How often each was run in the last seven days."""
    since = timezone.now() - RECENT
    lately = Q(macro__in=[macro.pk for macro in macros], created_at__gte=since)
    counted = Run.objects.filter(lately).values("macro").annotate(times=Count("pk"))
    return {row["macro"]: row["times"] for row in counted}
