"""What a table or an export of tickets can show: one plain value per column."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from zaguan.tickets.candidates import service_path
from zaguan.tickets.models import ApprovalState, SlaState
from zaguan.tickets.rows import Row

Value = str | int | datetime | None
# What columns of an app above need of a page of rows: ticket → column → value.
Load = Callable[[Sequence[Row]], Mapping[int, Mapping[str, Value]]]


@dataclass(frozen=True, slots=True)
class Column:
    """`order` is the list's order that sorts by it, "" where there is none along an index.

    A column that a row cannot say has a `load`: columns with the same one cost one question for a page of rows. `words` says on a
    page what stands in a file as a plain number, under `file_label`.
    """

    name: str
    label: str | Promise
    value: Callable[[Row], Value] = lambda row: None
    order: str = ""
    load: Load | None = None
    words: Callable[[Any], str] | None = None
    file_label: str | Promise = ""


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
        Column("due", _("Due"), _of("due_at"), "due"),
        Column("sla", _("Promise"), lambda row: str(SlaState(row.sla_state).label) if row.sla_state else ""),
        Column(
            "approval",
            _("Approval"),
            lambda row: str(ApprovalState(row.approval_state).label) if row.approval_state else "",
        ),
        Column("messages", _("Messages"), _of("message_count")),
        Column("notes", _("Notes"), _of("note_count")),
    )
}
USUAL = ("number", "subject", "requester", "status", "assignee", "urgency", "active")


def chosen_columns(names: Iterable[str]) -> list[Column]:
    """The columns of these names, in the order of the register; the usual ones when none is known."""
    wanted = set(names)
    return [c for c in COLUMNS.values() if c.name in wanted] or [COLUMNS[name] for name in USUAL]


def register(*columns: Column) -> None:
    """Let an app above add columns."""
    COLUMNS.update({column.name: column for column in columns})


def lines_of(rows: Sequence[Row], columns: Sequence[Column]) -> list[list[Value]]:
    """The values of some rows, with one question for each thing that is loaded."""
    loads = {column.load for column in columns if column.load is not None}
    loaded = {load: load(rows) for load in loads} if rows else {}

    def value(row: Row, column: Column) -> Value:
        if column.load is None:
            return column.value(row)
        return loaded[column.load].get(row.id, {}).get(column.name)

    return [[value(row, column) for column in columns] for row in rows]
