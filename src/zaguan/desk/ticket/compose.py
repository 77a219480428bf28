"""What the composer shows when a ticket opens: recipients, drafts, the statuses that sending may set."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from email.utils import getaddresses
from typing import Any
from uuid import uuid4

from django.utils.translation import gettext as _
from markupsafe import Markup

from zaguan.conversations.addressing import FORWARD, MODES, Person, people_of, recipients
from zaguan.conversations.models import Attachment, Draft, Message
from zaguan.conversations.reading import one_message
from zaguan.conversations.reference import own_mail_addresses
from zaguan.desk.access import AgentRequest
from zaguan.desk.ticket.options import statuses_in_use
from zaguan.desk.ticket.sheet import Sheet
from zaguan.desk.ticket.timing import drawn_with, kept_in
from zaguan.lib.html import text_of
from zaguan.lib.numbers import whole
from zaguan.tickets.models import Phase, Status
from zaguan.tickets.requirements import needs_of


@dataclass
class Compose:
    """One composer, filled in."""

    mode: str = "reply"
    how: str = "reply"
    answers: int | None = None
    to: list[str] = field(default_factory=list)
    cc: list[str] = field(default_factory=list)
    bcc: list[str] = field(default_factory=list)
    outside: list[str] = field(default_factory=list)
    known: list[str] = field(default_factory=list)
    subject: str = ""
    reply_html: str = ""
    note_html: str = ""
    reply_files: list[Attachment] = field(default_factory=list)
    note_files: list[Attachment] = field(default_factory=list)
    # One per composing: however often the button is pressed, one message leaves (R03).
    key: str = field(default_factory=lambda: uuid4().hex)
    then: Status | None = None
    # The fields of the time worked, when they are open.
    time_fields: Markup = field(default_factory=Markup)

    @property
    def reply_plain(self) -> str:
        """The draft for a page without script."""
        return text_of(self.reply_html) if self.reply_html else ""

    @property
    def note_plain(self) -> str:
        """The draft of the note likewise."""
        return text_of(self.note_html) if self.note_html else ""


def compose_for(request: AgentRequest, sheet: Sheet) -> Compose:
    """The composer for this page; what was asked for in the address wins over the draft's recipients."""
    drafts = _drafts(sheet)
    reply, note = drafts.get(Draft.Kind.REPLY), drafts.get(Draft.Kind.NOTE)
    asked, how = number_in(request.GET.get("answer")), request.GET.get("how", "")
    kept: dict[str, Any] = reply.fields if reply and not asked and how not in MODES else {}
    how = how if how in MODES else kept.get("mode", "reply")
    answered = answered_by(sheet, asked or kept.get("answers"))
    made = addressed(sheet, how if how in MODES else "reply", answered)
    made.mode = "note" if request.GET.get("note") or not sheet.can["reply"] else "reply"
    made.reply_html, made.note_html = (reply.html if reply else ""), (note.html if note else "")
    made.reply_files, made.note_files = _files(sheet, reply), _files(sheet, note)
    if kept.get("to") is not None:
        made.to, made.cc, made.bcc = (_lines(kept.get(name) or []) for name in ("to", "cc", "bcc"))
        made.subject = kept.get("subject", made.subject)
    made.then = remembered_status(sheet)
    worked = kept_in(reply.fields if reply else {}) or kept_in(note.fields if note else {})
    made.time_fields = drawn_with(sheet, worked, asked="time" in request.GET)
    return made


def addressed(sheet: Sheet, how: str, answered: Message | None) -> Compose:
    """Whom an answer of this kind goes to by itself (R07)."""
    who = sheet.requester
    mails = [a.value for a in who.addresses if a.kind == "email"] if who else []
    requester = (mails[0], who.name) if who and mails else None
    copies: list[Person] = sheet.attached.copies
    found = recipients(
        answered, how, own_mail_addresses(), requester=requester, customers=mails, copies=copies
    )
    known = [address for address, _name in copies] + mails
    if answered is not None:
        known += [a for a, _n in people_of([*answered.to, *answered.cc])] + [answered.sender_address]
    subject = f"Fwd: {sheet.ticket.subject}" if how == FORWARD else sheet.ticket.subject
    return Compose(
        how=how,
        answers=answered.pk if answered else None,
        to=_lines(found.to),
        cc=_lines(found.cc),
        outside=found.outside,
        known=[address.lower() for address in known if address],
        subject=subject,
    )


def people_in(text: str) -> list[Person]:
    """Addresses and names from a line of recipients."""
    return [
        (address.strip(), name) for name, address in getaddresses([text.replace(";", ",")]) if address.strip()
    ]


def line_of(person: Iterable[str]) -> str:
    """A recipient as the composer writes it; commas part recipients, so a name has none."""
    address, name = ([*person, ""])[:2]
    plain = " ".join(
        name.replace(",", " ").replace(";", " ").replace("<", " ").replace(">", " ").replace('"', "").split()
    )
    return f"{plain} <{address}>" if plain else address


def remembered_status(sheet: Sheet) -> Status | None:
    """What this agent last let sending set; the waiting phase's own status at first."""
    chosen = sheet.viewer.preferences.get("send_status", "default")
    if chosen == "":
        return None
    statuses = [s for s in statuses_in_use() if s.pk not in sheet.blocked]
    for status in statuses:
        if status.pk == chosen:
            return status
    waiting = [s for s in statuses if s.phase == Phase.WAITING_CUSTOMER]
    return next((s for s in waiting if s.is_default), None)


def how_labels() -> dict[str, str]:
    """The ways to answer."""
    return {
        "reply": _("Reply"),
        "reply_all": _("Reply to all"),
        "forward": _("Forward"),
        "new": _("New e-mail"),
    }


def sendable_statuses() -> list[Status]:
    """What sending may set besides: all but the postponed ones, which need a time."""
    return [s for s in statuses_in_use() if s.phase != Phase.SNOOZED]


def asks_why(status: Status, type_id: int | None = None) -> bool:
    """Whether a reason has to be given, for which the composer has no place."""
    return status.asks_reason or "reason" in needs_of(status, type_id)


def asks_only_why(status: Status, type_id: int | None) -> bool:
    """Whether nothing but a reason is asked for: a small dialog is there for it at once."""
    return asks_why(status, type_id) and set(needs_of(status, type_id)) <= {"reason"}


def _lines(people: Iterable[Iterable[str]]) -> list[str]:
    return [line_of(person) for person in people]


def _drafts(sheet: Sheet) -> dict[str, Draft]:
    if not sheet.attached.drafts:
        return {}
    return {draft.kind: draft for draft in Draft.objects.visible_to(sheet.viewer).filter(ticket=sheet.ticket)}


def _files(sheet: Sheet, draft: Draft | None) -> list[Attachment]:
    ids = draft.fields.get("attachments") if draft else None
    return (
        list(Attachment.objects.visible_to(sheet.viewer).filter(public_id__in=ids, message=None))
        if ids
        else []
    )


def answered_by(sheet: Sheet, asked: int | None) -> Message | None:
    """The message to answer: the one asked for, else the last that came in, else our last."""
    if asked:
        found = one_message(sheet.ticket, asked)
        if found is not None and found.visibility != Message.Visibility.INTERNAL:
            return found
    said = [m for m in sheet.thread.messages if m.visibility != Message.Visibility.INTERNAL]
    incoming = [m for m in said if m.direction == Message.Direction.IN]
    candidates = incoming or said
    return candidates[-1] if candidates else None


def number_in(text: str | None) -> int | None:
    """The id in a field or an address, if there is one."""
    return whole(text) if text else None
