"""Settings → Capacity: what channels weigh, and what each agent can and carries."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from zaguan.automation.routing_people import Worker, described
from zaguan.automation.routing_words import abilities_of
from zaguan.desk.access import AgentRequest, needs
from zaguan.desk.forms import DeskForm
from zaguan.desk.names import channel_name
from zaguan.desk.settings.chapters import back_to, settings_page
from zaguan.desk.settings.skills import LEVELS
from zaguan.people.capacity import capacity, save_capacity
from zaguan.people.models import Agent, Skill
from zaguan.people.skills import LANGUAGES, set_abilities
from zaguan.tickets.because import language_name, places


class CapacityForm(DeskForm):
    """What the desk says of everybody."""

    total = forms.FloatField(label=gettext_lazy("Places of an agent"), min_value=0, max_value=1000)
    other = forms.FloatField(label=gettext_lazy("Any other channel"), min_value=0, max_value=1000)
    away_after_minutes = forms.IntegerField(
        label=gettext_lazy("Away after so many minutes of silence"),
        min_value=0,
        max_value=1440,
        help_text=gettext_lazy("No sign of life from any of their browsers. 0: never."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for channel in capacity().weights:
            field = forms.FloatField(label=channel_name(channel), min_value=0, max_value=1000)
            self.fields[f"weight_{channel}"] = field


@require_http_methods(["GET", "POST"])
@needs("automation.manage_routing")
def capacities(request: AgentRequest) -> HttpResponse:
    """Weights of channels, and everybody's languages, skills and places."""
    now = capacity()
    initial = {
        "total": places(now.total),
        "other": places(now.other),
        "away_after_minutes": now.away_after_minutes,
    }
    initial |= {f"weight_{channel}": places(weight) for channel, weight in now.weights.items()}
    form = CapacityForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.carry_out(lambda **data: _save_capacity(request.user, data)):
        return back_to(request, "capacity")
    weights = [form[f"weight_{channel}"] for channel in now.weights]
    context = {
        "form": form,
        "rows": _agents_now(request.user),
        "weights": weights,
        "language_name": language_name,
        "places": places,
    }
    return settings_page(request, "desk/settings/capacity.jinja", "capacity", **context)


def _agents_now(viewer: Agent) -> list[tuple[Worker, list[tuple[Skill, int]]]]:
    """Everybody with their load and skills."""
    rows = Agent.objects.visible_to(viewer).filter(is_active=True)
    agents = list(rows.select_related("role", "load"))
    has = abilities_of(agents)
    return [(worker, has[worker.agent.pk]) for worker in described(agents, timezone.now())]


def _save_capacity(by: Agent, data: dict[str, Any]) -> Any:
    weights = {
        name.removeprefix("weight_"): round(value * 100)
        for name, value in data.items()
        if name.startswith("weight_")
    }
    numbers = {name: round(data[name] * 100) for name in ("total", "other")}
    return save_capacity(by=by, weights=weights, away_after_minutes=data["away_after_minutes"], **numbers)


class AbilityForm(DeskForm):
    """What one agent can and carries."""

    languages = forms.MultipleChoiceField(
        label=gettext_lazy("Languages"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        choices=lambda: [(code, language_name(code)) for code in LANGUAGES],
        help_text=gettext_lazy("None: the language of their desk."),
    )
    places = forms.FloatField(
        label=gettext_lazy("Places"),
        required=False,
        min_value=0,
        max_value=1000,
        help_text=gettext_lazy("Empty: as many as everybody."),
    )

    def __init__(self, viewer: Agent, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        levels = [("", gettext_lazy("Does not have it")), *((str(level), label) for level, label in LEVELS)]
        for skill in Skill.objects.visible_to(viewer).filter(archived_at=None):
            self.fields[f"skill_{skill.pk}"] = forms.ChoiceField(
                label=skill.name, choices=levels, required=False
            )

    @property
    def skill_fields(self) -> list[forms.BoundField]:
        """One for each skill."""
        return [self[name] for name in self.fields if name.startswith("skill_")]


@require_http_methods(["GET", "POST"])
@needs("automation.manage_routing")
def edit_abilities(request: AgentRequest, agent_id: int) -> HttpResponse:
    """Skills, languages and places of one agent."""
    agent = get_object_or_404(Agent.objects.visible_to(request.user), pk=agent_id)
    initial: dict[str, Any] = {"languages": agent.languages}
    initial |= {f"skill_{skill.pk}": str(level) for skill, level in abilities_of([agent])[agent.pk]}
    initial["places"] = None if agent.capacity is None else places(agent.capacity)
    form = AbilityForm(request.user, request.POST or None, initial=initial)
    if request.method == "POST" and form.carry_out(lambda **data: _save_abilities(request.user, agent, data)):
        return back_to(request, "capacity")
    context = {"form": form, "row": agent, "title": _("Capacity"), "back": "capacity"}
    return settings_page(request, "desk/settings/abilities.jinja", "capacity", **context)


def _save_abilities(by: Agent, agent: Agent, data: dict[str, Any]) -> Agent:
    skills = {
        int(name.removeprefix("skill_")): int(v)
        for name, v in data.items()
        if name.startswith("skill_") and v
    }
    total = None if data["places"] is None else round(data["places"] * 100)
    return set_abilities(agent, skills=skills, languages=data["languages"], capacity=total, by=by)
