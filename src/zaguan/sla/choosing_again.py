"""Something about a customer changed: which of their open tickets have another policy now, in batches, by a job.

Nothing is asked where no active policy looks at such fields, and closed tickets are left alone: what ended stays as it was
judged. A ticket whose policy stays keeps the version by which its clocks began.
"""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction
from django.utils import timezone

from zaguan.events.tasks import enqueue, task
from zaguan.sla import choosing
from zaguan.sla.gathering import gather
from zaguan.sla.judging import Judges, Work, present_version
from zaguan.sla.rows import read_many
from zaguan.sla.settling import Settling
from zaguan.tickets.models import DONE_RANK, Ticket

WORK = "sla.choose_again"
PRIORITY = 4
BATCH = 256
REQUESTER, ORGANISATION = "requester_id", "organisation_id"
# By which filters a policy looks at a column's owner: contact.plan:gold, from:ana@patio.example, organisation:Patio.
_LOOKING = {REQUESTER: {"contact", "from"}, ORGANISATION: {"organisation", "from"}}


def ask(column: str, *ids: int) -> None:
    """Line up the open tickets of these contacts, or of this organisation, if that may make a difference."""
    if _LOOKING[column] & choosing.subjects():
        enqueue(WORK, priority=PRIORITY, column=column, ids=list(ids))


@task(WORK)
def choose_again(column: str, ids: list[int], after: int = 0) -> None:
    """One batch; the next one is another job."""
    following = choose_batch(column, ids, after)
    if following:
        with transaction.atomic():
            enqueue(WORK, priority=PRIORITY, column=column, ids=ids, after=following)


@transaction.atomic
def choose_batch(column: str, ids: Sequence[int], after: int = 0) -> int:
    """Settle those that have another policy now; returns where to go on, 0 at the end."""
    # What a filter names was looked up before the change.
    choosing.forget()
    waiting = Ticket.objects.filter(**{f"{column}__in": list(ids)}, rank__lt=DONE_RANK, pk__gt=after)
    numbers = list(
        waiting.order_by("pk").select_for_update(of=("self",)).values_list("pk", flat=True)[:BATCH]
    )
    _settle(numbers)
    return numbers[-1] if len(numbers) == BATCH else 0


def _settle(numbers: Sequence[int]) -> None:
    chosen, rows, judges = choosing.choose(numbers), read_many(numbers), Judges()
    moved = {}
    for number in numbers:
        now = present_version(rows[number])
        version = judges.versions.get(chosen[number].version_id or 0)
        if (version and version.policy_id) != (now and now.policy_id):
            moved[number] = version
    facts, settling = gather(list(moved)), Settling(timezone.now())
    for number, version in moved.items():
        settling.add(Work(facts[number], rows[number], version, judges))
    settling.write()
