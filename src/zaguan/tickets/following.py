"""Following a ticket that is somebody else's (A8.3)."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from zaguan.events.recording import record
from zaguan.lib.errors import Refused
from zaguan.people.models import Agent
from zaguan.tickets.changing import lock, store
from zaguan.tickets.events import TicketFollowed, TicketUnfollowed
from zaguan.tickets.models import Follower, Ticket


@transaction.atomic
def follow(ticket: Ticket | int, agent: Agent, *, by: Any) -> bool:
    """Let `agent` follow the ticket; says whether that is new. Raises Refused for who may not read it."""
    fresh = lock(ticket)
    if not agent.is_active or not fresh.is_known_to(agent):
        raise Refused(_("%(agent)s may not read this ticket.") % {"agent": agent.name}, field="agent")
    _row, is_new = Follower.objects.get_or_create(agent=agent, ticket=fresh)
    if is_new:
        store(fresh)
        record(TicketFollowed(ticket_id=fresh.pk, agent_id=agent.pk), by=by)
    return is_new


@transaction.atomic
def unfollow(ticket: Ticket | int, agent: Agent, *, by: Any) -> bool:
    """Let `agent` follow it no longer; says whether they did."""
    fresh = lock(ticket)
    gone = Follower.objects.filter(agent=agent, ticket=fresh).delete()[0] > 0
    if gone:
        store(fresh)
        record(TicketUnfollowed(ticket_id=fresh.pk, agent_id=agent.pk), by=by)
    return gone


def followers_of(ticket: Ticket) -> list[Agent]:
    """Who follows the ticket and may still read it, by name."""
    rows = Follower.objects.filter(ticket=ticket).select_related("agent__role").order_by("agent__name", "id")
    return [row.agent for row in rows if row.agent.is_active and ticket.is_known_to(row.agent)]


def follows(agent: Agent, ticket: Ticket) -> bool:
    """Whether `agent` follows the ticket."""
    return Follower.objects.filter(agent=agent, ticket=ticket).exists()
