"""The tab of involved parties: the customer, people with roles, copies, followers (A8.4, A8.5)."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from zaguan.desk.access import AgentRequest
from zaguan.desk.ticket.sheet import Sheet
from zaguan.desk.ticket.tab_register import Tab, register
from zaguan.tickets.following import followers_of
from zaguan.tickets.models import Party, PartyRole


def _context(request: AgentRequest, sheet: Sheet) -> dict[str, Any]:
    parties = Party.objects.visible_to(sheet.viewer).filter(ticket=sheet.ticket)
    copies = {email.lower(): name for email, name in sheet.attached.copies}
    rows = list(parties.select_related("role", "contact").order_by("role__position", "id"))
    named = {party.email.lower() for party in rows}
    roles = PartyRole.objects.visible_to(sheet.viewer).filter(archived_at=None)
    followers = followers_of(sheet.ticket)
    return {
        "parties": [(party, party.email.lower() in copies) for party in rows],
        "copied": [(email, name) for email, name in copies.items() if email not in named],
        "roles": [(role.pk, role.label) for role in roles],
        "followers": followers,
        "follows": sheet.viewer in followers,
    }


def _count(sheet: Sheet) -> int:
    people = sheet.ticket.parties.count() + sheet.ticket.copies.count()
    return people + (1 if sheet.ticket.requester_id else 0)


register(
    Tab(
        key="parties",
        label=_("Involved parties"),
        icon="users",
        template="desk/ticket/tabs/parties.jinja",
        context=_context,
        count=_count,
        position=30,
    )
)
