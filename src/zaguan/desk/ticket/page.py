"""The page of a ticket: whole, its panes for a click in the list, or what may have changed while it is open."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.template import engines
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET
from markupsafe import Markup

from zaguan.desk.access import AgentRequest, needs
from zaguan.desk.rendering import page
from zaguan.desk.shell import shell
from zaguan.desk.ticket import attributes, clocks, drawing, panel
from zaguan.desk.ticket import thread as threads
from zaguan.desk.ticket.compose import compose_for
from zaguan.desk.ticket.sheet import Sheet, sheet_for
from zaguan.desk.ticket.tab_register import note_use
from zaguan.desk.ticket.tabs import approvals
from zaguan.desk.ticket.thread_drawing import thread_markup

_PANES = Markup("<title>{} · Zaguán</title>\n")
SHOWS = ("all", "customer", "notes", "events")


@require_GET
@needs("desk.use")
def ticket_page(request: AgentRequest, number: int) -> HttpResponse:
    """`?part=live` is what may have changed, `?part=composer` the composer; htmx asks for the panes alone."""
    sheet = sheet_for(request, number)
    part = request.GET.get("part", "")
    if sheet.number != number and not part:
        # It was merged: the survivor has an address of its own.
        return HttpResponseRedirect(sheet.url)
    if part == "live":
        return _live(request, sheet)
    note_use(request.user, sheet.tab)
    context = page_context(request, sheet)
    if sheet.shown is None and not part:
        return _whole(request, sheet, context)
    if part == "panel":
        return render(request, "desk/ticket/panel_part.jinja", context)
    if part == "composer":
        return render(request, "desk/ticket/composer_part.jinja", context)
    if request.headers.get("HX-Target") == "main":
        return render(request, "desk/ticket/panes.jinja", context)
    return page(request, "desk/ticket/page.jinja", section="inbox", pane="ticket", **context)


def page_context(request: AgentRequest, sheet: Sheet) -> dict[str, Any]:
    """What the page's templates need beside the frame."""
    show, view = request.GET.get("show", "all"), request.GET.get("view", "")
    show = show if show in SHOWS else "all"
    parts = panel_parts(request, sheet) | {
        "head": drawing.head(request, sheet, back_url(view)),
        "menus": drawing.menus(request, sheet, show, _shows()),
        "composer": drawing.composer(request, sheet, compose_for(request, sheet)),
        "token": drawing.token_field(request),
    }
    if not sheet.is_wide:
        parts["thread"] = thread_markup(sheet.number, sheet.thread)
    return {"sheet": sheet, "current_view": view, "show": show, "parts": parts} | _of_tab(request, sheet)


def _whole(request: AgentRequest, sheet: Sheet, context: dict[str, Any]) -> HttpResponse:
    """The page as it opens, or its panes alone."""
    parts, panes = context["parts"], request.META.get("HTTP_HX_TARGET") == "main"
    title = f"#{sheet.number} · {sheet.ticket.subject or _('(no subject)')}"
    conversation = drawing.conversation(sheet, context["show"], parts)
    around = panel.around(parts, beside=panes)
    if panes:
        return HttpResponse(_PANES.format(title) + conversation + around)
    return shell(
        request,
        title=title,
        current_view=context["current_view"],
        pane="ticket",
        conversation=conversation,
        panel=around,
    )


def _of_tab(request: AgentRequest, sheet: Sheet) -> dict[str, Any]:
    return sheet.shown.context(request, sheet) if sheet.shown else {}


def panel_parts(request: AgentRequest, sheet: Sheet) -> dict[str, Any]:
    """The pieces of the panel; beside a tab that is shown in it, only the strip."""
    if sheet.shown is not None and not sheet.is_wide:
        return {"tabs": panel.tabs(sheet)}
    return {
        "tabs": panel.tabs(sheet),
        "approvals": approvals.panel(request, sheet),
        "assignment": panel.assignment(request, sheet),
        "attributes": attributes.panel(request, sheet),
        "clocks": clocks.panel(sheet),
        "customer": panel.customer(sheet),
        "details": panel.details(request, sheet),
    }


def back_url(view: str) -> str:
    """The list that the ticket was opened from."""
    return reverse("desk:view", args=[view or "mine"])


# For the sprite: icon="list" icon="message-circle" icon="lock" icon="history"
def _shows() -> list[tuple[str, str, str]]:
    return [
        ("all", _("Everything"), "list"),
        ("customer", _("Only with the customer"), "message-circle"),
        ("notes", _("Only notes"), "lock"),
        ("events", _("Only changes"), "history"),
    ]


def _live(request: AgentRequest, sheet: Sheet) -> HttpResponse:
    first = request.GET.get("first", "")
    if first.isdigit() and len(first) < 18:
        whole = request.GET.get("whole") == "1"
        shown = threads.since(
            sheet.ticket, request.user, sheet.requester_name, sheet.seen_at, int(first), whole=whole
        )
    else:
        shown = sheet.thread
    parts = panel_parts(request, sheet)
    parts["head"] = drawing.head(request, sheet, back_url(request.GET.get("view", "")))
    context = {"sheet": sheet, "thread": shown, "parts": parts} | _of_tab(request, sheet)
    return render(request, "desk/ticket/live.jinja", context)


@require_GET
@needs("desk.use")
def earlier(request: AgentRequest, number: int) -> HttpResponse:
    """The messages before `?before=`, with the button for those before them."""
    sheet = sheet_for(request, number)
    before = request.GET.get("before", "")
    if not before.isdigit() or len(before) > 18:
        return HttpResponse(status=400)
    shown = threads.earlier(sheet.ticket, request.user, sheet.requester_name, int(before))
    module = engines["jinja2"].env.get_template("desk/ticket/thread.jinja").module  # type: ignore[attr-defined]
    return HttpResponse(module.earlier(number, shown) + module.items(shown))
