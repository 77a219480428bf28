"""Take back what was published of a note: the copies in linked conversations go, the note itself stays."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from zaguan.conversations.cross_posting import key_of
from zaguan.conversations.events import NoteUnpublished
from zaguan.conversations.models import CrossPosting, Message
from zaguan.conversations.withdrawing import withdraw_note
from zaguan.events.recording import record
from zaguan.events.tasks import enqueue, task
from zaguan.lib.errors import Refused
from zaguan.people.models import Agent

TASK = "conversations.unpublish"
# So many at once; more are taken back by the worker.
AT_ONCE = 5


@transaction.atomic
def unpublish_note(note: Message, *, by: Agent) -> int:
    """Take a published note back out of the linked conversations; returns how many it had reached.

    Raises Refused for a note that is not published, and for anybody but who published it.
    """
    posting = CrossPosting.objects.select_for_update(of=("self",)).filter(note=note).first()
    if posting is None:
        raise Refused(_("This note is not published in linked conversations."))
    if posting.agent_id != by.pk:
        raise Refused(_("Only who published a note can take it back."))
    number, reached = posting.pk, posting.posted
    posting.delete()
    if reached > AT_ONCE:
        enqueue(TASK, posting=number, agent=by.pk)
    else:
        take_back(number, by.pk)
    record(NoteUnpublished(ticket_id=note.ticket_id, message_id=note.pk, conversations=reached), by=by)
    return reached


@task(TASK)
def take_back(posting: int, agent: int) -> None:
    """Withdraw every copy that is left, each in its own transaction."""
    by = Agent.objects.get(pk=agent)
    copies = Message.objects.filter(agent=by, idempotency_key__startswith=key_of(posting, ""))
    for copy in copies.filter(withdrawn_at=None).order_by("pk"):
        withdraw_note(copy, by=by)
