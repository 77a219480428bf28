"""The lists: one page per view, and the numbers beside them."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse, HttpResponseRedirect, JsonResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from zaguan.desk.access import AgentRequest, needs
from zaguan.desk.frame import view_label
from zaguan.desk.rendering import block, page, wants_part
from zaguan.desk.rows import ticket_row
from zaguan.desk.ticket.snoozing import snooze_choices
from zaguan.tickets import reference
from zaguan.tickets.counting import counts
from zaguan.tickets.listing import page as list_page
from zaguan.tickets.models import Phase
from zaguan.tickets.selections import UnknownView

ORDERS = ("active", "waiting", "urgency", "created")


@require_GET
@needs("desk.use")
def inbox(request: AgentRequest) -> HttpResponse:
    """The agent's own tickets first."""
    return HttpResponseRedirect(reverse("desk:view", args=["mine"]))


@require_GET
@needs("desk.use")
def view(request: AgentRequest, key: str) -> HttpResponse:
    """A list of tickets; `?part=list` is the pane alone, `?part=rows` the rows behind a cursor."""
    context = _list(request, key)
    if wants_part(request, "rows"):
        return block(request, "desk/inbox/list.jinja", "rows", **context)
    if wants_part(request, "list"):
        return block(request, "desk/inbox/page.jinja", "list_pane", **context, agent=request.user)
    return page(request, "desk/inbox/page.jinja", section="inbox", pane="list", **context)


def _list(request: AgentRequest, key: str) -> dict[str, Any]:
    asked = {name: request.GET.get(name, "") for name in ("q", "order", "cursor")}
    order = asked["order"] if asked["order"] in ORDERS else ""
    try:
        found = list_page(request.user, view=key, query=asked["q"], order=order, cursor=asked["cursor"])
    except UnknownView:
        raise Http404(_("There is no such view.")) from None
    selected = request.GET.get("ticket", "")
    return {
        "current_view": key,
        "title": view_label(request.user, key),
        "rows": [ticket_row(row, request.user, view=key) for row in found.rows],
        "selected": int(selected) if selected.isdigit() else None,
        "next_cursor": found.next_cursor,
        "problems": found.problems,
        "order": order or found.order,
        "orders": _order_labels(),
        "query": asked["q"],
        "statuses": [
            s for s in reference.statuses.all().values() if s.archived_at is None and s.phase != Phase.SNOOZED
        ],
        "teams": [t for t in reference.teams.all().values() if t.archived_at is None],
        "snoozes": snooze_choices(timezone.localtime()),
    }


def _order_labels() -> list[tuple[str, str]]:
    labels = (_("Last activity"), _("Waiting longest"), _("Most urgent"), _("Newest"))
    return list(zip(ORDERS, labels, strict=True))


@require_GET
@needs("desk.use")
def view_counts(request: AgentRequest) -> JsonResponse:
    """How many tickets wait in each view; more than 999 are not counted."""
    return JsonResponse(counts(request.user))
