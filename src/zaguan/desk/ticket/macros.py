"""Macros on a ticket: the list with search and preview, one click to apply, and the way back."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from zaguan.automation.macros import Offer, offered, set_favourite, used_lately
from zaguan.automation.models import Macro
from zaguan.automation.runs import run_on
from zaguan.automation.steps import missing, previews, stored
from zaguan.desk.access import AgentRequest, needs
from zaguan.desk.answers import toast
from zaguan.desk.ticket.dialogs import ActionDialog
from zaguan.desk.ticket.options_menu import Option, register
from zaguan.desk.ticket.sheet import ticket_for
from zaguan.lib.errors import Refused
from zaguan.lib.numbers import whole
from zaguan.tickets.models import Ticket

register(
    Option(
        key="macros",
        label=gettext_lazy("Apply a macro"),
        icon="wand-sparkles",
        path="macros/",
        permission="desk.use",
        group="make",
        keys="m",
        position=10,
    )
)


@needs("desk.use")
def macros(request: AgentRequest, number: int) -> HttpResponse:
    """GET shows the macros with what the chosen one would change; POST applies it, marks it or unmarks it."""
    ticket = ticket_for(request, number)
    if request.method == "POST" and "favourite" in request.POST:
        _mark(request)
        return _dialog(request, ticket).show()
    return _dialog(request, ticket).run(lambda: _apply(request, ticket))


def _dialog(request: AgentRequest, ticket: Ticket) -> ActionDialog:
    found = offered(request.user, ticket)
    chosen = _chosen(request, found)
    shown = previews(chosen.steps, ticket, by=request.user) if chosen else []
    context = {
        "offers": found,
        "chosen": chosen,
        "previews": shown,
        "used": used_lately([offer.macro for offer in found]),
        "sheet_url": f"/desk/tickets/{ticket.pk}/",
    }
    title, submit = _("Apply a macro"), _("Apply")
    return ActionDialog(
        request, ticket, "desk/ticket/macros.jinja", title, submit=submit, is_wide=True, context=context
    )


def _chosen(request: AgentRequest, found: list[Offer]) -> Offer | None:
    wanted = whole(request.POST.get("macro") or request.GET.get("macro", ""))
    allowed = [offer for offer in found if not offer.missing]
    return next((offer for offer in found if offer.macro.pk == wanted), allowed[0] if allowed else None)


def _macro(request: AgentRequest, pk: int | None) -> Macro:
    return get_object_or_404(Macro.objects.visible_to(request.user), pk=pk or 0)


def _mark(request: AgentRequest) -> None:
    pk, _colon, on = request.POST["favourite"].partition(":")
    set_favourite(request.user, _macro(request, whole(pk)), on == "1")


def _apply(request: AgentRequest, ticket: Ticket) -> HttpResponse:
    if not request.POST.get("macro"):
        raise Refused(_("Choose a macro."), field="macro")
    macro = _macro(request, whole(request.POST["macro"]))
    steps = stored(macro.steps)
    if missing(steps, request.user):
        raise PermissionDenied
    run = run_on(ticket, steps, by=request.user, macro=macro)
    said = _("“%(name)s” applied") % {"name": macro.label}
    if not run.done:
        said = _("“%(name)s”: nothing was to be changed") % {"name": macro.label}
    undo = reverse("desk:undo-run", args=[run.pk]) if run.done else ""
    return toast(request, said, undo=undo, otherwise=HttpResponseRedirect(f"/desk/tickets/{ticket.pk}/"))


@require_GET
@needs("desk.use")
def commands(request: AgentRequest, number: int) -> JsonResponse:
    """The macros offered on this ticket as commands of the palette; each leads to its preview."""
    ticket = ticket_for(request, number)
    items = [
        {
            "label": offer.macro.label,
            "sub": offer.macro.description or offer.summary,
            "icon": "wand-sparkles",
            "href": f"/desk/tickets/{ticket.pk}/macros/?macro={offer.macro.pk}",
        }
        for offer in offered(request.user, ticket)
        if not offer.missing
    ]
    return JsonResponse({"items": items})


@require_GET
@needs("desk.use")
def preview(request: AgentRequest, number: int) -> HttpResponse:
    """What one macro (`?macro=`) would change on this ticket."""
    ticket = ticket_for(request, number)
    macro = _macro(request, whole(request.GET.get("macro", "")))
    steps = stored(macro.steps)
    offer = Offer(macro, steps, False, missing(steps, request.user))
    context = {"chosen": offer, "previews": previews(steps, ticket, by=request.user)}
    return render(request, "desk/ticket/macro_preview.jinja", context)
