"""Agents and teams."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods

from zaguan.automation.routing_words import loads_of
from zaguan.desk.access import AgentRequest, needs
from zaguan.desk.forms import DeskForm
from zaguan.desk.settings.chapters import back_to, settings_page
from zaguan.people.models import Agent, Role, Team
from zaguan.people.staffing import (
    change_agent,
    create_agent,
    save_team,
    set_password,
    set_team_archived,
)
from zaguan.tickets.because import places


class AgentForm(DeskForm):
    """Who may sign in, as what, in which teams."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=120)
    email = forms.EmailField(label=gettext_lazy("E-mail"))
    role = forms.ModelChoiceField(
        label=gettext_lazy("Role"), queryset=Role.objects.none(), empty_label=gettext_lazy("Choose a role")
    )
    teams = forms.ModelMultipleChoiceField(
        label=gettext_lazy("Teams"),
        queryset=Team.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    works_by_next = forms.BooleanField(
        label=gettext_lazy("Works by Next only"),
        required=False,
        help_text=gettext_lazy(
            "For trainees: no list of what waits. Lists, search and addresses show only the tickets that they have; Next and distribution bring more."
        ),
    )
    language = forms.ChoiceField(label=gettext_lazy("Language"), choices=settings.LANGUAGES)
    password = forms.CharField(
        label=gettext_lazy("Password"),
        required=False,
        widget=forms.PasswordInput({"autocomplete": "new-password"}),
        help_text=gettext_lazy(
            "At least ten letters, digits or signs. Leave it empty to keep the present one."
        ),
    )
    is_active = forms.BooleanField(label=gettext_lazy("May sign in"), required=False, initial=True)

    def __init__(self, viewer: Agent, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        role, teams = self.fields["role"], self.fields["teams"]
        role.queryset = Role.objects.visible_to(viewer)  # type: ignore[attr-defined]
        teams.queryset = Team.objects.visible_to(viewer).filter(archived_at=None)  # type: ignore[attr-defined]


class TeamForm(DeskForm):
    """The group that a ticket belongs to."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=80)
    description = forms.CharField(label=gettext_lazy("Description"), max_length=200, required=False)
    signature = forms.CharField(
        label=gettext_lazy("Signature"),
        required=False,
        widget=forms.Textarea({"rows": 4}),
        help_text=gettext_lazy("Stands below the agent's own in every reply of this team."),
    )


@require_GET
@needs("people.manage_agents")
def agents(request: AgentRequest) -> HttpResponse:
    """Everybody who works here."""
    rows = (
        Agent.objects.visible_to(request.user)
        .select_related("role")
        .prefetch_related("teams")
        .order_by("-is_active", "name")
    )
    return settings_page(request, "desk/settings/agents.jinja", "agents", rows=rows)


@sensitive_post_parameters("password")
@require_http_methods(["GET", "POST"])
@needs("people.manage_agents")
def edit_agent(request: AgentRequest, agent_id: int = 0) -> HttpResponse:
    """Change an agent, or invite one."""
    found = get_object_or_404(Agent.objects.visible_to(request.user), pk=agent_id) if agent_id else None
    form = AgentForm(request.user, request.POST or None, initial=_agent_initial(found))
    if request.method == "POST" and form.carry_out(lambda **data: _save_agent(request.user, found, data)):
        return back_to(request, "agents")
    return settings_page(
        request,
        "desk/settings/form.jinja",
        "agents",
        form=form,
        row=found,
        title=_("Agents"),
        back="agents",
        new=_("New agent"),
    )


def _agent_initial(agent: Agent | None) -> dict[str, Any]:
    if agent is None:
        return {"is_active": True, "language": settings.LANGUAGE_CODE}
    fields = ("name", "email", "role", "works_by_next", "language", "is_active")
    return {f: getattr(agent, f) for f in fields} | {"teams": [t.pk for t in agent.teams.all()]}


def _save_agent(by: Agent, found: Agent | None, data: dict[str, Any]) -> Agent:
    password = data.pop("password", "")
    data["email"] = data["email"].lower()
    if found is None:
        return create_agent(by=by, password=password or None, **data)
    saved = change_agent(found, by=by, **data)
    if password:
        set_password(saved, password, by=by)
    return saved


@require_GET
@needs("people.manage_agents")
def teams(request: AgentRequest) -> HttpResponse:
    """All teams, archived ones last."""
    rows = Team.objects.visible_to(request.user).prefetch_related("agents").order_by("archived_at", "name")
    return settings_page(request, "desk/settings/teams.jinja", "teams", rows=rows)


@require_http_methods(["GET", "POST"])
@needs("people.manage_agents")
def edit_team(request: AgentRequest, team_id: int = 0) -> HttpResponse:
    """Change a team, or make one; archive it."""
    found = get_object_or_404(Team.objects.visible_to(request.user), pk=team_id) if team_id else None
    if request.POST.get("do") in ("archive", "restore") and found:
        set_team_archived(found, request.POST["do"] == "archive", by=request.user)
        return back_to(request, "teams")
    initial = {f: getattr(found, f) for f in ("name", "description", "signature")} if found else {}
    form = TeamForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.carry_out(lambda **data: save_team(found, by=request.user, **data)):
        return back_to(request, "teams")
    context = {
        "form": form,
        "row": found,
        "title": _("Teams"),
        "new": _("New team"),
        "back": "teams",
        "can_archive": found is not None,
        "loads": loads_of(found) if found else [],
        "places": places,
    }
    return settings_page(request, "desk/settings/team.jinja", "teams", **context)
