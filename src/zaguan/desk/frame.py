"""What stands around every page of the desk: the rail, and the column of views."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from zaguan.desk.access import AgentRequest
from zaguan.people.models import Agent, Role
from zaguan.tickets import reference
from zaguan.tickets.models import View


@dataclass(frozen=True, slots=True)
class ViewLink:
    """One line of the views column; `key` is also what its count is fetched by."""

    key: str
    label: str
    icon: str

    @property
    def href(self) -> str:
        return reverse("desk:view", args=[self.key])


def frame_context(request: AgentRequest) -> dict[str, Any]:
    """What the frame's templates need; `section` tells which item of the rail is current."""
    agent = request.user
    return {
        "agent": agent,
        "section": "",
        "current_view": "",
        "groups": view_groups(agent),
        "pane": "",
        "keys_off": agent.preferences.get("keys") == "off",
        "keys_map": json.dumps(agent.preferences.get("keys_map", {})),
    }


def view_groups(agent: Agent) -> list[tuple[str, list[ViewLink]]]:
    """The views column, in groups with a title each; the first group has none."""
    own = [
        ViewLink("mine", _("Mine"), "user-round"),
        ViewLink("unassigned", _("Unassigned"), "user-round-x"),
        ViewLink("mentions", _("Mentions"), "at-sign"),
        ViewLink("open", _("All open"), "inbox"),
        ViewLink("important", _("Important"), "star"),
        ViewLink("snoozed", _("Postponed"), "alarm-clock"),
        ViewLink("done", _("Done"), "circle-check"),
        ViewLink("all", _("Everything"), "layers"),
    ]
    saved = [ViewLink(f"saved:{v.pk}", v.name, "list-filter") for v in View.objects.visible_to(agent)]
    groups = [("", own), (_("Teams"), _teams(agent)), (_("Saved views"), saved)]
    return [(title, links) for title, links in groups if links]


def _teams(agent: Agent) -> list[ViewLink]:
    sees_all = agent.role.is_admin or agent.role.ticket_scope == Role.Scope.ALL
    mine = agent.team_ids()
    teams = [
        t for t in reference.teams.all().values() if t.archived_at is None and (sees_all or t.pk in mine)
    ]
    return [ViewLink(f"team:{t.pk}", t.name, "users-round") for t in teams]


def view_label(agent: Agent, key: str) -> str:
    """The name of a view for titles; its key when it has no line in the column."""
    for _title, links in view_groups(agent):
        for link in links:
            if link.key == key:
                return link.label
    return key
