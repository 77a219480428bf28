"""The lists: one page per view, and the numbers beside them."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpResponse, HttpResponseRedirect, JsonResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET
from markupsafe import Markup

from zaguan.desk.access import AgentRequest, needs
from zaguan.desk.form_token import form_token
from zaguan.desk.frame import kept_part, view_address, view_label
from zaguan.desk.rendering import block, wants_part
from zaguan.desk.rows import drawn_rows
from zaguan.desk.shell import shell
from zaguan.desk.sketches import filled, stand_in
from zaguan.desk.templating import template
from zaguan.lib.numbers import whole
from zaguan.tickets import reference
from zaguan.tickets.counting import counts
from zaguan.tickets.listing import page as list_page
from zaguan.tickets.models import Phase
from zaguan.tickets.postponing import snooze_choices, snooze_words
from zaguan.tickets.selections import UnknownView

_PANE = "desk/inbox/list.jinja"
ORDERS = ("active", "due", "waiting", "urgency", "created", "promised")


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
    pane = _drawn(context)
    if wants_part(request, "list"):
        return HttpResponse(pane)
    return shell(request, title=context["title"], current_view=key, pane="list", list_pane=pane)


def _list(request: AgentRequest, key: str) -> dict[str, Any]:
    asked = {name: request.GET.get(name, "") for name in ("q", "order", "cursor")}
    order = asked["order"] if asked["order"] in ORDERS else ""
    try:
        found = list_page(request.user, view=key, query=asked["q"], order=order, cursor=asked["cursor"])
    except UnknownView:
        raise Http404(_("There is no such view.")) from None
    selected = request.GET.get("ticket", "")
    order = order or found.order
    return {
        "current_view": key,
        "title": view_label(request, key),
        "rows": drawn_rows(found.rows, request.user, view=key, selected=whole(selected)),
        "next_page": _next_page(key, asked["q"], order, found.next_cursor),
        "problems": found.problems,
        "order": order,
        "query": asked["q"],
        "selection": _selection(request),
    }


def _next_page(key: str, query: str, order: str, cursor: str) -> str:
    asked = {"order": order, "cursor": cursor} | ({"q": query} if query else {})
    return f"{view_address(key)}?{urlencode(asked)}" if cursor else ""


def _drawn(found: dict[str, Any]) -> Markup:
    """The list's pane: of a list without a filter only the rows differ from one time to the next."""
    if found["query"] or found["problems"]:
        return Markup(template(_PANE).render(found | {"orders": _order_labels()}))  # noqa: S704 (drawn by a template)
    filled_in = {name: found[name] for name in ("rows", "next_page", "selection", "title")}
    facts = {name: value for name, value in found.items() if name not in filled_in}
    has = tuple(bool(value) for value in filled_in.values())
    stand_ins = {name: stand_in(name) if there else "" for name, there in zip(filled_in, has, strict=True)}
    key = (get_language(), has, facts["current_view"], facts["order"])
    return filled(_PANE, key, lambda: facts | stand_ins | {"orders": _order_labels()}, filled_in)


def _selection(request: AgentRequest) -> Markup:
    """What can be done with chosen tickets."""
    statuses = [s for s in reference.statuses.all().values() if s.archived_at is None]
    offered = [s for s in statuses if s.phase != Phase.SNOOZED]
    teams = [t for t in reference.teams.all().values() if t.archived_at is None]
    moments = snooze_choices(timezone.localtime())
    labels, words = reference.status_labels(), snooze_words(timezone.localtime())
    names = (tuple([labels[s.pk] for s in offered]), tuple([t.name for t in teams]), tuple(words.values()))
    return kept_part(
        "desk/inbox/_selection.jinja",
        (get_language(), names, request.user.can("tickets.merge")),
        form_token(request),
        can_merge=request.user.can("tickets.merge"),
        statuses=offered,
        teams=teams,
        snoozes=moments,
    )


def _order_labels() -> list[tuple[str, str]]:
    labels = (
        *(_("Last activity"), _("Nearest deadline"), _("Waiting longest")),
        *(_("Most urgent"), _("Newest"), _("Promised first")),
    )
    return list(zip(ORDERS, labels, strict=True))


@require_GET
@needs("desk.use")
def view_counts(request: AgentRequest) -> JsonResponse:
    """How many tickets wait in each view; more than 999 are not counted."""
    found = counts(request.user)
    # What is unfinished is the work; "Everything" has no number that would help.
    found["open"] = found.pop("all", 0)
    return JsonResponse(found)
