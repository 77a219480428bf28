"""Who takes part in a ticket besides the customer, in which role, and whether they get copies (A8.4, A8.5)."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils.translation import gettext as _

from zaguan.events.recording import record
from zaguan.lib.errors import Refused
from zaguan.people.identifying import normal_email
from zaguan.people.models import Agent, Contact
from zaguan.tickets.changing import lock, refuse_closed, store
from zaguan.tickets.editing import set_copies
from zaguan.tickets.events import PartyAdded, PartyRemoved, PartyRoleChanged
from zaguan.tickets.models import Party, PartyRole, Ticket

MOST = 50


@transaction.atomic
def add_party(
    ticket: Ticket | int,
    role: PartyRole,
    *,
    by: Any,
    contact: Contact | None = None,
    agent: Agent | None = None,
    name: str = "",
    email: str = "",
) -> Party:
    """Let somebody take part: a contact, an agent, or a name with an address. Twice the same is the same row."""
    fresh = lock(ticket)
    refuse_closed(fresh)
    if role.archived_at is not None:
        raise Refused(_("This role is no longer used."), field="role")
    values = _who(contact, agent, name, email)
    known = fresh.parties.filter(role=role, **values).first()
    if known is not None:
        return known
    if fresh.parties.count() >= MOST:
        raise Refused(_("A ticket has room for %(count)s involved parties.") % {"count": MOST})
    party = Party.objects.create(ticket=fresh, role=role, **values)
    store(fresh)
    event = PartyAdded(
        ticket_id=fresh.pk, party_id=party.pk, role=role.name, name=party.name, email=party.email
    )
    record(event, by=by)
    return party


def _who(contact: Contact | None, agent: Agent | None, name: str, email: str) -> dict[str, Any]:
    if agent is not None:
        return {"contact": None, "agent": agent, "name": agent.name, "email": agent.email}
    if contact is not None:
        address = contact.identities.filter(kind="email").order_by("-is_primary", "id").first()
        return {
            "contact": contact,
            "agent": None,
            "name": contact.name[:160],
            "email": address.value if address else "",
        }
    clean, address_typed = " ".join(name.split())[:160], _checked(email.strip())
    if not clean and not address_typed:
        raise Refused(_("Say who it is: a name or an address."), field="who")
    return {"contact": None, "agent": None, "name": clean, "email": address_typed}


def _checked(typed: str) -> str:
    if not typed:
        return ""
    try:
        validate_email(typed)
    except ValidationError:
        raise Refused(_("“%(address)s” is no mail address.") % {"address": typed}, field="who") from None
    return normal_email(typed)[:254]


@transaction.atomic
def change_role(party: Party, role: PartyRole, *, by: Any) -> Party:
    """Let them take part in another role; copies stay as they are. Raises Refused when they have it already elsewhere."""
    fresh = lock(party.ticket_id)
    refuse_closed(fresh)
    row = Party.objects.select_for_update(of=("self",)).select_related("role").get(pk=party.pk)
    if row.role_id == role.pk:
        return row
    if role.archived_at is not None:
        raise Refused(_("This role is no longer used."), field="role")
    who = {"contact": row.contact_id, "agent": row.agent_id, "name": row.name, "email": row.email}
    if fresh.parties.filter(role=role, **who).exists():
        values = {"name": row, "role": role.label}
        raise Refused(_("%(name)s takes part as %(role)s already.") % values, field="role")
    old, row.role = row.role, role
    row.save(update_fields=["role"])
    store(fresh)
    event = PartyRoleChanged(
        ticket_id=fresh.pk, party_id=row.pk, roles=[old.name, role.name], name=row.name, email=row.email
    )
    record(event, by=by)
    return row


@transaction.atomic
def remove_party(party: Party, *, by: Any) -> None:
    """They no longer take part; a copy that they get stays until it is taken away too."""
    fresh = lock(party.ticket_id)
    refuse_closed(fresh)
    gone = Party.objects.filter(pk=party.pk).delete()[0]
    if gone:
        store(fresh)
        event = PartyRemoved(
            ticket_id=fresh.pk, party_id=party.pk, role=party.role.name, name=party.name, email=party.email
        )
        record(event, by=by)


@transaction.atomic
def copy_party(party: Party, copied: bool, *, by: Any) -> None:
    """Put their address in copy, or take it out. Raises Refused for one without an address, or an internal ticket."""
    fresh = lock(party.ticket_id)
    if not party.email:
        raise Refused(_("%(name)s has no mail address.") % {"name": party.name})
    if fresh.is_internal and copied:
        raise Refused(_("An internal ticket sends no copies."))
    people = {copy.email: copy.name for copy in fresh.copies.all()}
    if copied:
        people.setdefault(party.email.lower(), party.name)
    else:
        people.pop(party.email.lower(), None)
    set_copies(fresh, people.items(), by=by)
