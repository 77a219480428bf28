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
    if row.data.get("beside"):
        return Line(_("%(who)s took a message of a side thread back before it left.") % {"who": who})
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


@tells("conversations.NotePublished")
def _published(row: EventRecord, who: str, names: Names) -> Line:
    values = {"who": who, "count": row.data["conversations"]}
    return Line(_("%(who)s published a note in the linked conversations (%(count)s).") % values)


@tells("conversations.NoteUnpublished")
def _unpublished(row: EventRecord, who: str, names: Names) -> Line:
    values = {"who": who, "count": row.data["conversations"]}
    return Line(_("%(who)s took a note back out of the linked conversations (%(count)s).") % values)


@tells("conversations.LinkedStatusChanged")
def _linked_status(row: EventRecord, who: str, names: Names) -> Line:
    old, new = (names.status(number) for number in row.data["statuses"])
    values = {"other": names.ticket(row.data["other_id"]), "old": old, "new": new}
    if row.data.get("category") == "tracker":
        return Line(_("The tracker %(other)s went from %(old)s to %(new)s.") % values)
    return Line(_("The back-office ticket %(other)s went from %(old)s to %(new)s.") % values)


@tells("conversations.MassUpdateStarted")
def _informing(row: EventRecord, who: str, names: Names) -> Line:
    values = {"who": who, "count": row.data["recipients"]}
    return Line(_("%(who)s began to inform everybody affected (%(count)s).") % values)


@tells("conversations.MassUpdateStopped")
def _stopped(row: EventRecord, who: str, names: Names) -> Line:
    values = {"who": who, "count": row.data["sent"]}
    return Line(_("%(who)s stopped informing everybody affected; %(count)s had it already.") % values)


@tells("conversations.MassUpdateFinished")
def _informed(row: EventRecord, who: str, names: Names) -> Line:
    return Line(_("The message went out to everybody affected: %(sent)s sent, %(failed)s failed.") % row.data)


@tells("conversations.TicketPrinted")
def _printed(row: EventRecord, who: str, names: Names) -> Line:
    if row.data["copy"] == "customer":
        return Line(_("%(who)s made a PDF for the customer.") % {"who": who})
    return Line(_("%(who)s made a PDF of everything.") % {"who": who})


@tells("conversations.SideThreadStarted")
def _asked(row: EventRecord, who: str, names: Names) -> Line:
    values = {"who": who, "to": ", ".join(row.data["to"]), "subject": row.data["subject"]}
    return Line(_("%(who)s asked %(to)s by mail: %(subject)s") % values)


@tells("conversations.SideMessageSent")
def _wrote_beside(row: EventRecord, who: str, names: Names) -> Line:
    return Line(_("%(who)s wrote in a side thread.") % {"who": who})


@tells("conversations.SideMessageReceived")
def _answered_beside(row: EventRecord, who: str, names: Names) -> Line:
    sender = row.data.get("sender") or "?"
    if row.data.get("machine"):
        return Line(_("An automatic message of %(sender)s came into a side thread.") % {"sender": sender})
    if row.data.get("sender_kind") == "unknown":
        return Line(_("%(sender)s, who was not asked, wrote into a side thread.") % {"sender": sender})
    return Line(_("%(sender)s answered in a side thread.") % {"sender": sender})


@tells("conversations.SideThreadClosed")
def _closed_beside(row: EventRecord, who: str, names: Names) -> Line:
    return Line(_("%(who)s closed the side thread “%(subject)s”.") % {"who": who, **_subject(row)})


@tells("conversations.SideThreadReopened")
def _reopened_beside(row: EventRecord, who: str, names: Names) -> Line:
    return Line(_("%(who)s opened the side thread “%(subject)s” again.") % {"who": who, **_subject(row)})


def _subject(row: EventRecord) -> dict[str, str]:
    return {"subject": str(row.data.get("subject", ""))}
