"""What is planned with a customer, from their own page: with one of their tickets, or with none (A8.8)."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from zaguan.desk.access import AgentRequest, needs
from zaguan.desk.answers import toast
from zaguan.desk.people.contact import contact_for
from zaguan.desk.people.organisation import organisation_for
from zaguan.desk.rendering import page
from zaguan.desk.ticket.activities import choices, typed
from zaguan.desk.ticket.typed import row_in
from zaguan.lib.errors import Refused
from zaguan.people.models import Agent, Contact, Organisation
from zaguan.tickets.activities import change_activity, delete_activity, plan
from zaguan.tickets.models import Activity, Ticket

PLAN = "tickets.plan_activities"
TICKETS = 25
Whose = Contact | Organisation


@require_http_methods(["GET", "POST"])
@needs(PLAN)
def plan_with_contact(request: AgentRequest, public_id: str) -> HttpResponse:
    """Plan a call, an appointment, a task or a visit with this contact."""
    return _plan(request, contact_for(request, public_id))


@require_http_methods(["GET", "POST"])
@needs(PLAN)
def plan_with_organisation(request: AgentRequest, public_id: str) -> HttpResponse:
    """The same with an organisation."""
    return _plan(request, organisation_for(request, public_id))


def _plan(request: AgentRequest, whose: Whose) -> HttpResponse:
    back, tickets = _page_of(whose), tickets_of(whose, request.user)
    if request.method != "POST":
        return _form(request, None, back, whose, tickets)
    try:
        values = typed(request) | {
            "ticket": row_in(request, "ticket", Ticket.objects.visible_to(request.user))
        }
        made = plan(by=request.user, **values, **_for(whose))
    except Refused as refused:
        return _form(request, None, back, whose, tickets, refused)
    undo = f"{reverse('desk:activity', args=[made.pk])}?do=delete"
    return toast(request, _("Planned"), undo=undo, otherwise=HttpResponseRedirect(back))


def _for(whose: Whose) -> dict[str, Any]:
    if isinstance(whose, Contact):
        return {"contact": whose, "organisation": whose.organisation}
    return {"contact": None, "organisation": whose}


@require_http_methods(["GET", "POST"])
@needs(PLAN)
def activity(request: AgentRequest, pk: int) -> HttpResponse:
    """One that is planned: change it, or take it off the plan. Of a ticket or of none."""
    rows = Activity.objects.visible_to(request.user).select_related("contact", "organisation")
    found = get_object_or_404(rows, pk=pk)
    whose = (found.contact or found.organisation) if request.user.can("people.view") else None
    back = _page_of(whose) if whose else reverse("desk:agenda")
    if request.method != "POST":
        return _form(request, found, back, whose, [])
    try:
        if (request.POST.get("do") or request.GET.get("do")) == "delete":
            delete_activity(found, by=request.user)
            return toast(request, _("Taken off the plan"), otherwise=HttpResponseRedirect(back))
        change_activity(found, by=request.user, **typed(request))
    except Refused as refused:
        return _form(request, found, back, whose, [], refused)
    return toast(request, _("Saved"), otherwise=HttpResponseRedirect(back))


def _form(
    request: AgentRequest,
    found: Activity | None,
    back: str,
    whose: Whose | None,
    tickets: list[Ticket],
    refused: Refused | None = None,
) -> HttpResponse:
    context = choices(request, found) | {
        "layout": "desk/people/activity_page.jinja",
        "title": _("Change the activity") if found else _("Plan an activity"),
        "submit": _("Save") if found else _("Plan"),
        "typed": request.POST,
        "error": refused.sentence if refused else "",
        "error_field": refused.field if refused else "",
        "back": back,
        "whose": whose,
        "is_contact": isinstance(whose, Contact),
        "tickets": [("", _("No ticket")), *((t.pk, f"#{t.pk} {t.subject}") for t in tickets)],
        "section": "people",
    }
    return page(request, "desk/ticket/activity_form.jinja", status=422 if refused else 200, **context)


def tickets_of(whose: Whose, viewer: Agent) -> list[Ticket]:
    """Their latest tickets that the viewer sees, to plan for one of them."""
    theirs = {"requester": whose} if isinstance(whose, Contact) else {"organisation": whose}
    return list(Ticket.objects.visible_to(viewer).filter(**theirs).order_by("-active_at", "-id")[:TICKETS])


def _page_of(whose: Whose) -> str:
    route = "desk:contact" if isinstance(whose, Contact) else "desk:organisation"
    return reverse(route, args=[whose.public_id])
