"""Ledgers of tickets from before there were any: written in the background, the newest first; checked and repaired by hand."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass

from django.db import transaction

from zaguan.events.tasks import enqueue, task
from zaguan.sla.intervals import rebuild_many, spans_of
from zaguan.sla.keeping import add_rows, write_differences
from zaguan.sla.models import Interval
from zaguan.tickets.models import Ticket

WORK = "sla.write_ledgers"
BATCH = 300
# One job works for so long, then the next one goes on: a worker that stops loses little.
SECONDS = 5.0


@task(WORK)
def write_ledgers(before: int | None = None) -> None:
    """Write the ledgers that are missing below a ticket's number, as many as fit into a few seconds."""
    until = time.monotonic() + SECONDS
    following = write_batch(before)
    while following and time.monotonic() < until:
        following = write_batch(following)
    if following:
        with transaction.atomic():
            enqueue(WORK, priority=9, before=following)


@transaction.atomic
def write_batch(before: int | None = None) -> int:
    """The missing ones among the next tickets downwards; returns where to go on, 0 at the end."""
    tickets = Ticket.objects.order_by("-pk")
    numbers = list(
        (tickets.filter(pk__lt=before) if before else tickets).values_list("pk", flat=True)[:BATCH]
    )
    if not numbers:
        return 0
    missing = _without_ledger(numbers)
    if missing:
        # Locked, so that nothing turns between reading and writing; what turned before has written its own.
        list(Ticket.objects.filter(pk__in=missing).order_by("pk").select_for_update().values_list("pk"))
        add_rows(rebuild_many(_without_ledger(missing)))
    return numbers[-1] if len(numbers) == BATCH else 0


def _without_ledger(numbers: list[int]) -> list[int]:
    written = set(Interval.objects.filter(ticket_id__in=numbers).values_list("ticket_id", flat=True))
    return [number for number in numbers if number not in written]


@dataclass(frozen=True, slots=True)
class Difference:
    """A ticket whose rows are not what its events say: the first moment in which they part, and in how many rows."""

    ticket_id: int
    rows: int
    since: str
    is_missing: bool


def differences() -> Iterator[Difference]:
    """Compare every ledger with the events, batch by batch; writes nothing."""
    after = 0
    tickets = Ticket.objects.order_by("pk").values_list("pk", flat=True)
    while numbers := list(tickets.filter(pk__gt=after)[:BATCH]):
        yield from differing(numbers)
        after = numbers[-1]


def differing(numbers: list[int]) -> Iterator[Difference]:
    """The same for some tickets, in four questions."""
    missing = set(_without_ledger(numbers))
    stored, told = spans_of(n for n in numbers if n not in missing), rebuild_many(numbers)
    for number in numbers:
        said, wanted = set(stored.get(number, [])), set(told.get(number, []))
        if said != wanted:
            since = min(span.start for span in said ^ wanted)
            rows = max(len(said - wanted), len(wanted - said))
            yield Difference(number, rows, since.isoformat(), number in missing)


@transaction.atomic
def repair(ticket_id: int) -> int:
    """Let one ledger say what the events say; returns how many rows had to change."""
    list(Ticket.objects.filter(pk=ticket_id).select_for_update().values_list("pk"))
    return write_differences(ticket_id, rebuild_many([ticket_id]).get(ticket_id, []))
