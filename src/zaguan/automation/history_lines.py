"""How macros read in a ticket's history."""

from __future__ import annotations

from django.utils.translation import gettext as _

from zaguan.events.models import EventRecord
from zaguan.tickets.history_lines import Line, Names, tells


@tells("automation.MacroApplied")
def _applied(row: EventRecord, who: str, names: Names) -> Line:
    return Line(_("%(who)s applied the macro “%(name)s”.") % {"who": who, "name": row.data.get("name", "")})


@tells("automation.MacroUndone")
def _undone(row: EventRecord, who: str, names: Names) -> Line:
    return Line(_("%(who)s took back the macro “%(name)s”.") % {"who": who, "name": row.data.get("name", "")})
