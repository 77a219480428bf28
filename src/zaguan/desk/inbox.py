"""The lists: one page per view, and the numbers beside them."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse, HttpResponseRedirect, JsonResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET
from markupsafe import Markup

from zaguan.desk.access import AgentRequest, needs
from zaguan.desk.form_token import form_token
from zaguan.desk.frame import kept_part, view_label
from zaguan.desk.rendering import block, page, wants_part
from zaguan.desk.rows import drawn_rows
from zaguan.tickets.postponing import snooze_choices
from zaguan.lib.numbers import whole
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
        "title": view_label(request, key),
        "rows": drawn_rows(found.rows, request.user, view=key, selected=whole(selected)),
        "next_cursor": found.next_cursor,
        "problems": found.problems,
        "order": order or found.order,
        "orders": _order_labels(),
        "query": asked["q"],
        "selection": _selection(request),
    }


def _selection(request: AgentRequest) -> Markup:
    """What can be done with chosen tickets."""
    statuses = [s for s in reference.statuses.all().values() if s.archived_at is None]
    offered = [s for s in statuses if s.phase != Phase.SNOOZED]
    teams = [t for t in reference.teams.all().values() if t.archived_at is None]
    moments = snooze_choices(timezone.localtime())
    names = (tuple(s.label for s in offered), tuple(t.name for t in teams), tuple(m.words for m in moments))
    return kept_part(
        "desk/inbox/_selection.jinja",
        (get_language(), names),
        form_token(request),
        statuses=offered,
        teams=teams,
        snoozes=moments,
    )


def _order_labels() -> list[tuple[str, str]]:
    labels = (_("Last activity"), _("Waiting longest"), _("Most urgent"), _("Newest"))
    return list(zip(ORDERS, labels, strict=True))


@require_GET
@needs("desk.use")
def view_counts(request: AgentRequest) -> JsonResponse:
    """How many tickets wait in each view; more than 999 are not counted."""
    found = counts(request.user)
    # What is unfinished is the work; "Everything" has no number that would help.
    found["open"] = found.pop("all", 0)
    return JsonResponse(found)
