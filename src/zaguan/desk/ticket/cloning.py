"""A new ticket like this one (A3.2)."""

from __future__ import annotations

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from zaguan.conversations.cloning import clone
from zaguan.desk.access import AgentRequest, needs
from zaguan.desk.answers import leads_to
from zaguan.desk.ticket.dialogs import ActionDialog
from zaguan.desk.ticket.options_menu import Option, register
from zaguan.desk.ticket.sheet import ticket_for


@require_http_methods(["GET", "POST"])
@needs("tickets.create")
def clone_ticket(request: AgentRequest, number: int) -> HttpResponse:
    """The fields always, the conversation by choice."""
    ticket = ticket_for(request, number)
    dialog = ActionDialog(request, ticket, "desk/ticket/clone.jinja", _("Clone the ticket"), _("Clone"))

    def write() -> HttpResponse:
        new = clone(
            ticket,
            by=request.user,
            subject=request.POST.get("subject", ""),
            with_conversation="conversation" in request.POST,
        )
        return leads_to(
            request, _("Cloned from #%(number)s.") % {"number": number}, f"/desk/tickets/{new.pk}/"
        )

    return dialog.run(write)


register(
    Option(
        key="clone", label=gettext_lazy("Clone the ticket"), icon="copy", path="clone/",
        permission="tickets.create", group="make", position=20, when=lambda s: s.ticket.kind != "back_office",
    )
)  # fmt: skip
