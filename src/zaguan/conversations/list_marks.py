"""What a ticket list shows of conversations: unread, drafts, mentions; one query for a page."""

from __future__ import annotations

from typing import Any

from django.db.models import CharField, DateTimeField, F, Value

from zaguan.conversations.models import Draft, Mention, Seen
from zaguan.lib.many import PreparedMany
from zaguan.people.models import Agent
from zaguan.tickets.models import DONE_RANK
from zaguan.tickets.rows import Row, marker


@marker
def mark(viewer: Agent, rows: dict[int, Row]) -> None:
    """Say of each row whether it is unread, holds a draft of the viewer's, or names them in an unread note."""
    seen: dict[int, Any] = {}
    for number, what, at in set(_facts(list(rows), viewer.pk)):
        if what == "seen":
            seen[number] = at
        elif what == "mention":
            rows[number].mentioned = True
        else:
            rows[number].drafts += (what,)
    for number, row in rows.items():
        wrote = row.last_customer_at
        row.unread = (
            wrote is not None and row.rank < DONE_RANK and (number not in seen or seen[number] < wrote)
        )


def _ask(numbers: list[int], agent_id: int) -> Any:
    def of(model: Any, what: Any, at: Any) -> Any:
        rows = model.objects.filter(agent_id=agent_id, ticket_id__in=numbers)
        return rows.order_by().values_list("ticket_id", what, at)

    nothing = Value(None, output_field=DateTimeField())
    seen = of(Seen, Value("seen", output_field=CharField()), F("at"))
    drafts = of(Draft, F("kind"), nothing)
    mentions = of(Mention, Value("mention", output_field=CharField()), nothing).filter(read_at=None)
    return seen.union(drafts, mentions, all=True)


_facts = PreparedMany(_ask, others=1)
