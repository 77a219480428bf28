"""What stands on a ticket before and after an action, and how it is put back."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import UTC
from typing import Any

from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from zaguan.lib.errors import Refused
from zaguan.people.models import Agent, Team
from zaguan.tickets.assigning import assign, leave_team, set_team
from zaguan.tickets.changing import lock
from zaguan.tickets.editing import edit, retag, worn_by
from zaguan.tickets.models import Category, Service, Status, Tag, Ticket, Urgency
from zaguan.tickets.statuses import restore_status

State = dict[str, Any]
_LISTS: dict[str, Any] = {"category": Category, "urgency": Urgency, "service": Service}


def take(ticket: Ticket, names: Iterable[str]) -> State:
    """The named facts as plain values."""
    return {name: _READ[name](ticket) for name in names}


def changed(before: State, after: State) -> list[str]:
    """What is different, in the order in which it is put back."""
    return [name for name in _PUT if name in before and before[name] != after.get(name)]


def put_back(ticket_id: int, before: State, after: State, *, by: Any) -> list[str]:
    """Make it as it was. What somebody changed since stays as they left it; returns the names of that."""
    kept = []
    for name in changed(before, after):
        now = take(lock(ticket_id), [name])[name]
        if now == before[name]:
            continue
        if now != after[name]:
            kept.append(name)
            continue
        _PUT[name](ticket_id, before[name], after[name], by)
    return kept


def register_fact(
    name: str,
    read: Callable[[Ticket], Any],
    put: Callable[[int, Any, Any, Any], None],
) -> None:
    """Let another action's file say what it changes: `read` the value, `put` it back (ticket, before, after, by)."""
    if name in _READ:
        raise ValueError(f"the fact {name} is registered twice")
    _READ[name], _PUT[name] = read, put


def _read_status(ticket: Ticket) -> list[Any]:
    until = ticket.snoozed_until
    return [ticket.status_id, ticket.status_reason, until.astimezone(UTC).isoformat() if until else ""]


def _put_status(number: int, before: Any, after: Any, by: Any) -> None:
    status_id, reason, until = before
    restore_status(
        lock(number),
        Status.objects.get(pk=status_id),
        by=by,
        reason=reason,
        until=parse_datetime(until) if until else None,
    )


def _put_team(number: int, before: Any, after: Any, by: Any) -> None:
    if before is None:
        leave_team(number, by=by)
    else:
        set_team(number, Team.objects.get(pk=before), by=by)


def _put_assignee(number: int, before: Any, after: Any, by: Any) -> None:
    agent = Agent.objects.select_related("role").get(pk=before) if before else None
    assign(number, agent, by=by)


def _put_list(name: str) -> Callable[[int, Any, Any, Any], None]:
    def put(number: int, before: Any, after: Any, by: Any) -> None:
        row = _LISTS[name].objects.filter(pk=before).first() if before else None
        if before and row is None:
            raise Refused(_("What stood there before is no longer in the list."))
        edit(number, by=by, **{name: row})

    return put


def _put_important(number: int, before: Any, after: Any, by: Any) -> None:
    edit(number, by=by, is_important=before)


def _put_tags(number: int, before: Any, after: Any, by: Any) -> None:
    gone, new = set(before) - set(after), set(after) - set(before)
    retag(number, by=by, add=Tag.objects.filter(pk__in=gone), remove=Tag.objects.filter(pk__in=new))


_READ: dict[str, Callable[[Ticket], Any]] = {
    "status": _read_status,
    "team": lambda ticket: ticket.team_id,
    "assignee": lambda ticket: ticket.assignee_id,
    "category": lambda ticket: ticket.category_id,
    "urgency": lambda ticket: ticket.urgency_id,
    "service": lambda ticket: ticket.service_id,
    "important": lambda ticket: ticket.is_important,
    "tags": worn_by,
}
# In this order: work on a ticket needs a team, so the status goes first and the team after the assignee who
# might not be in it.
_PUT: dict[str, Callable[[int, Any, Any, Any], None]] = {
    "status": _put_status,
    "team": _put_team,
    "assignee": _put_assignee,
    "category": _put_list("category"),
    "urgency": _put_list("urgency"),
    "service": _put_list("service"),
    "important": _put_important,
    "tags": _put_tags,
}
