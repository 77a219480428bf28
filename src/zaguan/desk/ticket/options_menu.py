"""What can be done with a ticket beyond answering: the entries of its menu, each of which opens a dialog."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from zaguan.desk.ticket.sheet import Sheet

# In this order, each under its heading; the last one in red.
GROUPS = {
    "make": _("Work on it"),
    "plan": _("Plan and log"),
    "join": _("Connect"),
    "share": _("Involve others"),
    "file": _("Documents"),
    "danger": _("Remove"),
}


@dataclass(frozen=True)
class Option:
    """One entry. `path` is below the ticket's address, and what it answers to GET comes into the dialog."""

    key: str
    label: Any
    icon: str
    path: str
    permission: str
    group: str
    keys: str = ""
    position: int = 100
    when: Callable[[Sheet], bool] | None = None
    # A page of its own instead of the dialog.
    leaves: bool = False


_options: dict[str, Option] = {}


def register(option: Option) -> Option:
    """Make an entry known; once per key."""
    if option.key in _options or option.group not in GROUPS:
        raise ValueError(option.key)
    _options[option.key] = option
    return option


def all_options() -> list[Option]:
    """Every entry, whoever may use it."""
    return sorted(_options.values(), key=lambda option: (option.position, option.key))


def options_for(sheet: Sheet) -> list[tuple[str, Any, list[Option]]]:
    """What this viewer may do with this ticket now: group, heading, entries; groups without entries are left out."""
    may = sheet.viewer.can
    found = [o for o in _options.values() if may(o.permission) and (o.when is None or o.when(sheet))]
    found.sort(key=lambda option: (option.position, option.key))
    groups = ((g, head, [option for option in found if option.group == g]) for g, head in GROUPS.items())
    return [(group, heading, options) for group, heading, options in groups if options]
