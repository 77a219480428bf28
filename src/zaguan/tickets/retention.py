"""How long a merge of contacts can be undone: one of the desk's choices, asked for by the app below."""

from __future__ import annotations

from zaguan.people.merging import register_undo_days
from zaguan.tickets.statuses import rules


@register_undo_days
def undo_contact_days() -> int:
    return rules().undo_contact_days
