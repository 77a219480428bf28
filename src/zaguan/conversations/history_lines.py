"""How messages, notes and deliveries read in a ticket's history."""

from __future__ import annotations

from django.utils.translation import gettext as _

from zaguan.events.models import EventRecord
from zaguan.tickets.history_lines import Line, Names, tells


@tells("conversations.MessageReceived")
def _received(row: EventRecord, who: str, names: Names) -> Line:
    if row.data.get("machine"):
        return Line(_("An automatic message came from %(who)s.") % {"who": who})
    return Line(_("%(who)s wrote.") % {"who": who})


@tells("conversations.MessageSent")
def _sent(row: EventRecord, who: str, names: Names) -> Line:
    if row.data.get("automatic"):
        return Line(_("%(who)s answered automatically.") % {"who": who})
    return Line(_("%(who)s answered.") % {"who": who})


@tells("conversations.MessageWithdrawn")
def _withdrawn(row: EventRecord, who: str, names: Names) -> Line:
    return Line(_("%(who)s took an answer back before it left.") % {"who": who})


@tells("conversations.NoteAdded")
def _noted(row: EventRecord, who: str, names: Names) -> Line:
    mentioned = ", ".join(filter(None, (names.agent(number) for number in row.data.get("mentioned", []))))
    if mentioned:
        return Line(
            _("%(who)s added an internal note for %(mentioned)s.") % {"who": who, "mentioned": mentioned}
        )
    return Line(_("%(who)s added an internal note.") % {"who": who})


@tells("conversations.CallLogged")
def _called(row: EventRecord, who: str, names: Names) -> Line:
    return Line(_("%(who)s logged a call.") % {"who": who})


@tells("conversations.DeliveryChanged")
def _delivery(row: EventRecord, who: str, names: Names) -> Line | None:
    values = {"address": row.data.get("address", ""), "reason": row.data.get("reason", "")}
    state = row.data.get("state")
    if state == "unknown":
        return Line(_("Nobody knows whether the mail to %(address)s was sent.") % values)
    if state != "failed":
        return None
    if values["reason"]:
        return Line(_("The mail to %(address)s was not delivered: %(reason)s") % values)
    return Line(_("The mail to %(address)s was not delivered.") % values)


@tells("conversations.ItemHung")
def _hung(row: EventRecord, who: str, names: Names) -> Line:
    return Line(
        _("%(who)s attached “%(name)s” to the ticket.") % {"who": who, "name": row.data.get("name", "")}
    )


@tells("conversations.ItemTakenDown")
def _taken_down(row: EventRecord, who: str, names: Names) -> Line:
    return Line(_("%(who)s took “%(name)s” off the ticket.") % {"who": who, "name": row.data.get("name", "")})
