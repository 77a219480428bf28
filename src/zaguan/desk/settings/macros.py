"""Macros: several actions in one click, in an order, each with the tickets that it is offered on."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from zaguan.automation.base import all_actions
from zaguan.automation.macros import (
    delete_macro,
    may_change,
    reorder_macros,
    save_macro,
    set_active,
    used_lately,
)
from zaguan.automation.models import Macro
from zaguan.automation.steps import stored
from zaguan.desk.access import AgentRequest, needs
from zaguan.desk.forms import DeskForm
from zaguan.desk.settings import shared
from zaguan.desk.settings.chapters import back_to, settings_page
from zaguan.desk.settings.macro_steps import StepRows, leave_gaps, rows_of, rows_posted
from zaguan.desk.settings.ordering import dragged, moved
from zaguan.lib.errors import Refused
from zaguan.lib.folding import fold
from zaguan.people.models import Agent

LANGUAGES = ("es", "en", "pt")


class MacroForm(DeskForm):
    """Its name, what it is for, where it is offered, and who sees it. The actions stand beside it."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=80)
    description = forms.CharField(label=gettext_lazy("What it is for"), max_length=200, required=False)
    query = forms.CharField(
        label=gettext_lazy("Offered on"),
        max_length=500,
        required=False,
        help_text=gettext_lazy("A filter, for example: is:open team:Support. Empty: on every ticket."),
    )
    shared = forms.ChoiceField(label=gettext_lazy("Who sees it"), required=False)
    name_es = forms.CharField(label=gettext_lazy("Name in Spanish"), max_length=80, required=False)
    name_en = forms.CharField(label=gettext_lazy("Name in English"), max_length=80, required=False)
    name_pt = forms.CharField(label=gettext_lazy("Name in Portuguese"), max_length=80, required=False)

    def __init__(self, viewer: Agent, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        found = shared.choices(viewer, "automation.share_macros")
        self.fields["shared"].choices = found  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """The names as one value."""
        data = super().clean() or {}
        data["names"] = {code: data.pop(f"name_{code}", "") for code in LANGUAGES}
        return data


@require_GET
@needs("desk.use")
def macros(request: AgentRequest) -> HttpResponse:
    """All that the agent sees, in their order, with their use in the last seven days; `?q=` searches."""
    typed = request.GET.get("q", "")
    seen = Macro.objects.visible_to(request.user).select_related("team", "changed_by")
    found = [m for m in seen if fold(typed) in fold(" ".join([m.name, *m.names.values(), m.description]))]
    used = used_lately(found)
    rows = [
        {
            "macro": macro,
            "steps": stored(macro.steps),
            "used": used.get(macro.pk, 0),
            "may": may_change(request.user, macro),
        }
        for macro in found
    ]
    return settings_page(request, "desk/settings/macros.jinja", "macros", rows=rows, typed=typed)


@require_http_methods(["GET", "POST"])
@needs("desk.use")
def edit_macro(request: AgentRequest, macro_id: int = 0) -> HttpResponse:
    """Change a macro, make one, or delete it. Adding and moving actions shows the form again with all that was typed."""
    rows = Macro.objects.visible_to(request.user)
    found = get_object_or_404(rows, pk=macro_id) if macro_id else None
    if found and request.POST.get("do") == "delete":
        delete_macro(request.user, found, by=request.user)
        return _done(request)
    posted = request.method == "POST"
    steps = rows_posted(request.user, request.POST) if posted else rows_of(request.user, found)
    form = MacroForm(request.user, request.POST or None, initial=_initial(found))
    if posted and not steps.was_moved:
        saved = form.carry_out(lambda **data: _save(request, found, data, steps))
        if saved and steps.are_valid:
            return _done(request)
    if steps.was_moved and not steps.are_valid:
        leave_gaps(fields for _action, fields in steps.rows)
    context = {
        "form": form,
        "row": found,
        "steps": steps.rows,
        "actions": all_actions(),
        "new": _("New macro"),
    }
    return settings_page(request, "desk/settings/macro_form.jinja", "macros", **context)


def _initial(found: Macro | None) -> dict[str, Any]:
    if found is None:
        return {}
    values = {name: getattr(found, name) for name in ("name", "description", "query")}
    return values | {f"name_{c}": t for c, t in found.names.items()} | {"shared": shared.current(found)}


def _save(request: AgentRequest, found: Macro | None, data: dict[str, Any], steps: StepRows) -> Macro:
    if not steps.are_valid:
        raise Refused(_("One of the actions is not complete."))
    whom = shared.chosen(request.user, data.pop("shared"))
    return save_macro(request.user, found, steps=steps.values, by=request.user, **data, **whom)


@require_POST
@needs("desk.use")
def move_macro(request: AgentRequest, macro_id: int) -> HttpResponse:
    """Up, down, on, off."""
    agent, do = request.user, request.POST.get("do")
    found = get_object_or_404(Macro.objects.visible_to(agent), pk=macro_id)
    if do in ("on", "off"):
        set_active(agent, found, do == "on", by=agent)
    else:
        ids = Macro.objects.visible_to(agent).values_list("pk", flat=True)
        reorder_macros(agent, moved(ids, found.pk, do), by=agent)
    return HttpResponseRedirect(reverse("desk:settings-macros"))


@require_POST
@needs("desk.use")
def order_macros(request: AgentRequest) -> HttpResponse:
    """A whole new order, as dragging leaves it: `order` are numbers separated by commas."""
    reorder_macros(request.user, dragged(request), by=request.user)
    return HttpResponseRedirect(reverse("desk:settings-macros"))


def _done(request: AgentRequest) -> HttpResponse:
    return back_to(request, "macros")
