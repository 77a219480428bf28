"""Counting open tickets anew after a policy or a calendar changed: compared first, then applied."""

from __future__ import annotations

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from zaguan.desk.access import AgentRequest, needs
from zaguan.desk.settings.chapters import settings_page
from zaguan.desk.settings.policies import CHAPTER, policy_for
from zaguan.lib.numbers import whole
from zaguan.sla.models import Clock, Difference, Rerun
from zaguan.sla.rerunning import apply_rerun, start_preview, stop_rerun
from zaguan.sla.words import target_label
from zaguan.tickets.models import Ticket

SHOWN = 200
STATES = dict(Clock.State.choices)


@require_POST
@needs("sla.manage")
def begin(request: AgentRequest) -> HttpResponse:
    """Compare the open tickets of one policy, or of all."""
    number = whole(request.POST.get("policy", ""))
    made = start_preview(policy_for(request, number) if number else None, by=request.user)
    return HttpResponseRedirect(reverse("desk:rerun", args=[made.pk]))


@require_GET
@needs("sla.manage")
def rerun(request: AgentRequest, pk: int) -> HttpResponse:
    """How far it is, and what would be different."""
    found = get_object_or_404(Rerun.objects.visible_to(request.user).select_related("policy"), pk=pk)
    mine = Ticket.objects.visible_to(request.user).values("pk")
    rows = found.differences.filter(ticket__in=mine).select_related("ticket").order_by("ticket", "pk")
    shown = [(row, target_label(row.kind), *_states(row)) for row in rows[:SHOWN]]
    context = {"rerun": found, "rows": shown, "most": SHOWN}
    return settings_page(request, "desk/settings/rerun.jinja", CHAPTER, **context)


def _states(row: Difference) -> tuple[object, object]:
    return STATES.get(row.state_before, "–"), STATES.get(row.state_after, "–")


@require_POST
@needs("sla.manage")
def change_rerun(request: AgentRequest, pk: int) -> HttpResponse:
    """Apply what was compared, or stop."""
    found = get_object_or_404(Rerun.objects.visible_to(request.user), pk=pk)
    verbs = {"apply": apply_rerun, "stop": stop_rerun}
    if (do := request.POST.get("do", "")) not in verbs:
        raise Http404
    verbs[do](found, by=request.user)
    return HttpResponseRedirect(reverse("desk:rerun", args=[found.pk]))
