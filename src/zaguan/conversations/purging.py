"""Erase what was deleted: messages, files, the mails they came from, and what happened. One line says that it was."""

from __future__ import annotations

from typing import Any

from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import Q

from zaguan.conversations.models import Attachment, KnownId, Message, RawMessage
from zaguan.conversations.prints_file import forget_prints_of
from zaguan.conversations.raw import forget_file
from zaguan.events.base import SYSTEM
from zaguan.events.models import EventRecord, Job
from zaguan.events.recording import record
from zaguan.lib.errors import Refused
from zaguan.tickets.models import Ticket, TimeEntry, Trashed
from zaguan.tickets.moving_events import TicketPurged
from zaguan.tickets.trash import not_in_trash, overdue


@transaction.atomic
def purge(ticket: Ticket | int, *, by: Any) -> None:
    """Erase a ticket that is in the trash, with those that were merged into it. There is no way back."""
    number = ticket if isinstance(ticket, int) else ticket.pk
    if not Trashed.objects.filter(ticket=number).exists():
        raise Refused(not_in_trash(number))
    numbers = _with_merged(number)
    files = _erase_messages(numbers)
    _erase_history(numbers)
    forget_prints_of(numbers)
    # The merged ones first: they point at the one that they went into.
    for each in reversed(numbers):
        Ticket.objects.filter(pk=each).delete()
    for each in numbers:
        record(TicketPurged(ticket_id=each), by=by)
    transaction.on_commit(lambda: _erase_files(*files))


def purge_overdue() -> int:
    """What the clock brings: erases what lay in the trash long enough; returns how many."""
    numbers = overdue()
    for number in numbers:
        purge(number, by=SYSTEM)
    return len(numbers)


def _with_merged(number: int) -> list[int]:
    found = [number]
    for each in found:
        found += Ticket.objects.filter(merged_into=each).values_list("pk", flat=True)
    return found


def _erase_messages(numbers: list[int]) -> tuple[list[str], list[str]]:
    """The rows; returns which files of attachments and of raw mails then have nobody."""
    messages = Message.objects.filter(ticket__in=numbers)
    # What was said, and what agents hung on the tickets.
    attachments = Attachment.objects.filter(Q(message__in=messages) | Q(on_ticket__ticket__in=numbers))
    stored = list(attachments.values_list("stored_as", flat=True))
    raws = _came_as(numbers, messages)
    KnownId.objects.filter(thread__ticket__in=numbers).delete()
    # What went into the library stays there.
    Attachment.objects.filter(message__in=messages, in_library__isnull=False).update(message=None)
    attachments.delete()
    messages.delete()
    RawMessage.objects.filter(pk__in=raws).delete()
    return stored, [file for file in raws.values() if file]


def _came_as(numbers: list[int], messages: Any) -> dict[int, str]:
    """The mails that became these messages, and those of which nothing else remained, with their files."""
    of_messages = messages.exclude(raw=None).values_list("raw_id", flat=True)
    rows = RawMessage.objects.values_list("pk", "file")
    return dict(rows.filter(pk__in=list(of_messages))) | dict(rows.filter(ticket_id__in=numbers))


def _erase_history(numbers: list[int]) -> None:
    TimeEntry.objects.filter(ticket__in=numbers).delete()
    events = EventRecord.objects.filter(ticket_id__in=numbers)
    Job.objects.filter(event_id__in=events.values("pk")).delete()
    events.delete()


def _erase_files(stored: list[str], raws: list[str]) -> None:
    shared = set(Attachment.objects.filter(stored_as__in=stored).values_list("stored_as", flat=True))
    for name in set(stored) - shared:
        default_storage.delete(name)
    for path in raws:
        forget_file(path)
