"""My approvals: what waits for one's own yes or no, and what one has asked of others."""

from __future__ import annotations

from typing import Any

from django.db.models import F
from django.http import HttpResponse
from django.views.decorators.http import require_GET

from zaguan.desk.access import AgentRequest, needs
from zaguan.desk.rendering import page
from zaguan.desk.ticket.tabs.approvals import shown
from zaguan.tickets.approval_reading import whole
from zaguan.tickets.models import Approval, ApprovalQuerySet
from zaguan.tickets.seeing import visible_among

SIZE = 100


@require_GET
@needs("desk.use")
def approvals(request: AgentRequest) -> HttpResponse:
    """Waiting for me, late first; `?show=asked` what I asked for, `?show=done` what I answered."""
    show = request.GET.get("show", "")
    show = show if show in ("asked", "done") else ""
    rows = whole(_chosen(request, show))[:SIZE]
    context: dict[str, Any] = {
        "show": show,
        "rows": [shown(each, request.user) for each in rows],
        "seen": _known(request, [each.ticket_id for each in rows]),
    }
    return page(request, "desk/approvals/page.jinja", section="approvals", **context)


def _chosen(request: AgentRequest, show: str) -> ApprovalQuerySet:
    known, me = Approval.objects.visible_to(request.user), request.user
    if show == "asked":
        return known.filter(asked_by=me).order_by("-id")
    if show == "done":
        answered = me.asked_to_approve.exclude(answer="").values("approval")
        return known.filter(pk__in=answered).order_by("-id")
    return known.waiting_for(me).order_by(F("due_at").asc(nulls_last=True), "id")


def _known(request: AgentRequest, numbers: list[int]) -> set[int]:
    """The tickets that one may open; of the others one knows what one was asked."""
    return visible_among(request.user, numbers) if numbers else set()
