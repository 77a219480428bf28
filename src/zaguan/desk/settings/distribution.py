"""Settings → Distribution: routes in words, their order, and who would get the next ticket."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from zaguan.automation.models import Route
from zaguan.automation.routing_asks import Asked
from zaguan.automation.routing_routes import FIELDS, delete_route, reorder_routes, save_route
from zaguan.automation.routing_words import Preview, preview, sentences
from zaguan.desk.access import AgentRequest, needs
from zaguan.desk.forms import DeskForm
from zaguan.desk.settings.chapters import back_to, settings_page
from zaguan.lib.numbers import whole
from zaguan.people.capacity import capacity
from zaguan.people.models import Agent, Skill, Team
from zaguan.people.skills import LANGUAGES
from zaguan.tickets.because import in_words, language_name


def _tick(label: Any, hint: Any = "") -> forms.BooleanField:
    return forms.BooleanField(label=label, required=False, help_text=hint)


class RouteForm(DeskForm):
    """Which tickets, to whom, and what if nobody takes them."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=80)
    team = forms.ModelChoiceField(
        label=gettext_lazy("Team"),
        queryset=Team.objects.none(),
        required=False,
        empty_label=gettext_lazy("Any team"),
    )
    query = forms.CharField(
        label=gettext_lazy("Only tickets that this filter finds"),
        max_length=500,
        required=False,
        help_text=gettext_lazy("As above the list, for example: channel:phone tag:invoice"),
    )
    strategy = forms.ChoiceField(label=gettext_lazy("They go"), choices=Route.Strategy.choices)
    is_sticky = _tick(gettext_lazy("First to whoever served this customer last"))
    by_language = _tick(gettext_lazy("Only to who speaks the customer’s language"))
    by_skill = _tick(
        gettext_lazy("Only to who has the skills that the ticket asks for"),
        gettext_lazy("What nobody of the team can is not asked for."),
    )
    in_hours = _tick(gettext_lazy("Only in the team’s working hours"))
    leaves_absent = _tick(gettext_lazy("What comes back to somebody who is away goes to another one"))
    evens_out = _tick(
        gettext_lazy("Even out what nobody has touched"),
        gettext_lazy(
            "When somebody has much less to do than the fullest, a ticket goes over: one that the route gave five minutes ago or earlier, that nobody has opened, answered or begun to answer; each once, at most 20 an hour. Off unless you want it: many plan their day by their list."
        ),
    )
    timeout_minutes = forms.IntegerField(
        label=gettext_lazy("Minutes to do something"),
        min_value=0,
        initial=0,
        help_text=gettext_lazy(
            "After that it goes to somebody else. Working minutes, where the route keeps working hours. 0: as long as they like."
        ),
    )
    overflow_team = forms.ModelChoiceField(
        label=gettext_lazy("What nobody takes goes to"),
        queryset=Team.objects.none(),
        required=False,
        empty_label=gettext_lazy("No other team"),
    )
    overflow_minutes = forms.IntegerField(label=gettext_lazy("After so many minutes"), min_value=0, initial=0)
    is_active = _tick(gettext_lazy("Active"))

    def __init__(self, viewer: Agent, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        teams = Team.objects.visible_to(viewer).filter(archived_at=None)
        for name in ("team", "overflow_team"):
            self.fields[name].queryset = teams  # type: ignore[attr-defined]


@require_http_methods(["GET", "POST"])
@needs("automation.manage_routing")
def routes(request: AgentRequest) -> HttpResponse:
    """Every route in words; POST moves one up."""
    rows = list(Route.objects.visible_to(request.user).select_related("team", "overflow_team"))
    if request.method == "POST":
        order = [route.pk for route in rows]
        number = whole(request.POST.get("up", ""))
        if number in order and (place := order.index(number)):
            order[place - 1], order[place] = order[place], order[place - 1]
            reorder_routes(order, by=request.user)
        return HttpResponseRedirect(reverse("desk:settings-distribution"))
    told = [(route, sentences(route)) for route in rows]
    return settings_page(request, "desk/settings/routes.jinja", "distribution", rows=told)


@require_http_methods(["GET", "POST"])
@needs("automation.manage_routing")
def edit_route(request: AgentRequest, route_id: int = 0) -> HttpResponse:
    """Change a route, make one, or delete it."""
    rows = Route.objects.visible_to(request.user).select_related("team", "overflow_team")
    found = get_object_or_404(rows, pk=route_id) if route_id else None
    if found and request.POST.get("do") == "delete":
        delete_route(found, by=request.user)
        return back_to(request, "distribution")
    form = RouteForm(request.user, request.POST or None, initial=_initial(found))
    if request.method == "POST" and form.carry_out(lambda **data: save_route(found, by=request.user, **data)):
        return back_to(request, "distribution")
    context = {
        "form": form,
        "row": found,
        "title": _("Distribution"),
        "new": _("New route"),
        "back": "distribution",
        "can_delete": found is not None,
    }
    if found is not None:
        context |= _previewed(request, found)
    return settings_page(request, "desk/settings/route.jinja", "distribution", **context)


def _initial(route: Route | None) -> dict[str, Any]:
    if route is not None:
        return {name: getattr(route, name) for name in FIELDS}
    ticked = ("is_active", "by_skill", "by_language", "is_sticky", "in_hours")
    return {"strategy": Route.Strategy.LEAST_LOAD} | dict.fromkeys(ticked, True)


def _previewed(request: AgentRequest, route: Route) -> dict[str, Any]:
    """Who would get a ticket such as the reader describes."""
    skills = Skill.objects.visible_to(request.user).filter(archived_at=None)
    language, channel = request.GET.get("language", ""), request.GET.get("channel", "email")
    skill = skills.filter(pk=whole(request.GET.get("skill", "")) or 0).first()
    asked = Asked(route.team_id, channel, language, {skill.pk: 1} if skill else {})
    found = preview(route, asked)
    return {
        "preview": found,
        "preview_rows": _rows(found),
        "languages": [("", _("Any language")), *((code, language_name(code)) for code in LANGUAGES)],
        "channels": [(name, name) for name in sorted({"email", *capacity().weights})],
        "skills": [("", _("No skill")), *((str(each.pk), each.name) for each in skills)],
        "asked": {"language": language, "channel": channel, "skill": str(skill.pk) if skill else ""},
        "sentences": sentences(route),
    }


def _rows(found: Preview) -> list[tuple[Agent, str, bool]]:
    """Each agent, why or why not, and whether they may."""
    return [(f.worker.agent, f.problem or in_words(f.reasons), f.may) for f in found.fits]
