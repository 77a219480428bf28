"""How promises of time read in a ticket's history."""

from __future__ import annotations

from django.utils.translation import gettext as _

from zaguan.events.models import EventRecord
from zaguan.sla.words import target_label
from zaguan.tickets.history_lines import Line, Names, tells


@tells("sla.TargetNear")
def _near(row: EventRecord, who: str, names: Names) -> Line:
    values = {"target": target_label(row.data.get("target", "")), "share": row.data.get("share", 0)}
    return Line(_("%(target)s is due soon: %(share)s %% of the time has gone.") % values)


@tells("sla.TargetMissed")
def _missed(row: EventRecord, who: str, names: Names) -> Line:
    return Line(_("%(target)s is overdue.") % {"target": target_label(row.data.get("target", ""))})


@tells("sla.LinkedTargetMissed")
def _linked(row: EventRecord, who: str, names: Names) -> Line:
    values = {
        "ticket": names.ticket(row.data["other_id"]),
        "target": target_label(row.data.get("target", "")),
    }
    return Line(_("The back-office ticket %(ticket)s is overdue: %(target)s.") % values)
