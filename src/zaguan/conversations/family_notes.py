"""Tell a parent that the last of its children is done (A4.2)."""

from __future__ import annotations

from html import escape

from django.db.models import Max
from django.utils.translation import gettext as _

from zaguan.conversations.noting import add_note
from zaguan.events.base import SYSTEM
from zaguan.events.tasks import enqueue, task
from zaguan.tickets.models import Link, Ticket
from zaguan.tickets.progress import parent_of, progress_of

TASK = "conversations.children_done"


def a_child_is_done(number: int) -> None:
    """Have the parent looked at, if there is one. Call in a transaction."""
    parent = parent_of(number)
    if parent is not None:
        enqueue(TASK, key=f"children-{parent}", parent=parent)


@task(TASK)
def note_children_done(parent: int) -> None:
    """A note, and a mention for the assignee, once for each time that all children are done."""
    ticket = Ticket.objects.filter(pk=parent).select_related("assignee").first()
    progress = progress_of(parent)
    if ticket is None or ticket.is_done or ticket.is_hidden or not progress.total or progress.open:
        return
    last = Link.objects.filter(source=ticket, kind=Link.Kind.CHILD).aggregate(
        resolved=Max("target__resolved_at"), closed=Max("target__closed_at")
    )
    moments = [moment.timestamp() for moment in last.values() if moment]
    words = escape(_("All children of this ticket are done: %(count)s.") % {"count": progress.total})
    named = ticket.assignee
    who = f' <span data-mention="{named.pk}">@{escape(named.name)}</span>' if named else ""
    key = f"children:{progress.total}:{int(max(moments, default=0) * 1000)}"
    add_note(ticket, f"<p>{words}{who}</p>", by=SYSTEM, idempotency_key=key)
