"""What the customer was told: solved by then. Set, moved with a reason, taken back (A2.7)."""

from __future__ import annotations

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from zaguan.desk.access import AgentRequest, needs
from zaguan.desk.ticket.changing import answered
from zaguan.desk.ticket.dialogs import ActionDialog
from zaguan.desk.ticket.moments import exact
from zaguan.desk.ticket.options_menu import Option, register
from zaguan.desk.ticket.sheet import ticket_for
from zaguan.desk.ticket.typed import moment_in, written
from zaguan.lib.errors import Refused
from zaguan.people import reference
from zaguan.tickets.promising import set_promise


@require_http_methods(["GET", "POST"])
@needs("tickets.edit")
def promise(request: AgentRequest, number: int) -> HttpResponse:
    """The dialog of the promise; an empty time takes it back."""
    ticket = ticket_for(request, number)
    by = reference.agents.get(ticket.promised_by_id)
    context = {"at": written(ticket.promised_at), "promised_by": by.name if by else ""}
    dialog = ActionDialog(
        request, ticket, "desk/ticket/promise.jinja", _("Promise a solution"), _("Save"), context=context
    )

    def write() -> HttpResponse:
        at = moment_in(request, "promised_at")
        if at is None and ticket.promised_at is None:
            raise Refused(_("Say by when it will be solved."), field="promised_at")
        shown, reason = request.POST.get("public") == "on", request.POST.get("reason", "")
        if at is not None and written(at) == written(ticket.promised_at):
            # The field knows no seconds.
            at = ticket.promised_at
        set_promise(ticket, at, by=request.user, reason=reason, public=shown)
        said = _("Promised for %(when)s") % {"when": exact(at)} if at else _("Promise taken back")
        return answered(request, ticket, said)

    return dialog.run(write)


register(
    Option(
        key="promise", label=gettext_lazy("Promise a solution"), icon="calendar-clock", path="promise/", permission="tickets.edit",
        group="plan", keys="shift+p", position=40, when=lambda sheet: not sheet.is_closed,
    )
)  # fmt: skip
