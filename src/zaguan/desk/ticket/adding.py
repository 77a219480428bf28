"""Create a ticket that belongs to this one: a child, a follow-up, a related one; or one of the back office (A3.12, A13.5)."""

from __future__ import annotations

from contextlib import nullcontext

from django.db import transaction
from django.http import HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from zaguan.conversations.noting import add_note
from zaguan.desk.access import AgentRequest, needs
from zaguan.desk.answers import leads_to, toast
from zaguan.desk.ticket.asked_by_type import asked_in, given_to
from zaguan.desk.ticket.changing import asked, chosen_row
from zaguan.desk.ticket.dialogs import ActionDialog
from zaguan.desk.ticket.links import label_of, tie
from zaguan.desk.ticket.options_menu import Option, register
from zaguan.desk.ticket.sheet import Sheet, ticket_for
from zaguan.desk.ticket.written import html_in
from zaguan.lib.errors import Refused
from zaguan.people import reference as people
from zaguan.tickets import reference
from zaguan.tickets.back_office import open_back_office, set_sharing
from zaguan.tickets.categories import ANSWERED
from zaguan.tickets.models import Ticket, TicketType
from zaguan.tickets.opening import NewTicket, open_ticket

NEW_KINDS = ("child-out", "related-out", "follow_up-out")


def teams() -> list[tuple[int, str]]:
    """Teams in use, by name."""
    found = [t for t in people.teams.all().values() if t.archived_at is None]
    return [(team.pk, team.name) for team in sorted(found, key=lambda t: t.name.lower())]


def types_of(category: str) -> list[TicketType]:
    """The types of one category that are offered."""
    found = [t for t in reference.types.all().values() if t.category == category and t.archived_at is None]
    return sorted(found, key=lambda t: (t.position, t.pk))


def _noted(request: AgentRequest, ticket: Ticket) -> None:
    html = html_in(request, "note")
    if html.strip():
        add_note(ticket, html, by=request.user)


@require_http_methods(["GET", "POST"])
@needs("tickets.create")
def create(request: AgentRequest, number: int) -> HttpResponse:
    """A new ticket, linked to this one at once."""
    ticket = ticket_for(request, number)
    dialog = ActionDialog(
        request, ticket, "desk/ticket/create_linked.jinja", _("Create a linked ticket"), _("Create"),
        context={"choices": [(choice, label_of(choice)) for choice in NEW_KINDS], "teams": teams()},
    )  # fmt: skip

    @transaction.atomic
    def write() -> HttpResponse:
        shared = request.POST.get("shared") == "on" and ticket.requester is not None
        subject = request.POST.get("subject", "").strip()
        if not subject:
            raise Refused(_("A ticket needs a subject."), field="subject")
        made = open_ticket(
            NewTicket(
                subject=subject, requester=ticket.requester if shared else None, is_internal=not shared,
                team=chosen_row(people.teams, asked(request, "team"), "team"), channel="web",
            ),
            by=request.user,
        )  # fmt: skip
        tie(ticket, [made], asked(request, "kind"), request)
        _noted(request, made)
        said = _("Ticket %(number)s is open and linked") % {"number": made.pk}
        return leads_to(request, said, f"/desk/tickets/{number}/?tab=related")

    return dialog.run(write)


@require_http_methods(["GET", "POST"])
@needs("tickets.create")
def ask(request: AgentRequest, number: int) -> HttpResponse:
    """A ticket of the back office for this conversation."""
    ticket = ticket_for(request, number)
    types = types_of("back_office")
    dialog = ActionDialog(
        request, ticket, "desk/ticket/ask_back_office.jinja", _("Ask the back office"), _("Ask"),
        has_files=True, context={"types": [(t.pk, t.label) for t in types], "teams": teams(), "missing": []},
    )  # fmt: skip

    @transaction.atomic
    def write() -> HttpResponse:
        chosen: TicketType | None = chosen_row(reference.types, asked(request, "type"), "type")
        given = given_to(request, chosen) if chosen else {}
        new = NewTicket(
            subject=request.POST.get("subject", "").strip(), type=chosen, channel="web", attributes=given,
            team=chosen_row(people.teams, asked(request, "team"), "team"),
        )  # fmt: skip
        if new.team is None:
            raise Refused(_("Choose the team that works on it."), field="team")
        with asked_in(dialog, chosen, given) if chosen else nullcontext():
            made = open_back_office(ticket, new, by=request.user, waits=request.POST.get("waits") == "on")
        _noted(request, made)
        said = _("Ticket %(number)s is with the back office") % {"number": made.pk}
        return leads_to(request, said, f"/desk/tickets/{number}/?tab=related")

    return dialog.run(write)


@require_POST
@needs("tickets.edit")
def share(request: AgentRequest, number: int) -> HttpResponse:
    """Let the customer see this ticket of the back office, or no longer."""
    ticket, on = ticket_for(request, number), asked(request, "on") == "1"
    set_sharing(ticket, on, by=request.user)
    said = _("The customer sees this ticket now") if on else _("The customer no longer sees this ticket")
    address = f"/desk/tickets/{number}/"
    back = f"{address}share/?on={'0' if on else '1'}"
    return toast(request, said, undo=back, otherwise=HttpResponseRedirect(address))


def _has_conversation(sheet: Sheet) -> bool:
    return not sheet.ticket.is_internal and sheet.ticket.kind in ANSWERED


register(
    Option(
        key="create-linked", label=gettext_lazy("Create a linked ticket …"), icon="git-branch-plus", path="links/new/",
        permission="tickets.create", group="make", keys="", position=20,
    )
)  # fmt: skip
register(
    Option(
        key="back-office", label=gettext_lazy("Ask the back office …"), icon="building-2", path="back-office/",
        permission="tickets.create", group="make", keys="", position=30, when=_has_conversation,
    )
)  # fmt: skip
