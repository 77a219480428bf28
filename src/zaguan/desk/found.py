"""What a search found, as markup: each ticket fills a piece that is drawn once per kind of hit."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.utils.translation import get_language
from django.utils.translation import gettext as _
from markupsafe import Markup

from zaguan.desk.rows import name_of
from zaguan.desk.sketches import filled, stand_in
from zaguan.desk.templating import template
from zaguan.search.finding import Hit, Results
from zaguan.tickets import reference
from zaguan.ui.times import short_time

S = stand_in


def content(query: str, found: Results | None) -> Markup:
    """The page below its frame."""
    shows = "help"
    if found is not None:
        shows = "hits" if found.tickets else "" if found else "nothing"
    values = {"query": query, "problems": "", "people": "", "hits": ""}
    if found is not None:
        values |= {"problems": _problems(found), "people": _people(found), "hits": hits(query, found)}
    key = (get_language(), shows, bool(query))

    def context() -> dict[str, Any]:
        return {name: S(name) for name in values} | {"shows": shows, "query": S("query") if query else ""}

    return filled("desk/search/content.jinja", key, context, values)


def hits(query: str, found: Results) -> Markup:
    """The tickets, and what leads to more of them."""
    language, labels = get_language(), reference.status_labels()
    drawn: list[str] = [_hit(hit, language, labels) for hit in found.tickets]
    if found.next_cursor:
        address = "?" + urlencode({"q": query, "cursor": found.next_cursor})
        drawn.append(
            filled(
                "desk/search/more.jinja", language, lambda: {"address": S("address")}, {"address": address}
            )
        )
    return Markup("".join(drawn))  # noqa: S704 (each was drawn by a template)


def _hit(hit: Hit, language: str | None, labels: dict[int, str]) -> Markup:
    row = hit.row
    key = (language, row.phase, bool(hit.snippet), hit.kind == "note")

    def context() -> dict[str, Any]:
        names = ("url", "number", "subject", "status", "name", "iso", "moment")
        made = {name: S(name) for name in names} | {"phase": row.phase, "kind": hit.kind}
        return made | {"snippet": S("snippet") if hit.snippet else ""}

    values = {
        "url": f"/desk/tickets/{row.id}/",
        "number": row.id,
        "subject": _safe(hit.subject) or row.subject,
        "status": labels.get(row.status_id, ""),
        "name": name_of(row),
        "iso": Markup(row.active_at.isoformat(timespec="seconds")),  # noqa: S704 (a time)
        "moment": short_time(row.active_at),
        "snippet": _safe(hit.snippet),
    }
    return filled("desk/search/hit.jinja", key, context, values)


def _safe(marked: str) -> Markup:
    return Markup(marked)  # noqa: S704 (escaped where the words were marked: search/snippets.py)


def _people(found: Results) -> Markup:
    if not found.people and not found.organisations:
        return Markup()
    return Markup(template("desk/search/people.jinja").render({"found": found}))  # noqa: S704 (drawn by a template)


def _problems(found: Results) -> Markup:
    banner = template("ui/banner.jinja").module.banner  # type: ignore[attr-defined]
    return Markup().join(banner(problem, "warn", card=True) for problem in found.problems)


def title(query: str) -> str:
    """What the browser's tab says."""
    return f"{_('Search')}: {query}" if query else _("Search")
