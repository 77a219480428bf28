"""Send a mass update: each conversation gets its message exactly once, whatever ends or repeats the job."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from zaguan.conversations.events import MassUpdateFinished
from zaguan.conversations.models import Delivery, MassRecipient, MassUpdate, Message
from zaguan.conversations.outgoing import Outgoing
from zaguan.conversations.placeholders import Filled, fill
from zaguan.conversations.replying import reply
from zaguan.conversations.retrying import retry
from zaguan.conversations.texts_by_language import language_for
from zaguan.events.base import SYSTEM
from zaguan.events.recording import record
from zaguan.events.tasks import enqueue, task
from zaguan.lib.errors import Refused
from zaguan.tickets.models import Ticket

TASK = "conversations.inform"
State, Update = MassRecipient.State, MassUpdate.State
# In one go, so that a stop is heard soon and other work gets its turn.
BATCH = 50


@task(TASK)
def inform_next(update: int) -> None:
    """Send to the next few, and ask for the rest at the pace that was chosen."""
    found = MassUpdate.objects.get(pk=update)
    if found.state != Update.STARTED:
        return
    size = min(BATCH, max(found.per_minute // 12, 1)) if found.per_minute else BATCH
    waiting = MassRecipient.objects.filter(update=found, state=State.WAITING).order_by("pk")
    for number in list(waiting.values_list("pk", flat=True)[:size]):
        inform(number)
    with transaction.atomic():
        if waiting.exists():
            pause = 60 * size / found.per_minute if found.per_minute else 0
            when = timezone.now() + timedelta(seconds=pause)
            enqueue(TASK, run_at=when, key=f"inform-{found.pk}", update=found.pk)
        else:
            _finish(found)


@transaction.atomic
def inform(recipient: int) -> None:
    """Write the message into one conversation, once: the row is locked, and changes with what it says."""
    row = (
        MassRecipient.objects.select_for_update(of=("self",))
        .select_related("update__agent")
        .get(pk=recipient)
    )
    if row.state != State.WAITING or row.update.state != Update.STARTED:
        return
    try:
        with transaction.atomic():
            row.message = _write(row)
            row.state, row.reason = State.SENT, ""
    except Refused as refused:
        row.state, row.reason = State.FAILED, refused.sentence[:300]
    row.changed_at = timezone.now()
    row.save(update_fields=["message", "state", "reason", "changed_at"])


def _write(row: MassRecipient) -> Message:
    ticket = Ticket.objects.select_related("requester", "organisation").get(pk=row.ticket_id)
    if ticket.is_hidden:
        raise Refused(_("The conversation is no longer there."))
    filled = rendered(row.update, ticket)
    if filled.missing:
        names = ", ".join(filled.missing)
        raise Refused(_("There is nothing to put in for %(names)s.") % {"names": names})
    outgoing = Outgoing(html=filled.html, idempotency_key=f"inform:{row.update_id}:{row.ticket_id}")
    return reply(ticket, outgoing, by=row.update.agent or SYSTEM)


def rendered(update: MassUpdate, ticket: Ticket) -> Filled:
    """The text as this customer gets it: in their language if there is one, dates and names in it too."""
    language = ticket.requester.language if ticket.requester else ""
    html = update.translations.get(language_for(language, update.translations), update.html)
    if not language:
        return fill(html, ticket, by=update.agent)
    with override(language):
        return fill(html, ticket, by=update.agent)


def _finish(update: MassUpdate) -> None:
    done = MassUpdate.objects.filter(pk=update.pk, state=Update.STARTED)
    if not done.update(state=Update.FINISHED, finished_at=timezone.now()):
        return
    rows = MassRecipient.objects.filter(update=update)
    numbers = {state: rows.filter(state=state).count() for state in (State.SENT, State.FAILED, State.SKIPPED)}
    event = MassUpdateFinished(
        ticket_id=update.tracker_id, update_id=update.pk, sent=numbers[State.SENT],
        failed=numbers[State.FAILED], skipped=numbers[State.SKIPPED],
    )  # fmt: skip
    record(event, by=update.agent or SYSTEM)


@transaction.atomic
def retry_failures(update: MassUpdate, *, by: Any) -> int:
    """Try again what was refused or not delivered, and nothing else; returns how many."""
    fresh = MassUpdate.objects.select_for_update(of=("self",)).get(pk=update.pk)
    if fresh.state in (Update.DRAFT, Update.STARTED):
        raise Refused(_("Wait until the message has gone out to everybody."))
    rows = MassRecipient.objects.filter(update=fresh)
    refused = rows.filter(state=State.FAILED, message=None)
    again = refused.update(state=State.WAITING, reason="", changed_at=timezone.now())
    if again:
        fresh.state = Update.STARTED
        fresh.save(update_fields=["state"])
        enqueue(TASK, key=f"inform-{fresh.pk}", update=fresh.pk)
    for delivery in undelivered(fresh):
        retry(delivery, by=by)
        again += 1
    return again


def undelivered(update: MassUpdate) -> list[Delivery]:
    """The newest attempt to each address, where it failed."""
    messages = MassRecipient.objects.filter(update=update).exclude(message=None).values("message_id")
    newest: dict[tuple[int, str], Delivery] = {}
    for delivery in Delivery.objects.filter(message__in=messages).order_by("attempt"):
        newest[(delivery.message_id, delivery.address)] = delivery
    return [each for each in newest.values() if each.state == Delivery.State.FAILED]
