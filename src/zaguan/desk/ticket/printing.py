"""The PDF of a ticket: which copy, in which language."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect, JsonResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from zaguan.conversations.drafting import draft_of, save_draft
from zaguan.conversations.models import Attachment, Draft
from zaguan.conversations.printing import Copy, has_customer_copy, print_ticket, print_to_send
from zaguan.desk.access import AgentRequest, needs
from zaguan.desk.ticket.dialogs import ActionDialog
from zaguan.desk.ticket.files import stored_out
from zaguan.desk.ticket.options_menu import Option, register
from zaguan.desk.ticket.sheet import sheet_for, ticket_for
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
    sheet = sheet_for(request, number)
    ticket = sheet.ticket
    context = {"languages": settings.LANGUAGES, "copies": _copies(ticket), "may_attach": sheet.can["reply"]}
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


@require_POST
@needs("conversations.reply")
def attach(request: AgentRequest, number: int) -> HttpResponse:
    """The PDF as a file of the answer that is being written: the customer's copy, unless the full one is chosen."""
    ticket = ticket_for(request, number)
    copy: Copy = "full" if request.POST.get("copy") == "full" else "customer"
    language = request.POST.get("language", "")
    language = language if language in dict(settings.LANGUAGES) else ""
    file = print_to_send(ticket, by=request.user, copy=copy, language=language)
    if request.headers.get("HX-Request"):
        return JsonResponse(stored_out(file), status=201)
    _into_draft(request, ticket, file)
    messages.success(request, _("Attached: %(name)s") % {"name": file.name})
    return HttpResponseRedirect(f"/desk/tickets/{ticket.pk}/#composer")


def _into_draft(request: AgentRequest, ticket: Ticket, file: Attachment) -> None:
    """Without script the file waits in the draft, beside what was kept before."""
    kept = draft_of(request.user, ticket, Draft.Kind.REPLY)
    html, fields = (kept.html, kept.fields) if kept else ("", {})
    files = [*fields.get("attachments", []), file.public_id]
    save_draft(request.user, ticket, Draft.Kind.REPLY, html, fields | {"attachments": files})


def _copies(ticket: Ticket) -> list[tuple[str, str, str]]:
    full = ("full", _("Full copy"), _("With internal notes and every change. Not for the customer."))
    if not has_customer_copy(ticket):
        return [full]
    customer = _("For the customer"), _("What the customer has read and written, nothing internal.")
    return [("customer", *customer), full]
