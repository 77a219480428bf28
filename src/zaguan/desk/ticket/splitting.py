"""Split a ticket at a message: what is another matter gets a ticket of its own (R12)."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from zaguan.conversations.models import Message
from zaguan.conversations.splitting import split
from zaguan.desk.access import AgentRequest, needs
from zaguan.desk.answers import leads_to
from zaguan.desk.ticket.dialogs import ActionDialog
from zaguan.desk.ticket.options_menu import Option, register
from zaguan.desk.ticket.sheet import ticket_for
from zaguan.lib.errors import Refused
from zaguan.lib.numbers import whole
from zaguan.lib.text import excerpt
from zaguan.tickets.models import Ticket

# More than fit into a choice are split by the menu of the message.
_MOST = 100


@require_http_methods(["GET", "POST"])
@needs("tickets.merge")
def split_ticket(request: AgentRequest, number: int) -> HttpResponse:
    """`message` is the one that goes; with `later` all after it go too."""
    ticket = ticket_for(request, number)
    dialog = ActionDialog(
        request, ticket, "desk/ticket/split.jinja", _("Split the ticket"), _("Split"),
        context={"messages": _messages(request, ticket)},
    )  # fmt: skip

    def write() -> HttpResponse:
        chosen = whole(request.POST.get("message", ""))
        if chosen is None:
            raise Refused(_("Choose the message that goes."), field="message")
        message = get_object_or_404(Message.objects.visible_to(request.user), pk=chosen, ticket=ticket)
        new = split(
            message,
            by=request.user,
            subject=request.POST.get("subject", ""),
            with_later="later" in request.POST,
        )
        said = _("This is the new ticket. To take the split back, merge it with #%(number)s.") % {
            "number": number
        }
        return leads_to(request, said, f"/desk/tickets/{new.pk}/")

    return dialog.run(write)


def _messages(request: AgentRequest, ticket: Ticket) -> list[tuple[int, str]]:
    rows = Message.objects.visible_to(request.user).without_side().filter(ticket=ticket).order_by("-id")
    found = rows.select_related("contact", "agent").defer("html", "details")[:_MOST]
    return [(message.pk, _line(message)) for message in found]


def _line(message: Message) -> str:
    who = (
        message.agent.name
        if message.agent
        else message.contact.name
        if message.contact
        else message.sender_name
    )
    return f"{who or message.sender_address}: {excerpt(message.reply_text or message.text, 70)}"


register(
    Option(
        key="split", label=gettext_lazy("Split the ticket"), icon="split", path="split/",
        permission="tickets.merge", group="make", position=30, when=lambda s: s.ticket.message_count + s.ticket.note_count > 1,
    )
)  # fmt: skip
