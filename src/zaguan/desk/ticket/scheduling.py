"""The tickets that will open by themselves: what comes when, paused, cancelled, changed (A3.7)."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from zaguan.desk.access import AgentRequest, needs
from zaguan.desk.answers import leads_to
from zaguan.desk.rendering import page
from zaguan.tickets.models import Schedule
from zaguan.tickets.recurring import in_words, next_dates
from zaguan.tickets.scheduling import cancel, pause, resume

MOST = 200


@require_GET
@needs("tickets.schedule")
def scheduled(request: AgentRequest) -> HttpResponse:
    """What comes next first; what is over after that."""
    rows = Schedule.objects.visible_to(request.user).select_related("agent", "team")
    coming = list(rows.exclude(next_at=None).order_by("next_at")[:MOST])
    over = list(rows.filter(next_at=None).order_by("-id")[:20])
    return page(
        request,
        "desk/scheduled.jinja",
        section="inbox",
        coming=[_shown(row) for row in coming],
        over=[_shown(row) for row in over],
    )


def _shown(row: Schedule) -> dict[str, Any]:
    dates = (
        next_dates(row.starts_at, row.zone, row.rule, after=row.next_at) if row.rule and row.next_at else []
    )
    return {"row": row, "words": in_words(row.rule, row.starts_at, row.zone), "later": dates[:4]}


@require_POST
@needs("tickets.schedule")
def change(request: AgentRequest, schedule_id: int) -> HttpResponse:
    """`do`: pause, resume or cancel."""
    row = get_object_or_404(Schedule.objects.visible_to(request.user), pk=schedule_id)
    verbs = {
        "pause": (pause, _("Paused: it opens nothing until you let it go on.")),
        "resume": (resume, _("It goes on.")),
        "cancel": (cancel, _("Cancelled. What it has opened stays.")),
    }
    verb, said = verbs.get(request.POST.get("do", ""), (None, ""))
    if verb is None:
        return HttpResponseRedirect("/desk/scheduled/")
    verb(row, by=request.user)
    return leads_to(request, said, "/desk/scheduled/")
