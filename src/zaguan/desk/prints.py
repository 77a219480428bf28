"""PDFs of many tickets: choose which copy, watch them come, fetch the file."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import FileResponse, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from zaguan.conversations.models import PrintBatch, PrintedTicket
from zaguan.conversations.printing_many import begin_prints, choose_prints, most_for, stop_prints
from zaguan.conversations.prints_file import open_zip
from zaguan.desk.access import AgentRequest, needs
from zaguan.desk.answers import go_to, leads_to
from zaguan.desk.bulk import chosen_numbers
from zaguan.desk.rendering import page
from zaguan.lib.downloads import as_zip
from zaguan.lib.errors import Refused
from zaguan.lib.numbers import whole

SHOWN = 100
# Each customer's own language: a choice like the others, since an empty one could not be sent.
OWN = "own"


def _batch(request: AgentRequest, public_id: str) -> PrintBatch:
    """One of the agent's own that has not expired, else 404."""
    return get_object_or_404(PrintBatch.objects.visible_to(request.user), public_id=public_id)


@require_POST
@needs("desk.use")
def choose(request: AgentRequest) -> HttpResponse:
    """Keep the chosen tickets, and go where one says which copy."""
    batch = choose_prints(chosen_numbers(request), by=request.user)
    return go_to(request, reverse("desk:prints", args=[batch.public_id]))


@require_http_methods(["GET", "POST"])
@needs("desk.use")
def prints(request: AgentRequest, public_id: str) -> HttpResponse:
    """Which copy in which language; then how far it is, the result of each ticket, and the file."""
    found, problem = _batch(request, public_id), ""
    if request.method == "POST":
        try:
            copy = request.POST.get("copy", "")
            begin_prints(
                found,
                by=request.user,
                copy="full" if copy == "full" else "customer",
                language=request.POST.get("language", "").removeprefix(OWN),
            )
            return HttpResponseRedirect(request.path)
        except Refused as refused:
            problem = refused.sentence
    context: dict[str, Any] = {"batch": found, "problem": problem} | _rows(request, found)
    if found.state == PrintBatch.State.CHOOSING:
        context |= {"copies": _copies(), "languages": _languages(), "most": most_for(request.user)}
    return page(request, "desk/runs/prints.jinja", section="inbox", status=422 if problem else 200, **context)


def _rows(request: AgentRequest, found: PrintBatch) -> dict[str, Any]:
    state = request.GET.get("state", "")
    state = state if state in PrintedTicket.State.values else ""
    rows = found.tickets.select_related("ticket").order_by("ticket_id")
    rows = rows.filter(state=state) if state else rows
    after = whole(request.GET.get("after", "")) or 0
    shown = list(rows.filter(ticket_id__gt=after)[: SHOWN + 1])
    following = shown[SHOWN - 1].ticket_id if len(shown) > SHOWN else None
    return {"rows": shown[:SHOWN], "next": following, "state": state}


def _copies() -> list[tuple[str, str, str]]:
    customer = _("For the customer"), _("What the customer has read and written, nothing internal.")
    full = _("Full copy"), _("With internal notes and every change. Not for the customer.")
    return [("customer", *customer), ("full", *full)]


def _languages() -> list[tuple[str, str]]:
    return [
        (OWN, _("Each customer’s own; a full copy in yours")),
        *((code, str(name)) for code, name in settings.LANGUAGES),
    ]


@require_POST
@needs("desk.use")
def stop(request: AgentRequest, public_id: str) -> HttpResponse:
    """Make no more."""
    found = stop_prints(_batch(request, public_id), by=request.user)
    return leads_to(request, _("Stopped."), reverse("desk:prints", args=[found.public_id]))


@require_GET
@needs("desk.use")
def fetch(request: AgentRequest, public_id: str) -> FileResponse:
    """The ZIP, as long as its owner may see every ticket in it."""
    found = _batch(request, public_id)
    return as_zip(open_zip(found, viewer=request.user), f"tickets-{found.pk}.zip")
