"""How involved parties and followers read in a ticket's history."""

from __future__ import annotations

from django.utils.translation import gettext as _

from zaguan.events.models import EventRecord
from zaguan.tickets.history_lines import Line, Names, tells


def _values(row: EventRecord, who: str) -> dict[str, str]:
    name, email = row.data.get("name", ""), row.data.get("email", "")
    return {"who": who, "person": name or email, "role": row.data.get("role", "")}


@tells("tickets.PartyAdded")
def _party_added(row: EventRecord, who: str, names: Names) -> Line:
    return Line(_("%(who)s brought %(person)s in as %(role)s.") % _values(row, who))


@tells("tickets.PartyRemoved")
def _party_removed(row: EventRecord, who: str, names: Names) -> Line:
    return Line(_("%(who)s took %(person)s (%(role)s) out.") % _values(row, who))


@tells("tickets.PartyRoleChanged")
def _role_changed(row: EventRecord, who: str, names: Names) -> Line:
    old, new = row.data["roles"]
    values = _values(row, who) | {"old": old, "new": new}
    return Line(_("%(who)s changed the role of %(person)s from %(old)s to %(new)s.") % values)


@tells("tickets.TicketFollowed")
def _followed(row: EventRecord, who: str, names: Names) -> Line:
    agent = names.agent(row.data.get("agent_id"))
    if row.actor_kind == "agent" and row.actor_id == row.data.get("agent_id"):
        return Line(_("%(who)s follows the ticket.") % {"who": who})
    return Line(_("%(who)s lets %(agent)s follow the ticket.") % {"who": who, "agent": agent})


@tells("tickets.TicketUnfollowed")
def _unfollowed(row: EventRecord, who: str, names: Names) -> Line:
    agent = names.agent(row.data.get("agent_id"))
    if row.actor_kind == "agent" and row.actor_id == row.data.get("agent_id"):
        return Line(_("%(who)s no longer follows the ticket.") % {"who": who})
    return Line(_("%(who)s lets %(agent)s no longer follow the ticket.") % {"who": who, "agent": agent})
