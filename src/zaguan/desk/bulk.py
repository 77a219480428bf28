"""One change to many chosen tickets, or to all of a list: a few at once, many in the background."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from zaguan.automation.choosing import numbers_of_view, tickets_of_view, visible_numbers
from zaguan.automation.models import Macro, Run
from zaguan.automation.runs import begin_run, choose_tickets
from zaguan.automation.steps import Step, checked, missing, stored
from zaguan.desk.access import AgentRequest, needs
from zaguan.desk.answers import go_to, toast
from zaguan.lib.numbers import whole
from zaguan.people.models import Agent

# What a button of the bar says, as an action with its values.
BUTTONS: dict[str, tuple[str, Callable[[str], dict[str, Any]]]] = {
    "assign": ("assign", lambda value: {"assignee": value or "nobody"}),
    "team": ("set_team", lambda value: {"team": value}),
    "status": ("set_status", lambda value: {"status": value}),
    "snooze": ("snooze", lambda value: {"until": value}),
    "tag": ("add_tags", lambda value: {"tags": value}),
    "important": ("set_important", lambda value: {"important": value == "1"}),
}


@require_POST
@needs("desk.use")
def change_many(request: AgentRequest) -> HttpResponse:
    """Change the chosen tickets; those that refuse are named with their reason, the others are changed."""
    steps, macro = _asked(request)
    if missing(steps, request.user):
        raise PermissionDenied
    run = choose_tickets(chosen_numbers(request), by=request.user)
    return answer(request, begin_run(run, steps, by=request.user, macro=macro))


def _asked(request: AgentRequest) -> tuple[list[Step], Macro | None]:
    name, _colon, value = request.POST.get("do", "").partition(":")
    value = value or request.POST.get(name, "")
    if name == "macro":
        seen = Macro.objects.visible_to(request.user)
        macro = get_object_or_404(seen, pk=whole(value) or 0, archived_at=None)
        return stored(macro.steps), macro
    if name not in BUTTONS:
        raise PermissionDenied
    key, values = BUTTONS[name]
    return checked([{"action": key, "values": values(value)}], request.user), None


def chosen_numbers(request: AgentRequest) -> list[int]:
    """The ticked tickets, or all of the list that they stand in."""
    if request.POST.get("whole"):
        return numbers_of_view(request.user, request.POST.get("view", ""), request.POST.get("q", ""))
    ticked = [number for number in map(whole, request.POST.getlist("ticket")) if number is not None]
    return visible_numbers(request.user, ticked)


@require_POST
@needs("desk.use")
def more(request: AgentRequest) -> HttpResponse:
    """Keep the chosen tickets, and go where any action or macro can be chosen for them."""
    run = choose_tickets(chosen_numbers(request), by=request.user)
    return go_to(request, reverse("desk:run", args=[run.pk]))


@require_GET
@needs("desk.use")
def count(request: AgentRequest) -> JsonResponse:
    """How many tickets a list holds, for "all of this list"."""
    found = tickets_of_view(request.user, request.GET.get("view", ""), request.GET.get("q", "")).count()
    words = ngettext("All %(count)s ticket of this list", "All %(count)s tickets of this list", found)
    return JsonResponse({"count": found, "words": words % {"count": found}})


def answer(request: AgentRequest, run: Run, otherwise: str = "") -> HttpResponse:
    """Say what became of it, with the way back; of one that goes on, that it does, and where one sees it."""
    address = reverse("desk:run", args=[run.pk])
    if run.is_working:
        said = _("Changing %(count)s tickets. You can go on working.") % {"count": run.total}
        made = toast(request, said, otherwise=HttpResponseRedirect(address))
        if "HX-Trigger" in made:
            made["HX-Trigger"] = json.dumps({**json.loads(made["HX-Trigger"]), "zaguan:run": {"id": run.pk}})
        return made
    refusals = list(run.tickets.filter(state="refused").order_by("ticket_id")[:3])
    told = [f"#{row.ticket_id}: {row.reason}" for row in refusals]
    text = " ".join([words_of(run), *told])
    undo = reverse("desk:undo-run", args=[run.pk]) if run.done else ""
    back = otherwise or request.headers.get("Referer") or "/desk/"
    kind = "error" if refusals else ""
    return toast(request, text, undo=undo, kind=kind, otherwise=HttpResponseRedirect(back))


def words_of(run: Run) -> str:
    """How many were changed."""
    return ngettext("%(count)s ticket changed.", "%(count)s tickets changed.", run.done) % {"count": run.done}


def may(agent: Agent, steps: list[Step]) -> bool:
    """Whether the agent's role allows every step."""
    return not missing(steps, agent)
