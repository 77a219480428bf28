"""What a rule saw: kept as a row's number, a choice's key or a moment, and said in the language of whoever reads it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from zaguan.people import reference as people
from zaguan.people.reference import Kept
from zaguan.tickets import reference
from zaguan.tickets.history_lines import label_of
from zaguan.tickets.models import Phase

# Words that are the same to everybody (a tag, a subject), or {"row" …}, {"choice" …}, {"at" …}, {"fields" …}.
SeenValue = str | dict[str, Any]
NOTHING = "–"
_TABLES: dict[str, Kept[Any]] = {
    "status": reference.statuses,
    "type": reference.types,
    "category": reference.categories,
    "urgency": reference.urgencies,
    "service": reference.services,
    "team": people.teams,
    "assignee": people.agents,
}
_choices: dict[str, Callable[[], Mapping[str, Any]]] = {
    "phase": lambda: dict(Phase.choices),
    "yes": lambda: {"yes": gettext_lazy("Yes"), "no": gettext_lazy("No")},
}


def choice_of(name: str, words: Callable[[], Mapping[str, Any]]) -> None:
    """Let a condition say what the keys mean that it keeps as {"choice": name, "key": …}."""
    _choices[name] = words


def row(table: str, number: int | None) -> SeenValue:
    """A row of one of the desk's lists."""
    return {"row": table, "id": number}


def choice(name: str, key: str) -> SeenValue:
    """One of a few keys."""
    return {"choice": name, "key": key}


def yes_or_no(held: bool) -> SeenValue:
    return choice("yes", "yes" if held else "no")


def at(moment: datetime | None) -> SeenValue:
    return {"at": moment.isoformat()} if moment is not None else NOTHING


def said(seen: SeenValue) -> str:
    """The value in words; older rows are words already."""
    if isinstance(seen, str):
        return seen
    if "row" in seen:
        return _row(seen["row"], seen.get("id"))
    if "choice" in seen:
        words = _choices[seen["choice"]]() if seen["choice"] in _choices else {}
        return str(words.get(seen["key"], seen["key"]))
    if "at" in seen:
        moment = timezone.localtime(datetime.fromisoformat(seen["at"]))
        return date_format(moment, "SHORT_DATETIME_FORMAT")
    return ", ".join(label_of(name) for name in seen.get("fields", ()))


def _row(table: str, number: int | None) -> str:
    if number is None:
        return _("nobody") if table in ("assignee", "team") else NOTHING
    found = _TABLES[table].get(number) if table in _TABLES else None
    return str(getattr(found, "label", found)) if found is not None else f"#{number}"
