"""What agents are typing, kept on the server so that nothing is lost (R13, bug 18)."""

from __future__ import annotations

from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from zaguan.conversations.models import Draft, DraftQuerySet
from zaguan.people.models import Agent
from zaguan.tickets.models import Ticket

# Enough for any text; pasted pictures are uploads, not part of it.
LONGEST = 2_000_000


def save_draft(
    agent: Agent, ticket: Ticket | None, kind: str, html: str, fields: dict[str, Any] | None = None
) -> Draft:
    """Keep what `agent` has typed; one draft per ticket and kind. Nothing else changes, nobody else sees it."""
    values = {"html": html[:LONGEST], "fields": fields or {}, "updated_at": timezone.now()}
    if _own(agent, ticket, kind).update(**values):
        return _own(agent, ticket, kind).get()
    try:
        with transaction.atomic():
            return Draft.objects.create(
                agent=agent, ticket=ticket, kind=kind, html=html[:LONGEST], fields=fields or {}
            )
    except IntegrityError:
        # Two tabs saved their first letters at the same moment: the later one stands.
        _own(agent, ticket, kind).update(**values)
        return _own(agent, ticket, kind).get()


def discard_draft(agent: Agent, ticket: Ticket | None, kind: str) -> bool:
    """Throw a draft away; says whether there was one."""
    return _own(agent, ticket, kind).delete()[0] > 0


def draft_of(agent: Agent, ticket: Ticket | None, kind: str) -> Draft | None:
    """What `agent` was typing there."""
    return _own(agent, ticket, kind).first()


def _own(agent: Agent, ticket: Ticket | None, kind: str) -> DraftQuerySet:
    return Draft.objects.filter(agent=agent, ticket=ticket, kind=kind)
