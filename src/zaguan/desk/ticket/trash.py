"""Delete a ticket, and the page where deleted ones wait (A3.4)."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from zaguan.conversations.purging import purge
from zaguan.desk.access import AgentRequest, needs
from zaguan.desk.answers import leads_to
from zaguan.desk.rendering import page
from zaguan.desk.ticket.dialogs import ActionDialog
from zaguan.desk.ticket.options_menu import Option, register
from zaguan.desk.ticket.sheet import ticket_for
from zaguan.lib.numbers import whole
from zaguan.tickets.models import Trashed
from zaguan.tickets.statuses import rules
from zaguan.tickets.trash import goes_on, restore, trash

SIZE = 50


@require_http_methods(["GET", "POST"])
@needs("tickets.delete")
def delete_ticket(request: AgentRequest, number: int) -> HttpResponse:
    """Into the trash, after asking."""
    ticket = ticket_for(request, number)
    dialog = ActionDialog(
        request, ticket, "desk/ticket/delete.jinja", _("Delete the ticket"), _("Delete"), is_danger=True,
        context={"days": rules().trash_days},
    )  # fmt: skip

    def write() -> HttpResponse:
        trash(ticket, by=request.user, reason=request.POST.get("reason", ""))
        said = _("Ticket %(number)s is in the trash. It can be brought back from there.") % {
            "number": ticket.pk
        }
        return leads_to(request, said, "/desk/trash/")

    return dialog.run(write)


@require_GET
@needs("tickets.delete")
def trash_page(request: AgentRequest) -> HttpResponse:
    """What was deleted, the newest first; `before` is where the next page starts."""
    rows = Trashed.objects.visible_to(request.user).select_related("ticket", "ticket__requester", "agent")
    before = whole(request.GET.get("before", ""))
    found = list((rows.filter(pk__lt=before) if before else rows).order_by("-id")[: SIZE + 1])
    return page(
        request,
        "desk/trash.jinja",
        section="inbox",
        rows=[(row, goes_on(row)) for row in found[:SIZE]],
        more=found[SIZE - 1].pk if len(found) > SIZE else None,
        days=rules().trash_days,
    )


@require_POST
@needs("tickets.delete")
def bring_back(request: AgentRequest, number: int) -> HttpResponse:
    """Out of the trash again."""
    row = get_object_or_404(Trashed.objects.visible_to(request.user), ticket=number)
    restore(row.ticket_id, by=request.user)
    messages.success(request, _("Ticket %(number)s is back.") % {"number": number})
    return HttpResponseRedirect(f"/desk/tickets/{number}/")


@require_POST
@needs("tickets.purge")
def erase(request: AgentRequest, number: int) -> HttpResponse:
    """For good."""
    row = get_object_or_404(Trashed.objects.visible_to(request.user), ticket=number)
    purge(row.ticket_id, by=request.user)
    messages.success(request, _("Ticket %(number)s is erased.") % {"number": number})
    return HttpResponseRedirect("/desk/trash/")


register(
    Option(
        key="delete", label=gettext_lazy("Delete the ticket"), icon="trash-2", path="delete/",
        permission="tickets.delete", group="danger", position=10,
    )
)  # fmt: skip
