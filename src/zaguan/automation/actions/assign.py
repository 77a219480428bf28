"""Give a ticket to whoever runs the action, to an agent, or to nobody."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from zaguan.automation.base import Action, ActionForm, Preview, Values, register
from zaguan.automation.fields import RowField
from zaguan.lib.errors import Refused
from zaguan.people import reference
from zaguan.people.models import Agent
from zaguan.tickets.assigning import assign
from zaguan.tickets.models import Ticket

ME, NOBODY = "me", "nobody"


class AssignForm(ActionForm):
    """To whom."""

    assignee = RowField(
        reference.agents,
        extra=[
            (ME, gettext_lazy("Me, whoever runs it")),
            (NOBODY, gettext_lazy("Nobody")),
        ],
        label=gettext_lazy("Assignee"),
    )


def assignee_of(values: Values, by: Any) -> Agent | None:
    """The agent meant; None for nobody. Raises Refused when they have left, or a machine says "me"."""
    chosen = values.get("assignee")
    if chosen == NOBODY:
        return None
    if chosen == ME:
        if not isinstance(by, Agent):
            raise Refused(_("Only an agent can take a ticket."))
        return by
    found = Agent.objects.select_related("role").filter(pk=chosen or 0).first()
    if found is None:
        raise Refused(_("The agent of this action is no longer there."), field="assignee")
    return found


@register
class Assign(Action):
    key = "assign"
    label = gettext_lazy("Assign")
    icon = "user-round-check"
    permission = "tickets.assign"
    form = AssignForm
    # A ticket without a team takes the agent's.
    keeps = ("team", "assignee")

    def describe(self, values: Values) -> str:
        chosen = values.get("assignee")
        if chosen == ME:
            return _("Assign to me")
        if chosen == NOBODY:
            return _("Assign to nobody")
        agent = reference.agents.get(chosen)
        return _("Assign to %(name)s") % {"name": agent.name if agent else _("A former agent")}

    def preview(self, ticket: Ticket, values: Values, *, by: Any) -> Preview:
        new = assignee_of(values, by)
        nobody = _("Nobody")
        old = ticket.assignee.name if ticket.assignee else nobody
        return Preview(_("Assignee"), old, new.name if new else nobody)

    def run(self, ticket: Ticket | int, values: Values, *, by: Any) -> Ticket:
        return assign(ticket, assignee_of(values, by), by=by)
