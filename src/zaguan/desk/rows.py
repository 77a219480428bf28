"""A ticket of a list, as the shared list item wants it."""

from __future__ import annotations

import time
from collections.abc import Iterable
from typing import Any

from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from markupsafe import Markup

from zaguan.desk.due import clock_of
from zaguan.desk.kept import KeptMarkup
from zaguan.desk.templating import template
from zaguan.people.models import Agent
from zaguan.tickets import reference
from zaguan.tickets.rows import Row
from zaguan.ui.rows import Mark, TicketRow

CHANNEL_ICONS = {"email": "mail", "phone": "phone", "web": "globe", "api": "plug", "chat": "message-circle"}
BY = {"in": "", "note": "note", "out": "agent"}


def ticket_row(row: Row, viewer: Agent, *, view: str = "") -> TicketRow:
    """What the list shows of `row`; the link remembers the view that it was opened from."""
    assignee, status = row.assignee, row.status
    said_by, kind = BY.get(row.excerpt_kind, ""), row.type
    return TicketRow(
        url=f"/desk/tickets/{row.number}/" + (f"?view={view}" if view else ""),
        number=row.number,
        subject=row.subject,
        name=name_of(row),
        key=row.requester_id or 0,
        moment=row.active_at,
        status=status.label,
        phase=row.phase,
        channel_icon=CHANNEL_ICONS.get(row.channel, "message-square"),
        channel=row.account or row.channel,
        excerpt=row.excerpt,
        excerpt_by="you" if said_by == "agent" and row.excerpt_agent_id == viewer.pk else said_by,
        is_unread=row.unread,
        has_draft=bool(row.drafts),
        clock=clock_of(row.sla_state, row.due_at, row.due_kind),
        marks=_marks(row),
        type_icon=kind.icon if kind else "",
        type_label=kind.label if kind else "",
        type_category=kind.category if kind else "",
        tags=[tag.name for tag in row.tags],
        assignee=assignee.name if assignee and assignee.pk != viewer.pk else "",
        assignee_key=assignee.pk if assignee else "",
    )


def name_of(row: Row) -> str:
    """Who asks."""
    return row.requester_name or _("Internal")


_kept = KeptMarkup(5000)


def drawn_rows(rows: Iterable[Row], viewer: Agent, *, view: str = "", selected: int | None = None) -> Markup:
    """The list items of `rows`; those that were drawn within this minute are taken as they were."""
    seen_by = (get_language(), timezone.get_current_timezone_name(), view, int(time.time() // 60))
    statuses = reference.status_labels()
    people = reference.agents.all()

    me = viewer.pk
    drawn: list[str] = []
    for row in rows:
        assignee = people.get(row.assignee_id or 0)
        mine = (row.assignee_id == me, row.excerpt_agent_id == me)
        kind = row.type if row.type_id else None
        of_kind = (kind.label, kind.icon) if kind else ()
        names = (statuses.get(row.status_id), assignee.name if assignee else "", mine, of_kind)
        chosen, own = row.id == selected, (row.unread, row.mentioned, row.drafts)
        tags = tuple([tag.name for tag in row.tags]) if row.tags else ()
        key = (seen_by, names, chosen, own, tags, row.source)
        found = _kept.get(key)
        if found is None:
            found = _kept.put(key, _macro()(ticket_row(row, viewer, view=view), chosen, pick=True))
        drawn.append(found)
    return Markup("".join(drawn))  # noqa: S704 (each was drawn by a template)


def _macro() -> Any:
    return template("ui/ticket_row.jinja").module.ticket_row  # type: ignore[attr-defined]


def _marks(row: Row) -> list[Mark]:
    marks = []
    if row.is_important:
        marks.append(Mark(icon="star", label=_("Important"), tone="late"))
    if row.is_internal:
        marks.append(Mark(icon="lock", label=_("Internal"), tone="internal"))
    if row.urgency_rank > 0 and row.urgency:
        marks.append(Mark(icon="flame", label=row.urgency.label, tone="late" if row.urgency_rank > 1 else ""))
    if row.mentioned:
        marks.append(Mark(icon="at-sign", label=_("You were mentioned"), tone="internal"))
    if row.has_files:
        marks.append(Mark(icon="paperclip", label=_("Has attachments")))
    return marks
