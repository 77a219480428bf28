"""Handing a ticket to another team with a word for them: one act, all or nothing (A8.3)."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from zaguan.conversations.noting import add_note
from zaguan.people.models import Team
from zaguan.tickets.assigning import set_team
from zaguan.tickets.changing import lock
from zaguan.tickets.models import Ticket


@transaction.atomic
def transfer(
    ticket: Ticket | int, team: Team, *, by: Any, note_html: str = "", version: int | None = None
) -> Ticket:
    """Move the ticket to `team` and leave an internal note for whoever takes it, if there is one."""
    fresh = lock(ticket, version=version)
    moved = set_team(fresh, team, by=by)
    if note_html.strip():
        add_note(moved, note_html, by=by)
    return moved
