"""What agents are typing, kept on the server so that nothing is lost (R13, bug 18)."""

from __future__ import annotations

from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from zaguan.conversations.models import Draft, DraftQuerySet, Thread
from zaguan.people.models import Agent
from zaguan.tickets.models import Ticket

# Enough for any text; pasted pictures are uploads, not part of it.
LONGEST = 2_000_000


def save_draft(
    agent: Agent,
    ticket: Ticket | None,
    kind: str,
    html: str,
    fields: dict[str, Any] | None = None,
    thread: Thread | None = None,
) -> Draft:
    """Keep what `agent` has typed; one draft per ticket and kind, and one per side thread.

    Nothing else changes, nobody else sees it.
    """
    values = {"html": html[:LONGEST], "fields": fields or {}, "updated_at": timezone.now()}
    own = _own(agent, ticket, kind, thread)
    if own.update(**values):
        return own.get()
    try:
        with transaction.atomic():
            return Draft.objects.create(agent=agent, ticket=ticket, kind=kind, thread=thread, **values)
    except IntegrityError:
        # Two tabs saved their first letters at the same moment: the later one stands.
        own.update(**values)
        return own.get()


def discard_draft(agent: Agent, ticket: Ticket | None, kind: str, thread: Thread | None = None) -> bool:
    """Throw a draft away; says whether there was one."""
    return _own(agent, ticket, kind, thread).delete()[0] > 0


def draft_of(agent: Agent, ticket: Ticket | None, kind: str, thread: Thread | None = None) -> Draft | None:
    """What `agent` was typing there."""
    return _own(agent, ticket, kind, thread).first()


def _own(agent: Agent, ticket: Ticket | None, kind: str, thread: Thread | None) -> DraftQuerySet:
    return Draft.objects.filter(agent=agent, ticket=ticket, kind=kind, thread=thread)
