"""Tell somebody at the desk: whoever has the ticket, its team, its followers, or an agent of choice."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from zaguan.automation.base import Action, ActionForm, Done, Preview, Values, register
from zaguan.automation.fields import RowField
from zaguan.automation.texts import known_placeholders
from zaguan.conversations.placeholders import fill
from zaguan.conversations.typed_texts import as_html
from zaguan.events.recording import cause
from zaguan.lib.errors import Refused
from zaguan.lib.html import text_of
from zaguan.notifications.sending import notify
from zaguan.people import reference
from zaguan.people.models import Agent
from zaguan.tickets.models import Follower, Ticket

ASSIGNEE, TEAM, FOLLOWERS = "assignee", "team", "followers"
_GROUPS = {
    ASSIGNEE: gettext_lazy("Whoever has the ticket"),
    TEAM: gettext_lazy("The ticket's team"),
    FOLLOWERS: gettext_lazy("Everybody who follows it"),
}
_SENTENCES = {
    ASSIGNEE: gettext_lazy("Tell whoever has the ticket: “%(text)s”"),
    TEAM: gettext_lazy("Tell the ticket's team: “%(text)s”"),
    FOLLOWERS: gettext_lazy("Tell everybody who follows it: “%(text)s”"),
}


class NotifyForm(ActionForm):
    """Whom, and what they read."""

    to = RowField(reference.agents, extra=list(_GROUPS.items()), label=gettext_lazy("Who is told"))
    text = forms.CharField(
        label=gettext_lazy("Text"),
        max_length=300,
        help_text=gettext_lazy("Placeholders such as {{ticket.subject}} are filled in."),
    )

    def clean_text(self) -> str:
        """Every placeholder is known."""
        return known_placeholders(self.cleaned_data["text"])


def hearers(ticket: Ticket, to: Any) -> list[Agent]:
    """The agents meant, as the ticket stands."""
    agents = Agent.objects.filter(is_active=True).select_related("role")
    if to == ASSIGNEE:
        return list(agents.filter(pk=ticket.assignee_id or 0))
    if to == TEAM:
        return list(agents.filter(teams=ticket.team_id or 0))
    if to == FOLLOWERS:
        return list(agents.filter(pk__in=Follower.objects.filter(ticket=ticket).values("agent")))
    return list(agents.filter(pk=to or 0))


def _name(to: Any) -> str:
    agent = reference.agents.get(to)
    return agent.name if agent else _("A former agent")


@register
class Notify(Action):
    key = "notify"
    label = gettext_lazy("Tell somebody")
    icon = "bell"
    permission = "desk.use"
    form = NotifyForm

    def describe(self, values: Values) -> str:
        to, text = values.get("to"), values["text"]
        if to in _SENTENCES:
            return str(_SENTENCES[to]) % {"text": text}
        return _("Tell %(name)s: “%(text)s”") % {"name": _name(to), "text": text}

    def preview(self, ticket: Ticket, values: Values, *, by: Any) -> Preview:
        names = ", ".join(agent.name for agent in hearers(ticket, values.get("to")))
        problem = "" if names else _("There is nobody to tell.")
        filled = fill(as_html(values["text"]), ticket, by=by)
        return Preview(_("Tell somebody"), "", names, text=filled.html, problem=problem)

    def run(self, ticket: Ticket | int, values: Values, *, by: Any) -> Done:
        found = Ticket.objects.get(pk=ticket if isinstance(ticket, int) else ticket.pk)
        agents = hearers(found, values.get("to"))
        if not agents:
            raise Refused(_("There is nobody to tell."), field="to")
        text = text_of(fill(as_html(values["text"]), found, by=by).html).strip()
        notify(agents, kind="rule", ticket_id=found.pk, text=text, event_id=cause())
        return Done(", ".join(agent.name for agent in agents))
