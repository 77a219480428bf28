"""The choices of a ticket's fields as <option> markup, made once for as long as the lists stay the same."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from typing import Any

from django.utils.translation import get_language
from markupsafe import Markup

from zaguan.people.reference import agents, teams
from zaguan.tickets import reference
from zaguan.tickets.candidates import candidate_sources, candidates, service_tree
from zaguan.tickets.models import Status
from zaguan.ui.avatars import hue, initials

# Sources are compared by identity: the reference lists are new objects when they were read again.
_made: dict[Hashable, tuple[tuple[object, ...], Markup]] = {}
_OPTION = Markup('<option value="{}"{}>{}</option>')


def _once(name: Hashable, sources: tuple[object, ...], make: Callable[[], Iterable[Markup]]) -> Markup:
    key = (name, get_language())
    held = _made.get(key)
    if (
        held is not None
        and len(held[0]) == len(sources)
        and all(a is b for a, b in zip(held[0], sources, strict=True))
    ):
        return held[1]
    markup = Markup("").join(make())
    _made[key] = (sources, markup)
    return markup


def _option(value: object, label: str, **data: object) -> Markup:
    extra = Markup("").join(
        Markup(' data-{}="{}"').format(name, given) for name, given in data.items() if given != ""
    )
    return _OPTION.format(value, extra, label)


def selected(options: Markup, value: object) -> Markup:
    """The same choices with this one chosen."""
    mark = f'<option value="{value}"'
    return Markup(str(options).replace(mark, f"{mark} selected", 1))  # noqa: S704 (its own markup)


def assignees(team_id: int | None, chosen: int | None) -> Markup:
    """Who may take a ticket of this team; whoever has it is there in any case."""
    found = selected(
        _once(("assignee", team_id), candidate_sources(), lambda: _assignee_options(team_id)), chosen or ""
    )
    agent = agents.get(chosen)
    if agent is not None and f'value="{chosen}" selected' not in found:
        found += Markup('<option value="{}" selected>{}</option>').format(agent.pk, agent.name)
    return found


def _assignee_options(team_id: int | None) -> Iterable[Markup]:
    for each in candidates(team_id):
        agent = each.agent
        yield _option(agent.pk, agent.name, hue=hue(agent.pk), initials=initials(agent.name))


def team_choices(chosen: int | None) -> Markup:
    """Every team in use."""
    rows = teams.all()
    made = _once(
        "team", (rows,), lambda: [_option(t.pk, t.name) for t in rows.values() if t.archived_at is None]
    )
    return selected(made, chosen or "")


def list_choices(name: str, chosen: int | None) -> Markup:
    """Categories or urgencies."""
    rows: dict[int, Any] = (reference.categories if name == "category" else reference.urgencies).all()
    made = _once(
        name, (rows,), lambda: [_option(r.pk, r.label) for r in rows.values() if r.archived_at is None]
    )
    return selected(made, chosen or "")


def service_choices(chosen: int | None) -> Markup:
    """The tree of services, indented."""
    rows = reference.services.all()
    made = _once(
        "service", (rows,), lambda: [_option(s.pk, "\u2003" * depth + s.label) for depth, s in service_tree()]
    )
    return selected(made, chosen or "")


def statuses_in_use() -> list[Status]:
    """The statuses that an agent may set."""
    return [status for status in reference.statuses.all().values() if status.archived_at is None]
