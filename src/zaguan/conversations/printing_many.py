"""PDFs of many tickets, one after the other in the background, in one ZIP for whoever asked (A3.9)."""

from __future__ import annotations

import time
from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import F
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from zaguan.conversations.events import PrintingEnded, PrintingStarted, TicketPrinted
from zaguan.conversations.models import PrintBatch, PrintedTicket
from zaguan.conversations.printing import Copy, draw
from zaguan.conversations.prints_file import forget_files, write_zip
from zaguan.events.recording import caused_by, record
from zaguan.events.tasks import enqueue, task
from zaguan.lib.errors import Refused
from zaguan.lib.secrets import random_id
from zaguan.people.models import Agent
from zaguan.tickets.models import Ticket

# A document takes about half a second, and somebody waits for the last one. What one may print one by one, one may print
# as a handful; more than that is an export, and needs the permission for it.
MOST, HANDFUL = 500, 25
# Beyond it the rest is listed as not made: the file has to fit on the disk, twice.
MOST_BYTES = 1 << 30
KEPT_FOR = timedelta(hours=24)
WORK = "conversations.print_batch"
# After mail and the reactions to events, and in short turns, so that these never wait long.
PRIORITY, SLICE_SECONDS = 5, 2.0
Batch, Row = PrintBatch.State, PrintedTicket.State


def most_for(agent: Agent) -> int:
    """How many tickets this agent may print at once."""
    return MOST if agent.can("tickets.export") else HANDFUL


@transaction.atomic
def choose_prints(numbers: Iterable[int], *, by: Agent) -> PrintBatch:
    """Remember the tickets to print; those that `by` may not know of are left out. Raises Refused for none or too many."""
    wanted = list(dict.fromkeys(numbers))
    if len(wanted) > most_for(by):
        values = {"most": most_for(by)}
        raise Refused(_("You can print at most %(most)s tickets at once. Narrow the list first.") % values)
    seen = list(
        Ticket.objects.visible_to(by).filter(pk__in=wanted).order_by("pk").values_list("pk", flat=True)
    )
    if not seen:
        raise Refused(_("Choose some tickets first."))
    now = timezone.now()
    batch = PrintBatch.objects.create(
        public_id=random_id(24), agent=by, total=len(seen), created_at=now, expires_at=now + KEPT_FOR
    )
    PrintedTicket.objects.bulk_create([PrintedTicket(batch=batch, ticket_id=number) for number in seen])
    return batch


@transaction.atomic
def begin_prints(batch: PrintBatch, *, by: Agent, copy: Copy, language: str = "") -> PrintBatch:
    """Begin to make the PDFs, in `language` or in that of each customer."""
    if language and language not in dict(settings.LANGUAGES):
        raise Refused(_("There is no such language here."), field="language")
    fresh = _locked(batch)
    if fresh.state != Batch.CHOOSING:
        raise Refused(_("This has already begun."))
    fresh.copy, fresh.language, fresh.state = copy, language, Batch.WAITING
    fresh.expires_at = timezone.now() + KEPT_FOR
    fresh.event_id = record(PrintingStarted(batch_id=fresh.pk, copy=copy, total=fresh.total), by=by).pk
    fresh.save(update_fields=["copy", "language", "state", "expires_at", "event_id"])
    enqueue(WORK, batch=fresh.pk, priority=PRIORITY)
    return fresh


@transaction.atomic
def stop_prints(batch: PrintBatch, *, by: Any) -> PrintBatch:
    """Make no more, and throw away what there is."""
    fresh = _locked(batch)
    if not fresh.is_working:
        raise Refused(_("This has already ended."))
    _end(fresh, Batch.STOPPED, by=by)
    parts = fresh.tickets.exclude(stored_as="")
    forget_files(list(parts.values_list("stored_as", flat=True)))
    parts.update(stored_as="")
    return fresh


