"""Approvals on a ticket: ask, ask somebody else too, decide, withdraw."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from zaguan.desk.access import AgentRequest, needs
from zaguan.desk.answers import toast
from zaguan.desk.ticket.changing import answered
from zaguan.desk.ticket.compose import people_in
from zaguan.desk.ticket.dialogs import ActionDialog
from zaguan.desk.ticket.options_menu import Option, register
from zaguan.desk.ticket.sheet import ticket_for
from zaguan.desk.ticket.typed import moment_in
from zaguan.lib.errors import Refused
from zaguan.people import reference
from zaguan.people.identifying import contact_for_email, normal_email
from zaguan.people.models import Agent, Contact
from zaguan.tickets.approvals import Asking, ask, ask_also, decide, withdraw
from zaguan.tickets.models import Approval, Ticket


@require_http_methods(["GET", "POST"])
@needs("tickets.ask_approval")
def new(request: AgentRequest, number: int) -> HttpResponse:
    """Ask for approval."""
    ticket = ticket_for(request, number)
    dialog = ActionDialog(
        request, ticket, "desk/ticket/approval_ask.jinja", _("Ask for approval"), _("Ask"),
        context={"needs": Approval.Needs.choices, "may_hold": not ticket.is_done, "has_team": bool(ticket.team_id)},
    )  # fmt: skip

    def write() -> HttpResponse:
        agents, contacts = people_typed(request)
        asking = Asking(
            question=request.POST.get("question", ""),
            agents=agents,
            contacts=contacts,
            team=request.POST.get("team") == "on",
            needs=request.POST.get("needs", Approval.Needs.ONE),
            holds=request.POST.get("holds") == "on",
            due_at=moment_in(request, "due_at"),
        )
        made = ask(ticket, asking, by=request.user)
        return answered(request, ticket, _("Asked for approval"), f"approvals/{made.pk}", reason="")

    return dialog.run(write)


def people_typed(request: AgentRequest) -> tuple[list[Agent], list[Contact]]:
    """Agents by name or address, and others by their address; Refused for a name that nobody has."""
    agents: list[Agent] = []
    contacts: list[Contact] = []
    everybody = [agent for agent in reference.agents.all().values() if agent.is_active]
    for piece in filter(str.strip, ",".join(request.POST.getlist("who")).split(",")):
        address, name = next(iter(people_in(piece)), (piece.strip(), ""))
        wanted = {address.casefold(), name.casefold() if "@" not in address else ""} - {""}
        agent = next((a for a in everybody if wanted & {a.email.casefold(), a.name.casefold()}), None)
        if agent is not None:
            agents.append(agent)
        elif "@" in address:
            contacts.append(contact_for_email(normal_email(address), name, by=request.user, origin="agent"))
        else:
            said = _("“%(name)s” is not known. Choose from the list, or write an address.")
            raise Refused(said % {"name": piece.strip()}, field="who")
    return agents, contacts


def _approval(request: AgentRequest, ticket: Ticket, pk: int) -> Approval:
    return get_object_or_404(Approval.objects.visible_to(request.user).filter(ticket=ticket), pk=pk)


@require_http_methods(["GET", "POST"])
@needs("tickets.ask_approval")
def also(request: AgentRequest, number: int, pk: int) -> HttpResponse:
    """Ask somebody else too."""
    ticket = ticket_for(request, number)
    approval = _approval(request, ticket, pk)
    dialog = ActionDialog(
        request, ticket, "desk/ticket/approval_also.jinja", _("Ask somebody else too"), _("Ask"),
        context={"approval": approval},
    )  # fmt: skip

    def write() -> HttpResponse:
        agents, contacts = people_typed(request)
        ask_also(approval, agents=agents, contacts=contacts, by=request.user)
        return answered(request, ticket, _("Asked for approval"))

    return dialog.run(write)


@require_http_methods(["GET", "POST"])
@needs("tickets.ask_approval")
def end(request: AgentRequest, number: int, pk: int) -> HttpResponse:
    """Withdraw it, with a reason or without."""
    ticket = ticket_for(request, number)
    approval = _approval(request, ticket, pk)
    dialog = ActionDialog(
        request, ticket, "desk/ticket/approval_withdraw.jinja", _("Withdraw the approval"), _("Withdraw"),
        context={"approval": approval},
    )  # fmt: skip

    def write() -> HttpResponse:
        withdraw(approval, by=request.user, reason=request.POST.get("reason", ""))
        return answered(request, ticket, _("Withdrawn"))

    return dialog.run(write)


@require_POST
@needs("desk.use")
def answer(request: AgentRequest, pk: int) -> HttpResponse:
    """Approve or reject; only who was asked, wherever they stand."""
    approval = get_object_or_404(Approval.objects.visible_to(request.user), pk=pk)
    decision = request.POST.get("decision")
    if decision not in ("approved", "rejected"):
        raise Refused(_("Say yes or no."), field="decision")
    decide(approval, decision == "approved", by=request.user, comment=request.POST.get("comment", ""))
    said = _("Approved") if decision == "approved" else _("Rejected")
    back = HttpResponseRedirect(request.headers.get("Referer") or reverse("desk:approvals"))
    return toast(request, said, otherwise=back)


def _open(sheet: Any) -> bool:
    return not sheet.is_closed


register(
    Option(
        key="ask-approval", label=gettext_lazy("Ask for approval…"), icon="stamp", path="approvals/", permission="tickets.ask_approval",
        group="share", keys="shift+y", position=35, when=_open,
    )
)  # fmt: skip
