"""Saved views: searches with a name, one's own or shared."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from zaguan.desk.access import AgentRequest, needs
from zaguan.desk.forms import DeskForm
from zaguan.desk.settings.chapters import settings_page
from zaguan.lib.numbers import whole
from zaguan.people.models import Agent, Team
from zaguan.tickets.models import View
from zaguan.tickets.views import change_view, delete_view, save_view

ORDERS = [
    ("active", gettext_lazy("Last activity")),
    ("due", gettext_lazy("Nearest deadline")),
    ("waiting", gettext_lazy("Waiting longest")),
    ("urgency", gettext_lazy("Most urgent")),
    ("created", gettext_lazy("Newest")),
    ("promised", gettext_lazy("Promised first")),
]


class ViewForm(DeskForm):
    """A name, a search, an order, and who sees it."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=80)
    query = forms.CharField(
        label=gettext_lazy("Search"),
        max_length=500,
        required=False,
        help_text=gettext_lazy("For example: is:open tag:invoice -assignee:me"),
    )
    order = forms.ChoiceField(label=gettext_lazy("Order"), choices=ORDERS)
    shared = forms.ChoiceField(label=gettext_lazy("Who sees it"), required=False)

    def __init__(self, viewer: Agent, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices: list[tuple[str, Any]] = [("", _("Only me"))]
        if viewer.can("tickets.share_views"):
            teams = Team.objects.visible_to(viewer).filter(archived_at=None)
            choices += [("all", _("Everybody")), *((str(team.pk), team.name) for team in teams)]
        self.fields["shared"].choices = choices  # type: ignore[attr-defined]


@require_GET
@needs("desk.use")
def views(request: AgentRequest) -> HttpResponse:
    """All views that the agent sees."""
    rows = View.objects.visible_to(request.user).select_related("team")
    return settings_page(request, "desk/settings/views.jinja", "views", rows=rows)


@require_http_methods(["GET", "POST"])
@needs("desk.use")
def edit_view(request: AgentRequest, view_id: int = 0) -> HttpResponse:
    """Change a view, make one (`?q=` fills its search), or delete it."""
    found = get_object_or_404(View.objects.visible_to(request.user), pk=view_id) if view_id else None
    if found and request.POST.get("do") == "delete":
        delete_view(request.user, found, by=request.user)
        return _done(request)
    fields = ("name", "query", "order")
    initial = (
        {f: getattr(found, f) for f in fields}
        if found
        else {"query": request.GET.get("q", ""), "order": request.GET.get("order") or "active"}
    )
    form = ViewForm(request.user, request.POST or None, initial=initial)
    if request.method == "POST" and form.carry_out(lambda **data: _save(request.user, found, data)):
        return _done(request)
    context = {
        "form": form,
        "row": found,
        "title": _("Saved views"),
        "new": _("New view"),
        "back": "views",
        "can_delete": found is not None,
    }
    return settings_page(request, "desk/settings/form.jinja", "views", **context)


def _save(agent: Agent, found: View | None, data: dict[str, Any]) -> View:
    shared = data.pop("shared")
    if found:
        return change_view(agent, found, by=agent, **data)
    team = Team.objects.visible_to(agent).filter(pk=whole(shared) or 0).first()
    return save_view(agent, team=team, everybody=shared == "all", by=agent, **data)


def _done(request: AgentRequest) -> HttpResponse:
    messages.success(request, _("Saved."))
    return HttpResponseRedirect(reverse("desk:settings-views"))
