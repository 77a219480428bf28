"""Let whoever runs the action follow the ticket, or an agent of choice."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from zaguan.automation.actions.assign import ME, assignee_of
from zaguan.automation.base import Action, ActionForm, Preview, Values, register
from zaguan.automation.fields import RowField
from zaguan.automation.snapshots import register_fact
from zaguan.people import reference
from zaguan.people.models import Agent
from zaguan.tickets.following import follow, unfollow
from zaguan.tickets.models import Follower, Ticket


class FollowForm(ActionForm):
    """Who."""

    agent = RowField(
        reference.agents, extra=[(ME, gettext_lazy("Me, whoever runs it"))], label=gettext_lazy("Agent")
    )


def _agent(values: Values, by: Any) -> Agent:
    found = assignee_of({"assignee": values.get("agent")}, by)
    assert found is not None
    return found


def _followers(ticket: Ticket) -> list[int]:
    return sorted(Follower.objects.filter(ticket_id=ticket.pk).values_list("agent_id", flat=True))


def _put_back(number: int, before: Any, after: Any, by: Any) -> None:
    for agent in Agent.objects.select_related("role").filter(pk__in=set(after) - set(before)):
        unfollow(number, agent, by=by)
    for agent in Agent.objects.select_related("role").filter(pk__in=set(before) - set(after)):
        follow(number, agent, by=by)


register_fact("followers", _followers, _put_back)


@register
class Follow(Action):
    key = "follow"
    label = gettext_lazy("Follow")
    icon = "eye"
    permission = "desk.use"
    form = FollowForm
    keeps = ("followers",)

    def describe(self, values: Values) -> str:
        if values.get("agent") == ME:
            return _("I follow it")
        agent = reference.agents.get(values.get("agent"))
        return _("%(name)s follows it") % {"name": agent.name if agent else _("A former agent")}

    def preview(self, ticket: Ticket, values: Values, *, by: Any) -> Preview:
        ids = _followers(ticket)
        names = [agent.name for pk in ids if (agent := reference.agents.get(pk))]
        new = _agent(values, by)
        after = names if new.pk in ids else [*names, new.name]
        return Preview(_("Followers"), ", ".join(names) or "–", ", ".join(after))

    def run(self, ticket: Ticket | int, values: Values, *, by: Any) -> None:
        follow(ticket, _agent(values, by), by=by)
