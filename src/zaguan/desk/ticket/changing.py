"""What is changed on a ticket with one click: each saves itself and offers the way back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from zaguan.desk.access import AgentRequest, needs
from zaguan.desk.answers import toast
from zaguan.desk.ticket.sheet import ticket_for
from zaguan.lib.errors import Conflict, Refused
from zaguan.lib.numbers import whole
from zaguan.people import reference as people
from zaguan.people.models import Agent, Team
from zaguan.tickets.assigning import assign, set_team
from zaguan.tickets.models import Ticket

# Which recorded columns a field's change would overwrite.
_SAME: dict[str, tuple[str, ...]] = {"assignee": ("assignees",), "team": ("teams",), "status": ("statuses",)}


def asked(request: AgentRequest, name: str) -> str:
    """A value of the form, or of the address for buttons and for undoing."""
    return request.POST.get(name, request.GET.get(name, ""))


def answered(request: AgentRequest, ticket: Ticket, text: str, undo: str = "", **old: Any) -> HttpResponse:
    """Say what was done; `undo` is the path below the ticket that takes it back with the `old` values."""
    address = f"/desk/tickets/{ticket.pk}/"
    back = f"{address}{undo}/?{urlencode(old)}" if undo else ""
    return toast(request, text, undo=back, otherwise=HttpResponseRedirect(address))


def apart(request: AgentRequest, field: str, write: Callable[[int | None], Ticket]) -> Ticket:
    """Write with the version that the page showed; somebody else's change of another field is no conflict (R13)."""
    given = request.POST.get("version", "")
    try:
        return write(whole(given))
    except Conflict as conflict:
        names = _SAME.get(field, (field,))
        for change in conflict.changes:
            touched = {*change, *(change.get("changes") or {})}
            by_other = change.get("by") != {"kind": "agent", "id": request.user.pk}
            if by_other and any(name in touched for name in names):
                raise
        return write(conflict.version)


def chosen_row(rows: people.Kept[Any], text: str, field: str) -> Any:
    """The row that was chosen, None for none; Refused for one that is not there."""
    if not text:
        return None
    found = rows.get(whole(text))
    if found is None:
        raise Refused(_("This choice is no longer there. Reload the page."), field=field)
    return found


@require_POST
@needs("tickets.assign")
def assignee(request: AgentRequest, number: int) -> HttpResponse:
    """Give the ticket to an agent, or to nobody."""
    ticket = ticket_for(request, number)
    chosen: Agent | None = chosen_row(people.agents, asked(request, "assignee"), "assignee")
    if chosen is not None:
        chosen = Agent.objects.visible_to(request.user).select_related("role").get(pk=chosen.pk)
    apart(request, "assignee", lambda version: assign(ticket, chosen, by=request.user, version=version))
    if chosen is None:
        said = _("Assigned to nobody")
    else:
        said = (
            _("Assigned to you")
            if chosen == request.user
            else _("Assigned to %(name)s") % {"name": chosen.name}
        )
    return answered(request, ticket, said, "assignee", assignee=ticket.assignee_id or "")


@require_POST
@needs("tickets.assign")
def team(request: AgentRequest, number: int) -> HttpResponse:
    """Hand the ticket to a team."""
    ticket = ticket_for(request, number)
    chosen: Team | None = chosen_row(people.teams, asked(request, "team"), "team")
    if chosen is None:
        raise Refused(_("Choose a team."), field="team")
    apart(request, "team", lambda version: set_team(ticket, chosen, by=request.user, version=version))
    said = _("Moved to %(team)s") % {"team": chosen.name}
    return answered(request, ticket, said, "team" if ticket.team_id else "", team=ticket.team_id or "")
