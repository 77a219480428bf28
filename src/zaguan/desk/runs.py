"""A change of many tickets: what is to be done, how far it is, the result of each ticket, and the way back."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from zaguan.automation.base import all_actions
from zaguan.automation.macros import offered
from zaguan.automation.models import Macro, Run, RunTicket
from zaguan.automation.runs import begin_run, stop_run
from zaguan.automation.steps import Step, checked, missing, stored
from zaguan.automation.undoing import undo_run
from zaguan.desk.access import AgentRequest, needs
from zaguan.desk.answers import leads_to, toast
from zaguan.desk.rendering import page, wants_part
from zaguan.lib.errors import Refused
from zaguan.lib.numbers import whole

SHOWN = 100
PREFIX = "values"


def run_of(request: AgentRequest, pk: int) -> Run:
    """One of the agent's own runs, else 404."""
    return get_object_or_404(Run.objects.visible_to(request.user), pk=pk)


@require_http_methods(["GET", "POST"])
@needs("desk.use")
def run(request: AgentRequest, pk: int) -> HttpResponse:
    """What is to be done with the chosen tickets, then how far it is; `?part=bar` is the bar that other pages show."""
    found = run_of(request, pk)
    if wants_part(request, "bar"):
        return render(request, "desk/runs/bar.jinja", {"run": found})
    if found.state == Run.State.CHOOSING:
        return _choosing(request, found)
    state = request.GET.get("state", "")
    rows = found.tickets.select_related("ticket").order_by("ticket_id")
    if state in RunTicket.State.values:
        rows = rows.filter(state=state)
    after = whole(request.GET.get("after", "")) or 0
    shown = list(rows.filter(ticket_id__gt=after)[: SHOWN + 1])
    context: dict[str, Any] = {
        "run": found,
        "rows": shown[:SHOWN],
        "next": shown[SHOWN - 1].ticket_id if len(shown) > SHOWN else None,
        "steps": [step.sentence() for step in stored(found.steps)],
        "state": state,
    }
    return page(request, "desk/runs/run.jinja", section="inbox", **context)


def _choosing(request: AgentRequest, found: Run) -> HttpResponse:
    error, do = "", request.POST.get("do", request.GET.get("do", ""))
    if request.method == "POST":
        try:
            steps, macro = _asked(request, do)
            if missing(steps, request.user):
                raise PermissionDenied
            begin_run(found, steps, by=request.user, macro=macro)
            return HttpResponseRedirect(reverse("desk:run", args=[found.pk]))
        except Refused as refused:
            error = refused.sentence
    allowed = [action for action in all_actions() if request.user.can(action.permission)]
    forms = [
        (action, action.form(request.user, request.POST if do == action.key else None, prefix=action.key))
        for action in allowed
    ]
    macros = [offer for offer in offered(request.user) if not offer.missing]
    context: dict[str, Any] = {"run": found, "forms": forms, "macros": macros, "do": do, "error": error}
    return page(request, "desk/runs/choosing.jinja", status=422 if error else 200, section="inbox", **context)


def _asked(request: AgentRequest, do: str) -> tuple[list[Step], Macro | None]:
    name, _colon, value = do.partition(":")
    if name == "macro":
        seen = Macro.objects.visible_to(request.user)
        macro = get_object_or_404(seen, pk=whole(value) or 0, archived_at=None)
        return stored(macro.steps), macro
    prefix = f"{do}-"
    values = {
        name.removeprefix(prefix): text for name, text in request.POST.items() if name.startswith(prefix)
    }
    return checked([{"action": do, "values": values}], request.user), None


@require_POST
@needs("desk.use")
def undo(request: AgentRequest, pk: int) -> HttpResponse:
    """Take it back; many tickets are taken back in the background."""
    found = undo_run(run_of(request, pk), by=request.user)
    if found.is_working:
        return leads_to(request, _("Being taken back."), reverse("desk:run", args=[pk]))
    kept = found.tickets.filter(state=RunTicket.State.KEPT).first()
    said = kept.reason if kept else _("Taken back.")
    back = HttpResponseRedirect(request.headers.get("Referer") or "/desk/")
    return toast(request, said, kind="error" if kept else "", otherwise=back)


@require_POST
@needs("desk.use")
def stop(request: AgentRequest, pk: int) -> HttpResponse:
    """Leave the rest alone."""
    stop_run(run_of(request, pk), by=request.user)
    return leads_to(request, _("Stopped."), reverse("desk:run", args=[pk]))
