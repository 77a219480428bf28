"""Who can be asked for approval: agents who may see the ticket, its team, and contacts by mail."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from zaguan.lib.errors import Refused
from zaguan.lib.secrets import random_id
from zaguan.people.models import Agent, Contact, Identity
from zaguan.tickets.models import Approval, Approver, Ticket

MOST = 20
# The link in a mail leads to the question for so long.
LINK_LASTS = timedelta(days=30)


def approvers_for(
    ticket: Ticket,
    agents: Sequence[Agent],
    contacts: Sequence[Contact],
    *,
    team: bool,
    by: Any,
    known: Approval | None = None,
) -> list[Approver]:
    """Rows for those who shall be asked, not stored yet; nobody twice, and none of who was asked in `known`."""
    refuse_self(agents, by)
    there = list(known.approvers.all()) if known else []
    known_agents = {each.agent_id for each in there}
    known_contacts = {each.contact_id for each in there}
    chosen = {agent.pk: _checked(agent, ticket) for agent in agents}
    if team:
        chosen |= {agent.pk: agent for agent in team_of(ticket, by)}
    found = [Approver(agent=agent) for pk, agent in chosen.items() if pk not in known_agents]
    people = {contact.pk: contact for contact in contacts}
    found += [_by_mail(contact) for pk, contact in people.items() if pk not in known_contacts]
    if not found:
        raise Refused(_("Choose who shall approve."), field="approvers")
    if len(found) + len(there) > MOST:
        raise Refused(_("Up to %(count)d people can be asked.") % {"count": MOST}, field="approvers")
    return found


def refuse_self(agents: Sequence[Agent], by: Any) -> None:
    """Nobody approves what they ask for themselves; somebody else may ask them."""
    if isinstance(by, Agent) and by.pk in {agent.pk for agent in agents}:
        raise Refused(
            _("Nobody approves what they ask for themselves. Choose somebody else."), field="approvers"
        )


def team_of(ticket: Ticket, by: Any) -> list[Agent]:
    """Who is in the ticket's team, may see it, and does not ask."""
    if ticket.team_id is None:
        return []
    members = Agent.objects.filter(teams=ticket.team_id, is_active=True).select_related("role")
    asks = by.pk if isinstance(by, Agent) else None
    return [agent for agent in members if agent.pk != asks and ticket.is_known_to(agent)]


def _checked(agent: Agent, ticket: Ticket) -> Agent:
    fresh = Agent.objects.select_related("role").get(pk=agent.pk)
    if not fresh.is_active:
        raise Refused(_("%(name)s no longer works here.") % {"name": fresh.name}, field="approvers")
    if not ticket.is_known_to(fresh):
        raise Refused(_("%(name)s may not see this ticket.") % {"name": fresh.name}, field="approvers")
    return fresh


def address_of(contact: Contact) -> str:
    """Where the contact gets mail, "" for nowhere."""
    known = Identity.objects.filter(contact=contact, kind="email", bounced_at=None)
    return known.order_by("-is_primary", "id").values_list("value", flat=True).first() or ""


def _by_mail(contact: Contact) -> Approver:
    address = address_of(contact)
    if not address:
        raise Refused(_("%(name)s has no mail address.") % {"name": contact.name}, field="approvers")
    ends = timezone.now() + LINK_LASTS
    return Approver(contact=contact, email=address, public_id=random_id(24), link_ends_at=ends)
