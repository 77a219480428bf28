"""Who takes part in a ticket, who follows it, and handing it to another team."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from zaguan.conversations.transferring import transfer as hand_over
from zaguan.desk.access import AgentRequest, needs
from zaguan.desk.answers import leads_to, toast
from zaguan.desk.ticket.changing import answered, asked, chosen_row
from zaguan.desk.ticket.compose import line_of, people_in
from zaguan.desk.ticket.dialogs import ActionDialog
from zaguan.desk.ticket.options_menu import Option, register
from zaguan.desk.ticket.sheet import ticket_for
from zaguan.desk.ticket.suggesting import found_people
from zaguan.desk.ticket.written import html_in
from zaguan.lib.errors import Refused
from zaguan.lib.numbers import whole
from zaguan.people import reference as people
from zaguan.people.identifying import find_identity, normal_email
from zaguan.people.models import Agent, Contact, Team
from zaguan.tickets.following import follow, follows, unfollow
from zaguan.tickets.models import Party, PartyRole, Ticket
from zaguan.tickets.parties import add_party, change_role, copy_party, remove_party

MOST = 8


@require_GET
@needs("desk.use")
def suggestions(request: AgentRequest) -> JsonResponse:
    """Colleagues and known people by what was typed."""
    text = request.GET.get("q", "").strip()[:100].lower()
    agents = [a for a in people.agents.all().values() if a.is_active and text and text in a.name.lower()]
    found = [{"value": line_of((a.email, a.name)), "label": a.name, "sub": a.email} for a in agents[:3]]
    return JsonResponse([*found, *found_people(request, text)][:MOST], safe=False)


@require_POST
@needs("tickets.edit")
def add(request: AgentRequest, number: int) -> HttpResponse:
    """One or more people, by name, address or both; who is known is taken as who they are."""
    ticket = ticket_for(request, number)
    role = get_object_or_404(PartyRole.objects.visible_to(request.user), pk=request.POST.get("role") or 0)
    typed = [piece for piece in request.POST.get("who", "").split(",") if piece.strip()]
    wanted = [_known(request, piece) for piece in typed]
    if not wanted:
        raise Refused(_("Say who it is: a name or an address."), field="who")
    for values in wanted:
        add_party(ticket, role, by=request.user, **values)
    return toast(request, _("Added"), otherwise=_back(ticket))


def _known(request: AgentRequest, typed: str) -> dict[str, Any]:
    if "@" not in typed:
        return {"name": typed}
    address, name = next(iter(people_in(typed)), (typed.strip(), ""))
    email = normal_email(address)
    agent = next((a for a in people.agents.all().values() if a.email.lower() == email), None)
    if agent is not None:
        return {"agent": Agent.objects.visible_to(request.user).get(pk=agent.pk)}
    identity = find_identity("email", email)
    contact = identity and Contact.objects.visible_to(request.user).filter(pk=identity.contact_id).first()
    return {"contact": contact} if contact else {"name": name, "email": address}


def _back(ticket: Ticket) -> HttpResponseRedirect:
    return HttpResponseRedirect(f"/desk/tickets/{ticket.pk}/?tab=parties")


def _party(request: AgentRequest, number: int, pk: int) -> Party:
    rows = Party.objects.visible_to(request.user).select_related("role", "ticket")
    return get_object_or_404(rows, pk=pk, ticket_id=number)


@require_POST
@needs("tickets.edit")
def change(request: AgentRequest, number: int, pk: int) -> HttpResponse:
    """`do`: copy, no-copy, remove, or role with the new `role`."""
    party, do = _party(request, number, pk), asked(request, "do")
    back = f"/desk/tickets/{number}/parties/{pk}/?do="
    if do == "remove":
        remove_party(party, by=request.user)
        said, undo = _("%(name)s no longer takes part") % {"name": party}, ""
    elif do == "role":
        before, chosen = party.role_id, whole(asked(request, "role")) or 0
        role = get_object_or_404(PartyRole.objects.visible_to(request.user), pk=chosen)
        changed = change_role(party, role, by=request.user)
        said = _("%(name)s takes part as %(role)s") % {"name": changed, "role": role.label}
        undo = f"{back}role&role={before}"
    else:
        copy_party(party, do == "copy", by=request.user)
        said = _("In copy") if do == "copy" else _("No longer in copy")
        undo = back + ("no-copy" if do == "copy" else "copy")
    return toast(request, said, undo=undo, otherwise=_back(party.ticket))


@require_POST
@needs("desk.use")
def following(request: AgentRequest, number: int) -> HttpResponse:
    """Follow the ticket, or no longer; `on` says which, without it the other of what is."""
    ticket, on = ticket_for(request, number), asked(request, "on")
    if (on == "1") if on else not follows(request.user, ticket):
        follow(ticket, request.user, by=request.user)
        return answered(request, ticket, _("You follow this ticket"), "follow", on="0")
    unfollow(ticket, request.user, by=request.user)
    return answered(request, ticket, _("You no longer follow this ticket"), "follow", on="1")


@require_http_methods(["GET", "POST"])
@needs("tickets.assign")
def transfer(request: AgentRequest, number: int) -> HttpResponse:
    """To another team, with a word for them."""
    ticket = ticket_for(request, number)
    teams = [t for t in people.teams.all().values() if t.archived_at is None and t.pk != ticket.team_id]
    dialog = ActionDialog(
        request, ticket, "desk/ticket/transfer.jinja", _("Hand over to a team"), _("Hand over"),
        context={"teams": [(team.pk, team.name) for team in sorted(teams, key=lambda t: t.name.lower())]},
    )  # fmt: skip

    def write() -> HttpResponse:
        team: Team | None = chosen_row(people.teams, request.POST.get("team", ""), "team")
        if team is None:
            raise Refused(_("Choose a team."), field="team")
        before = ticket.team_id
        moved = hand_over(ticket, team, note_html=html_in(request, "note"), by=request.user)
        said = _("Moved to %(team)s") % {"team": team.name}
        if not moved.is_known_to(request.user):
            return leads_to(request, said, "/desk/")
        return answered(request, ticket, said, "team" if before else "", team=before or "")

    return dialog.run(write)


register(
    Option(
        key="transfer", label=gettext_lazy("Hand over to a team"), icon="forward", path="transfer/",
        permission="tickets.assign", group="share", keys="shift+t", position=10, when=lambda s: not s.is_closed,
    )
)  # fmt: skip
