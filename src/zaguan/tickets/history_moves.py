"""How merging, splitting and the trash read in a ticket's history."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from zaguan.events.models import EventRecord
from zaguan.tickets.history_lines import Line, Names, tells


@tells("tickets.TicketsMerged")
def _merged(row: EventRecord, who: str, names: Names) -> Line:
    others = ", ".join(f"#{number}" for number in row.data.get("merged", []))
    return Line(_("%(who)s merged %(others)s into this ticket.") % {"who": who, "others": others})


@tells("tickets.TicketMergedAway")
def _merged_away(row: EventRecord, who: str, names: Names) -> Line:
    return Line(
        _("%(who)s merged this ticket into %(other)s.") % {"who": who, "other": f"#{row.data['into']}"}
    )


@tells("tickets.MergeUndone")
def _parted(row: EventRecord, who: str, names: Names) -> Line:
    values = {"who": who, "other": f"#{row.data['other_id']}"}
    if row.data.get("outwards"):
        return Line(
            _("%(who)s took the merge with %(other)s back: it is a ticket of its own again.") % values
        )
    return Line(_("%(who)s took the merge into %(other)s back.") % values)


@tells("tickets.MessagesMoved")
def _split(row: EventRecord, who: str, names: Names) -> Line:
    count = row.data.get("messages", 1)
    values = {"who": who, "count": count, "other": f"#{row.data['other_id']}"}
    if row.data.get("outwards"):
        sentence = ngettext(
            "%(who)s split the ticket: %(count)d message went to %(other)s.",
            "%(who)s split the ticket: %(count)d messages went to %(other)s.",
            count,
        )
    else:
        sentence = ngettext(
            "%(who)s split this ticket off %(other)s, with %(count)d message.",
            "%(who)s split this ticket off %(other)s, with %(count)d messages.",
            count,
        )
    return Line(sentence % values)


@tells("tickets.MessagesCopied")
def _copied(row: EventRecord, who: str, names: Names) -> Line:
    values = {"who": who, "other": f"#{row.data['other_id']}"}
    return Line(_("%(who)s took the conversation of %(other)s over.") % values)


@tells("tickets.TicketTrashed")
def _trashed(row: EventRecord, who: str, names: Names) -> Line:
    reason = row.data.get("reason", "")
    if reason:
        return Line(_("%(who)s deleted the ticket: %(reason)s") % {"who": who, "reason": reason})
    return Line(_("%(who)s deleted the ticket.") % {"who": who})


@tells("tickets.TicketRestored")
def _restored(row: EventRecord, who: str, names: Names) -> Line:
    return Line(_("%(who)s brought the ticket back from the trash.") % {"who": who})
