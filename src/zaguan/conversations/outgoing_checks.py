"""What may not leave: every reason to refuse an outgoing message, each with its sentence."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from zaguan.conversations.addressing import MODES, Own, Person, is_address
from zaguan.conversations.automatic import may_send_automatically
from zaguan.conversations.bodies import Body
from zaguan.conversations.models import Attachment, Message, Thread
from zaguan.conversations.outgoing import Outgoing
from zaguan.conversations.own_addresses import own_addresses
from zaguan.conversations.placeholders import left_in
from zaguan.lib.errors import Refused
from zaguan.people.models import Agent
from zaguan.tickets.categories import refuse_answer
from zaguan.tickets.models import Ticket

MOST_RECIPIENTS = 100
# Most providers take 25 MB including the growth of a third that encoding brings.
SEND_LIMIT_MB = 25


def refuse_unanswerable(ticket: Ticket, automatic: bool) -> None:
    """Internal tickets, trackers and the back office never reach a customer (A2.2, A13); work needs a team (A2.18)."""
    refuse_answer(ticket)
    if ticket.is_internal:
        raise Refused(_("This ticket is internal: nothing can be sent from it. Write a note instead."))
    if ticket.team_id is None and not automatic:
        raise Refused(_("Choose a team before work on this ticket starts."), field="team")


def refuse_foreign(ticket: Ticket, mode: str, answers: Message | None) -> None:
    """What is answered belongs to the ticket and is no note (R14)."""
    if mode not in MODES:
        raise ValueError(f"{mode} is no way to send a message")
    if answers is None:
        return
    if answers.ticket_id != ticket.pk or answers.withdrawn_at is not None:
        raise Refused(_("The message that you answer is no longer part of this ticket."))
    if answers.visibility == Message.Visibility.INTERNAL:
        raise Refused(_("A note is internal: it cannot be answered or forwarded to anybody outside."))


def refuse_placeholder(html: str) -> None:
    """A placeholder that nobody filled in would reach the customer as it stands (R18)."""
    found = left_in(html)
    if found:
        raise Refused(
            _("“%(placeholder)s” still stands in your text. Fill it in or take it out.")
            % {"placeholder": found},
            field="html",
        )


def valid(people: Sequence[Person], field: str) -> list[Person]:
    """The people, stripped; Refused names the address that cannot be one."""
    stripped = [(address.strip(), name) for address, name in people if address.strip()]
    for address, _name in stripped:
        if not is_address(address):
            raise Refused(_("“%(address)s” is not a mail address.") % {"address": address[:100]}, field=field)
    return stripped


def checked_people(
    people: dict[str, list[Person]], thread: Thread, outgoing: Outgoing
) -> dict[str, list[Person]]:
    """The recipients that may get it; a machine leaves out whom it may not write to."""
    own = Own(own_addresses())
    for field, group in people.items():
        for address, _name in group:
            if address in own:
                raise Refused(
                    _("%(address)s is an address of this desk. Change the team of the ticket instead.")
                    % {"address": address},
                    field=field,
                )
    if outgoing.automatic:
        people = _allowed(people, thread, outgoing)
    count = sum(len(group) for group in people.values())
    if count == 0:
        raise Refused(_("Choose who gets this message."), field="to")
    if count > MOST_RECIPIENTS:
        raise Refused(
            _("A message may have up to %(count)d recipients.") % {"count": MOST_RECIPIENTS}, field="to"
        )
    return people


def _allowed(people: dict[str, list[Person]], thread: Thread, outgoing: Outgoing) -> dict[str, list[Person]]:
    inbox = thread.inbox
    assert inbox is not None
    reason = ""
    kept: dict[str, list[Person]] = {field: [] for field in people}
    for field, group in people.items():
        for address, name in group:
            why = may_send_automatically(address, inbox, answers=outgoing.answers)
            reason = reason or why
            if not why:
                kept[field].append((address, name))
    if reason and not any(kept.values()):
        raise Refused(reason)
    return kept


def refuse_foreign_files(
    ticket: Ticket, files: Sequence[Attachment], *, by: Any, internal: bool = False
) -> None:
    """Files are the sender's own uploads, or (when sent) come from this ticket's own conversation, never from a note."""
    ids = {file.pk for file in files}
    allowed = Q(message=None, uploaded_by=by if isinstance(by, Agent) else None)
    if not internal:
        said = Q(message__ticket=ticket, message__withdrawn_at=None)
        allowed |= said & ~Q(message__visibility=Message.Visibility.INTERNAL)
    if Attachment.objects.filter(allowed, pk__in=ids).count() != len(ids):
        raise Refused(_("One of the attachments may not be sent from this ticket."), field="attachments")


def refuse_too_much(thread: Thread, body: Body, files: Sequence[Attachment]) -> None:
    """What the provider would not take is told before it is sent (E4)."""
    inbox = thread.inbox
    limit = int((inbox.settings.get("send_limit_mb") if inbox else None) or SEND_LIMIT_MB)
    if estimated_size(body, files) > limit * 1024 * 1024:
        raise Refused(
            _("This message is too large to send: a mail may have %(limit)d MB with its attachments.")
            % {"limit": limit},
            field="attachments",
        )


def estimated_size(body: Body, files: Sequence[Attachment]) -> int:
    """Bytes on the wire: base64 adds a third and line ends."""
    return sum(file.size for file in files) * 137 // 100 + 3 * len(body.html) + 8_000
