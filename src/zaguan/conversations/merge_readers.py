"""Who outside takes part in tickets that are about to be one, and whom its answers will reach (A3.3)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from zaguan.people.models import Contact
from zaguan.tickets.models import Ticket


@dataclass(frozen=True)
class Reader:
    """Somebody outside who takes part in one of the tickets, and whether the survivor's answers will reach them."""

    name: str
    address: str
    numbers: tuple[int, ...]
    is_requester: bool
    in_copy: bool


def readers(survivor: Ticket, others: Sequence[Ticket]) -> list[Reader]:
    """Everybody outside who takes part, for the confirmation: who is answered from now on, and who was where."""
    found: dict[str, Reader] = {}
    for ticket in [survivor, *others]:
        for name, address in _people(ticket):
            known = found.get(address.lower())
            numbers = (*(known.numbers if known else ()), ticket.pk)
            asked = ticket.pk == survivor.pk and (name, address) == _asks(ticket)
            copied = ticket.copies.filter(email__iexact=address).exists()
            found[address.lower()] = Reader(
                known.name if known and known.name else name,
                address,
                tuple(dict.fromkeys(numbers)),
                asked or bool(known and known.is_requester),
                copied or bool(known and known.in_copy),
            )
    return list(found.values())


def _people(ticket: Ticket) -> list[tuple[str, str]]:
    asks = _asks(ticket)
    copies = [(copy.name, copy.email) for copy in ticket.copies.all()]
    return [*([asks] if asks else []), *copies]


def _asks(ticket: Ticket) -> tuple[str, str] | None:
    contact: Contact | None = ticket.requester
    if contact is None:
        return None
    known = contact.identities.filter(kind="email").order_by("-is_primary", "id").first()
    return contact.name, known.value if known else contact.name
