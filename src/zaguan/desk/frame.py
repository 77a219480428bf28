"""What stands around every page of the desk: the rail, and the column of views."""

from __future__ import annotations

import json
from collections.abc import Hashable
from functools import lru_cache
from typing import Any, NamedTuple, TypeAlias

from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.timezone import get_current_timezone_name
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from markupsafe import Markup

from zaguan.desk import templating
from zaguan.desk.access import AgentRequest
from zaguan.desk.form_token import form_token
from zaguan.desk.kept import KeptMarkup
from zaguan.people.models import Agent, Role
from zaguan.tickets import reference
from zaguan.tickets.views import views_of


class ViewLink(NamedTuple):
    """One line of the views column; `key` is also what its count is fetched by."""

    key: str
    label: str
    icon: str

    @property
    def href(self) -> str:
        return view_address(self.key)


@lru_cache(maxsize=500)
def view_address(key: str) -> str:
    """Where a view's list is."""
    return reverse("desk:view", args=[key])


Groups: TypeAlias = tuple[tuple[str, tuple[ViewLink, ...]], ...]
_groups: dict[Hashable, Groups] = {}
_MOST_GROUPS = 500
# What stands around a page is the same from one request to the next; only the form token differs.
_kept = KeptMarkup(500)
_TOKEN = "@the-form-token@"  # noqa: S105 (a place for it)


def frame_context(request: AgentRequest, *, section: str = "", current_view: str = "") -> dict[str, Any]:
    """What the frame's templates need: its parts, drawn already. `section` is the current item of the rail."""
    parts = frame_parts(request, section=section, current_view=current_view)
    return frame_facts(request) | {"section": section, "current_view": current_view, "pane": ""} | parts


def frame_facts(request: AgentRequest) -> dict[str, Any]:
    """What the frame itself says of its reader."""
    agent = request.user
    return {
        "agent": agent,
        "keys_off": agent.preferences.get("keys") == "off",
        "keys_map": json.dumps(agent.preferences.get("keys_map", {})),
        "after_sending": agent.preferences.get("after_sending", ""),
    }


def frame_parts(request: AgentRequest, *, section: str, current_view: str) -> dict[str, Markup]:
    """The pieces around a page."""
    agent, token, language = request.user, form_token(request), get_language()
    groups = _groups_of(request)
    there = (agent.availability, agent.availability_until, agent.returns_to, get_current_timezone_name())
    look = (language, agent.pk, agent.name, *there, section)
    may = (agent.role.is_admin, tuple(agent.role.permissions))
    return {
        "rail": kept_part("desk/_rail.jinja", (look, may), token, agent=agent, section=section),
        "views": kept_part(
            "desk/_views.jinja", (groups, current_view), token, groups=groups, current_view=current_view
        ),
        "dialogs": kept_part("desk/_dialogs.jinja", language, token),
    }


def kept_part(template: str, key: Hashable, token: str, **context: Any) -> Markup:
    """A part of the frame; `key` must hold all that it depends on, beside the form token, which is put in each time."""
    found = _kept.drawn((template, key), lambda: _drawn(template, context | {"csrf_input": _field()}))
    return Markup(str(found).replace(_TOKEN, token))  # noqa: S704 (drawn by a template; a token has letters only)


def _field() -> SafeString:
    return format_html('<input type="hidden" name="csrfmiddlewaretoken" value="{}">', _TOKEN)


def _drawn(template: str, context: dict[str, Any]) -> Markup:
    return Markup(templating.template(template).render(context))  # noqa: S704 (a template escapes by itself)


def view_groups(agent: Agent) -> list[tuple[str, list[ViewLink]]]:
    """The views column, in groups with a title each; the first group has none."""
    own = [
        ViewLink("mine", _("Mine"), "user-round"),
        ViewLink("unassigned", _("Unassigned"), "user-round-x"),
        ViewLink("mentions", _("Mentions"), "at-sign"),
        ViewLink("following", _("Following"), "bell"),
        ViewLink("open", _("All open"), "inbox"),
        ViewLink("important", _("Important"), "star"),
        ViewLink("snoozed", _("Postponed"), "alarm-clock"),
        ViewLink("done", _("Done"), "circle-check"),
        ViewLink("all", _("Everything"), "layers"),
    ]
    if _sees_only_own(agent):
        # Whoever gets their tickets by Next has no list of those that wait.
        own = [link for link in own if link.key != "unassigned"]
    saved = [ViewLink(f"saved:{v.pk}", v.name, "list-filter") for v in views_of(agent)]
    groups = [("", own), (_("Teams"), _teams(agent)), (_("Saved views"), saved)]
    return [(title, links) for title, links in groups if links]


def _sees_only_own(agent: Agent) -> bool:
    return agent.scope == Role.Scope.OWN


def _teams(agent: Agent) -> list[ViewLink]:
    if _sees_only_own(agent):
        return []
    sees_all = agent.scope == Role.Scope.ALL
    mine = agent.team_ids()
    teams = [
        t for t in reference.teams.all().values() if t.archived_at is None and (sees_all or t.pk in mine)
    ]
    return [ViewLink(f"team:{t.pk}", t.name, "users-round") for t in teams]


def view_label(request: AgentRequest, key: str) -> str:
    """The name of a view for titles; its key when it has no line in the column."""
    found = _label_in(request, key)
    if found is None and key.startswith("saved:"):
        # Another process has just made it: this one's kept views are two seconds old at most.
        reference.views.forget()
        request.__dict__.pop("_view_groups", None)
        found = _label_in(request, key)
    return found or key


def _label_in(request: AgentRequest, key: str) -> str | None:
    links = (link for _title, group in _groups_of(request) for link in group)
    return next((link.label for link in links if link.key == key), None)


def _groups_of(request: AgentRequest) -> tuple[tuple[str, tuple[ViewLink, ...]], ...]:
    """The groups, read once per request."""
    found: Groups | None = request.__dict__.get("_view_groups")
    if found is None:
        found = request.__dict__["_view_groups"] = _kept_groups(request.user)
    return found


def _kept_groups(agent: Agent) -> Groups:
    """As long as the tables of teams and views are kept; the agent's own teams are read each time."""
    reference.teams.all(), reference.views.all()
    sees = (agent.scope, frozenset(agent.team_ids()))
    key = (agent.pk, get_language(), sees, reference.teams.edition, reference.views.edition)
    found = _groups.get(key)
    if found is None:
        if len(_groups) > _MOST_GROUPS:
            _groups.clear()
        found = _groups[key] = tuple((title, tuple(links)) for title, links in view_groups(agent))
    return found
