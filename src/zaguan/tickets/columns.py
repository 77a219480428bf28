"""What a table or an export of tickets can show: one plain value per column."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from zaguan.tickets.candidates import service_path
from zaguan.tickets.rows import Row

Value = str | int | datetime | None


@dataclass(frozen=True, slots=True)
class Column:
    """`order` is the list's order that sorts by it, "" where there is none along an index."""

    name: str
    label: str | Promise
    value: Callable[[Row], Value]
    order: str = ""


def _named(attribute: str) -> Callable[[Row], Value]:
    def value(row: Row) -> Value:
        found: Any = getattr(row, attribute)
        return str(found) if found is not None else ""

    return value


def _of(attribute: str) -> Callable[[Row], Value]:
    def value(row: Row) -> Value:
        found: Value = getattr(row, attribute)
        return found

    return value


COLUMNS = {
    column.name: column
    for column in (
        Column("number", _("Number"), _of("id")),
        Column("subject", _("Subject"), _of("subject")),
        Column("requester", _("Requester"), _of("requester_name")),
        Column("status", _("Status"), _named("status")),
        Column("team", _("Team"), _named("team")),
        Column("assignee", _("Assignee"), _named("assignee")),
        Column("urgency", _("Urgency"), _named("urgency"), "urgency"),
        Column("category", _("Category"), _named("category")),
        Column("service", _("Service"), lambda row: service_path(row.service_id)),
        Column("tags", _("Tags"), lambda row: ", ".join(tag.name for tag in row.tags)),
        Column("inbox", _("Came in by"), lambda row: row.account or row.channel),
        Column("created", _("Created"), _of("created_at"), "created"),
        Column("active", _("Last activity"), _of("active_at"), "active"),
        Column("waiting", _("Waiting since"), _of("waiting_since"), "waiting"),
        Column("messages", _("Messages"), _of("message_count")),
        Column("notes", _("Notes"), _of("note_count")),
    )
}
USUAL = ("number", "subject", "requester", "status", "assignee", "urgency", "active")


def chosen_columns(names: Iterable[str]) -> list[Column]:
    """The columns of these names, in the order of the register; the usual ones when none is known."""
    wanted = set(names)
    return [c for c in COLUMNS.values() if c.name in wanted] or [COLUMNS[name] for name in USUAL]
