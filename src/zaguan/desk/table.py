"""A view as a table with chosen columns, and as a file."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from django.http import FileResponse, Http404, HttpResponse, HttpResponseRedirect, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from zaguan.desk.access import AgentRequest, needs
from zaguan.desk.frame import view_label
from zaguan.desk.rendering import block, page, wants_part
from zaguan.lib.sheets import csv_lines, xlsx_file
from zaguan.people.preferences import remember
from zaguan.tickets.columns import COLUMNS, Column, chosen_columns, lines_of
from zaguan.tickets.exporting import export
from zaguan.tickets.listing import page as list_page
from zaguan.tickets.rows import Row
from zaguan.tickets.selections import UnknownView

Asked = dict[str, str]


def asked_of(request: AgentRequest) -> Asked:
    """Filter and order, as in the list."""
    return {name: request.GET.get(name, "") for name in ("q", "order")}


@require_GET
@needs("desk.use")
def table(request: AgentRequest, key: str) -> HttpResponse:
    """Fifty tickets as lines; `?part=lines` is what stands behind a cursor."""
    asked, columns = asked_of(request), _columns(request)
    try:
        found = list_page(
            request.user,
            view=key,
            query=asked["q"],
            order=asked["order"],
            cursor=request.GET.get("cursor", ""),
        )
    except UnknownView:
        raise Http404(_("There is no such view.")) from None
    context: dict[str, Any] = {
        "current_view": key,
        "columns": columns,
        "lines": _lines(found.rows, columns),
        "next_cursor": found.next_cursor,
        "asked": asked | {"order": asked["order"] or found.order},
    }
    if wants_part(request, "lines"):
        return block(request, "desk/inbox/table.jinja", "lines", **context)
    context |= {
        "all_columns": COLUMNS.values(), "problems": found.problems, "title": view_label(request, key),
    }  # fmt: skip
    return page(request, "desk/inbox/table.jinja", section="inbox", **context)


def _lines(rows: Sequence[Row], columns: Sequence[Column]) -> list[tuple[int, list[Any]]]:
    """Number and values of each ticket, in words where a column has some."""
    return [
        (
            row.id,
            [c.words(v) if c.words and v is not None else v for c, v in zip(columns, values, strict=True)],
        )
        for row, values in zip(rows, lines_of(rows, columns), strict=True)
    ]


@require_POST
@needs("desk.use")
def choose_columns(request: AgentRequest, key: str) -> HttpResponse:
    """Remember which columns this agent wants to see."""
    remember(request.user, "columns", [c.name for c in chosen_columns(request.POST.getlist("column"))])
    asked = {name: request.POST.get(name, "") for name in ("q", "order")}
    return HttpResponseRedirect(f"{reverse('desk:view-table', args=[key])}?{urlencode(asked)}")


@require_GET
@needs("tickets.export")
def export_view(request: AgentRequest, key: str, kind: str) -> HttpResponseBase:
    """The whole view with the agent's columns as CSV or XLSX."""
    write = _KINDS.get(kind)
    if write is None:
        raise Http404(_("There is no such format."))
    asked, columns = asked_of(request), _columns(request)
    try:
        lines = export(request.user, columns, view=key, query=asked["q"], order=asked["order"])
    except UnknownView:
        raise Http404(_("There is no such view.")) from None
    answer = write([str(column.file_label or column.label) for column in columns], lines)
    name = f"{timezone.localdate().isoformat()}-{key.replace(':', '-')}.{kind}"
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def _csv(head: list[str], lines: Any) -> HttpResponseBase:
    return StreamingHttpResponse(csv_lines(head, lines), content_type="text/csv; charset=utf-8")


def _xlsx(head: list[str], lines: Any) -> HttpResponseBase:
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    return FileResponse(xlsx_file(head, lines), content_type=kind)


_KINDS: dict[str, Callable[[list[str], Any], HttpResponseBase]] = {"csv": _csv, "xlsx": _xlsx}


def _columns(request: AgentRequest) -> list[Column]:
    return chosen_columns(request.user.preferences.get("columns", ()))