@task(WORK)
def work_batch(batch: int) -> None:
    """Make the next few, then line up again; the last turn makes the file."""
    began = time.monotonic()
    while print_next(batch):
        if time.monotonic() - began > SLICE_SECONDS:
            enqueue(WORK, batch=batch, priority=PRIORITY)
            return


def print_next(number: int) -> bool:
    """Make one PDF, or the file when all are made; says whether there is more to do."""
    batch = PrintBatch.objects.select_related("agent__role").filter(pk=number).first()
    if batch is None or not batch.is_working:
        return False
    with translation.override(batch.agent.language):
        row = batch.tickets.filter(state=Row.WAITING).order_by("ticket_id").first()
        if row is None:
            _finish(batch)
            return False
        _print_one(batch, row)
    return True


def _print_one(batch: PrintBatch, row: PrintedTicket) -> None:
    """Drawn outside of any transaction, so that nobody waits for it; a ticket that fails stops no other."""
    try:
        pdf = _drawn(batch, row)
    except Refused as refused:
        _settle(batch, row, state=Row.FAILED, reason=refused.sentence[:300])
        return
    except Exception as problem:  # noqa: BLE001 (whatever one ticket holds, the others are made)
        _settle(batch, row, state=Row.FAILED, reason=f"{type(problem).__name__}: {problem}"[:300])
        return
    stored = default_storage.save(f"prints/{random_id(24)}.pdf", ContentFile(pdf))
    if not _settle(batch, row, state=Row.MADE, stored_as=stored, size=len(pdf)):
        forget_files([stored])


def _drawn(batch: PrintBatch, row: PrintedTicket) -> bytes:
    agent = batch.agent
    ticket = Ticket.objects.visible_to(agent).filter(pk=row.ticket_id).first()
    if ticket is None or not agent.is_active or not agent.can("desk.use"):
        raise Refused(_("You cannot see this ticket any more."))
    if sum(batch.tickets.filter(state=Row.MADE).values_list("size", flat=True)) > MOST_BYTES:
        raise Refused(_("The file is full: print fewer tickets at once."))
    return draw(
        ticket, viewer=agent, copy="full" if batch.copy == "full" else "customer", language=batch.language
    )


@transaction.atomic
def _settle(batch: PrintBatch, row: PrintedTicket, **found: Any) -> bool:
    """Write down what became of a ticket; False when it was stopped meanwhile, or another worker was quicker."""
    fresh = PrintBatch.objects.select_for_update(of=("self",)).filter(pk=batch.pk).first()
    if fresh is None or not fresh.is_working:
        return False
    if not PrintedTicket.objects.filter(pk=row.pk, state=Row.WAITING).update(**found):
        return False
    counted = "made" if found["state"] == Row.MADE else "failed"
    PrintBatch.objects.filter(pk=batch.pk).update(state=Batch.RUNNING, **{counted: F(counted) + 1})
    if counted == "made":
        with caused_by(batch.event_id):
            record(TicketPrinted(ticket_id=row.ticket_id, copy=batch.copy), by=batch.agent)
    return True


def _finish(batch: PrintBatch) -> None:
    stored, size = write_zip(batch)
    with transaction.atomic():
        fresh = _locked(batch)
        if not fresh.is_working:
            forget_files([stored])
            return
        fresh.stored_as, fresh.size = stored, size
        fresh.expires_at = timezone.now() + KEPT_FOR
        fresh.save(update_fields=["stored_as", "size", "expires_at"])
        parts = fresh.tickets.exclude(stored_as="")
        forget_files(list(parts.values_list("stored_as", flat=True)))
        parts.update(stored_as="")
        _end(fresh, Batch.DONE, by=fresh.agent)


def _end(batch: PrintBatch, state: str, *, by: Any) -> None:
    batch.state, batch.ended_at = state, timezone.now()
    batch.save(update_fields=["state", "ended_at"])
    record(PrintingEnded(batch_id=batch.pk, state=state, made=batch.made, failed=batch.failed), by=by)


def _locked(batch: PrintBatch) -> PrintBatch:
    return PrintBatch.objects.select_for_update(of=("self",)).get(pk=batch.pk)
