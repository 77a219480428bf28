"""Hand a ticket to a team."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from zaguan.automation.base import Action, ActionForm, Preview, Values, register
from zaguan.automation.fields import RowField
from zaguan.lib.errors import Refused
from zaguan.people import reference
from zaguan.people.models import Team
from zaguan.tickets.assigning import set_team
from zaguan.tickets.models import Ticket


class TeamForm(ActionForm):
    """Which team."""

    team = RowField(
        reference.teams,
        label=gettext_lazy("Team"),
        help_text=gettext_lazy(
            "Assignees who are not in that team are taken off, unless they see all tickets."
        ),
    )


def team_of(values: Values) -> Team:
    """The chosen team; raises Refused when none is chosen yet, or it is archived."""
    if not values.get("team"):
        raise Refused(_("No team is chosen yet for this action. Choose it in the settings."), field="team")
    found = reference.teams.get(values["team"])
    if found is None or found.archived_at is not None:
        raise Refused(_("The team of this action is no longer used."), field="team")
    return found


@register
class SetTeam(Action):
    key = "set_team"
    label = gettext_lazy("Move to a team")
    icon = "users-round"
    permission = "tickets.assign"
    form = TeamForm
    # An assignee who is not in the team lets go.
    keeps = ("team", "assignee")

    def describe(self, values: Values) -> str:
        return _("Team: %(team)s") % {"team": team_of(values).name}

    def preview(self, ticket: Ticket, values: Values, *, by: Any) -> Preview:
        return Preview(_("Team"), ticket.team.name if ticket.team else "–", team_of(values).name)

    def run(self, ticket: Ticket | int, values: Values, *, by: Any) -> Ticket:
        return set_team(ticket, team_of(values), by=by)
