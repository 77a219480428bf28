"""Inform everybody affected by a tracker: write, look at each message, leave out, start, watch, try again (A13.12)."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from zaguan.conversations.informed import STATES, html_of, numbers_of, recipients_of
from zaguan.conversations.informing import retry_failures
from zaguan.conversations.mass_updates import (
    MOST_A_MINUTE,
    change_update,
    leave_out,
    plan_update,
    start_update,
    stop_update,
    take_in_new,
)
from zaguan.conversations.models import MassUpdate
from zaguan.conversations.placeholders import all_placeholders
from zaguan.desk.access import AgentRequest, needs
from zaguan.desk.answers import leads_to, toast
from zaguan.desk.rendering import block, page, wants_part
from zaguan.desk.ticket.options_menu import Option, register
from zaguan.desk.ticket.sheet import ticket_for
from zaguan.lib.errors import Refused
from zaguan.lib.html import text_of
from zaguan.lib.numbers import whole
from zaguan.tickets.related import Kind, visible_links

TEMPLATE = "desk/ticket/inform.jinja"


def state_labels() -> dict[str, str]:
    """How each state of a recipient reads."""
    return {
        "waiting": _("Waiting"), "sent": _("Sent"), "delivered": _("Delivered"), "unknown": _("Unknown"),
        "failed": _("Failed"), "skipped": _("Skipped"), "excluded": _("Left out"),
    }  # fmt: skip


@require_http_methods(["GET", "POST"])
@needs("conversations.inform")
def inform(request: AgentRequest, number: int) -> HttpResponse:
    """Write the message; keeping it leads to the page where each recipient's words are seen."""
    ticket = ticket_for(request, number)
    problem = None
    if request.method == "POST":
        try:
            html, pace = html_of(request.POST.get("text", "")), _pace(request)
            texts = _translations(request)
            made = plan_update(ticket, html, by=request.user, per_minute=pace, translations=texts)
            return HttpResponseRedirect(f"/desk/updates/{made.pk}/")
        except Refused as refused:
            problem = refused
    affected = visible_links(ticket, request.user, Kind.TRACKED, True).count()
    context: dict[str, Any] = {
        "ticket": ticket, "affected": affected, "problem": problem, "most": MOST_A_MINUTE,
        "typed": request.POST, "placeholders": all_placeholders(),
        "texts": [(code, name, request.POST.get(f"text_{code}", "")) for code, name in settings.LANGUAGES],
    }  # fmt: skip
    return page(
        request, "desk/ticket/inform_new.jinja", section="inbox", status=422 if problem else 200, **context
    )


def _pace(request: AgentRequest) -> int:
    return whole(request.POST.get("per_minute", "") or "0") or 0


def _translations(request: AgentRequest) -> dict[str, str]:
    return {code: html_of(request.POST.get(f"text_{code}", "")) for code, _name in settings.LANGUAGES}


def _update(request: AgentRequest, pk: int) -> MassUpdate:
    rows = MassUpdate.objects.visible_to(request.user).select_related("tracker", "agent")
    return get_object_or_404(rows, pk=pk)


@require_http_methods(["GET", "POST"])
@needs("conversations.inform")
def update(request: AgentRequest, pk: int) -> HttpResponse:
    """Who gets what, and how it went; POST changes the text of a draft."""
    found = _update(request, pk)
    if request.method == "POST":
        html, texts = html_of(request.POST.get("text", "")), _translations(request)
        change_update(found, html=html, per_minute=_pace(request), translations=texts)
        return HttpResponseRedirect(f"/desk/updates/{pk}/")
    only = request.GET.get("only", "")
    only = only if only in STATES else ""
    after = whole(request.GET.get("after", "")) or 0
    lines, more = recipients_of(found, request.user, only=only, after=after)
    numbers = numbers_of(found)
    context: dict[str, Any] = {
        "update": found, "lines": lines, "numbers": numbers, "only": only, "labels": state_labels(),
        "more": f"/desk/updates/{pk}/?{urlencode({'only': only, 'after': str(more)})}" if more else "",
        "is_draft": found.state == "draft", "is_running": found.state == "started", "most": MOST_A_MINUTE,
        "seconds": _seconds_left(found), "missing": any(line.missing for line in lines),
        "placeholders": all_placeholders(),
        "texts": [(c, name, text_of(found.translations.get(c, ""))) for c, name in settings.LANGUAGES],
        "names": dict(settings.LANGUAGES),
    }  # fmt: skip
    if wants_part(request, "standing"):
        answer = block(request, TEMPLATE, "standing", **context)
        if not context["is_running"]:
            answer["HX-Refresh"] = "true"
        return answer
    return page(request, TEMPLATE, section="inbox", **context)


def _seconds_left(found: MassUpdate) -> int:
    if found.state != "started" or found.starts_at is None:
        return 0
    return max(round((found.starts_at - timezone.now()).total_seconds()), 0)


@require_POST
@needs("conversations.inform")
def act(request: AgentRequest, pk: int) -> HttpResponse:
    """`do`: start, stop, retry, refresh, or leave out and take in again the tickets given."""
    found, do = _update(request, pk), request.POST.get("do", request.GET.get("do", ""))
    address = f"/desk/updates/{pk}/"
    if do == "start" and request.POST.getlist("ticket"):
        # Who ticks somebody and presses Send may mean either; nobody gets what was not meant.
        said = _("Nothing was sent: some are ticked. Leave those out, or tick none, and send then.")
        return leads_to(request, said, address)
    if do == "start":
        start_update(found, by=request.user)
        said = _("The message goes out in a minute")
        if request.headers.get("HX-Request"):
            return toast(
                request, said, undo=f"{address}act/?do=stop", otherwise=HttpResponseRedirect(address), body=""
            )
        return leads_to(request, said, address)
    if do == "stop":
        stopped = stop_update(found, by=request.user)
        taken_back = stopped.state == MassUpdate.State.DRAFT
        return leads_to(request, _("Taken back: nothing was sent") if taken_back else _("Stopped"), address)
    if do == "retry":
        count = retry_failures(found, by=request.user)
        return leads_to(request, _("Tried again: %(count)s") % {"count": count}, address)
    if do == "refresh":
        take_in_new(found)
        return leads_to(request, _("Whoever was linked since is among the recipients now"), address)
    tickets = [number for number in map(whole, request.POST.getlist("ticket")) if number]
    count = leave_out(found, tickets, out=do == "leave-out")
    said = _("Left out: %(count)s") if do == "leave-out" else _("Taken in again: %(count)s")
    return leads_to(request, said % {"count": count}, address)


register(
    Option(
        key="inform", label=gettext_lazy("Inform everybody affected …"), icon="megaphone", path="inform/",
        permission="conversations.inform", group="make", keys="", position=5, leaves=True,
        when=lambda sheet: sheet.ticket.kind == "tracker",
    )
)  # fmt: skip
