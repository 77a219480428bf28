"""The PDF of a ticket: which copy, in which language."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from zaguan.conversations.printing import has_customer_copy, print_ticket
from zaguan.desk.access import AgentRequest, needs
from zaguan.desk.ticket.dialogs import ActionDialog
from zaguan.desk.ticket.options_menu import Option, register
from zaguan.desk.ticket.sheet import ticket_for
from zaguan.tickets.models import Ticket

register(
    Option(
        key="pdf",
        label=gettext_lazy("Make a PDF"),
        icon="file-down",
        path="pdf/",
        permission="desk.use",
        group="file",
    )
)


@require_GET
@needs("desk.use")
def choose(request: AgentRequest, number: int) -> HttpResponse:
    """Customer's copy or full copy, in each language."""
    ticket = ticket_for(request, number)
    context = {"languages": settings.LANGUAGES, "copies": _copies(ticket)}
    return ActionDialog(request, ticket, "desk/ticket/pdf.jinja", _("Make a PDF"), context=context).show()


@require_GET
@needs("desk.use")
def pdf(request: AgentRequest, number: int) -> HttpResponse:
    """The file itself."""
    ticket = ticket_for(request, number)
    language = request.GET.get("language", "")
    drawn = print_ticket(
        ticket,
        by=request.user,
        copy="full" if request.GET.get("copy") == "full" else "customer",
        language=language if language in dict(settings.LANGUAGES) else "",
    )
    answer = HttpResponse(drawn, content_type="application/pdf")
    answer["Content-Disposition"] = f'attachment; filename="ticket-{ticket.pk}.pdf"'
    return answer


def _copies(ticket: Ticket) -> list[tuple[str, str, str]]:
    full = ("full", _("Full copy"), _("With internal notes and every change. Not for the customer."))
    if not has_customer_copy(ticket):
        return [full]
    customer = _("For the customer"), _("What the customer has read and written, nothing internal.")
    return [("customer", *customer), full]
