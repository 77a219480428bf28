"""Count the clocks of open tickets anew, by what policies and calendars say now: looked at first, then applied.

Both go through the open tickets in the order of their numbers, a batch in each transaction, a few seconds in each job. What
ended stays as it was judged; what is told is only what is missed by the new count and was not before.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from zaguan.events.base import SYSTEM
from zaguan.events.recording import record
from zaguan.events.tasks import enqueue, task
from zaguan.lib.errors import Refused
from zaguan.lib.many_rows import insert_many
from zaguan.people.models import Agent
from zaguan.sla import choosing
from zaguan.sla.comparing import COLUMNS, Found, differences_of
from zaguan.sla.events import RerunEnded, RerunStarted
from zaguan.sla.gathering import gather
from zaguan.sla.judging import Judges, Work, present_version
from zaguan.sla.models import Difference, Policy, PolicyVersion, Rerun
from zaguan.sla.rows import Row, read_many
from zaguan.sla.settling import Settling
from zaguan.tickets.models import DONE_RANK, Ticket

WORK = "sla.work_rerun"
PRIORITY = 5
# Tickets in one transaction, and seconds in one job; between two transactions others write.
BATCH, SECONDS, PAUSE = 512, 2.0, 0.02
# Differences that are kept to be read; all are counted.
MOST_KEPT = 5000
# Looks and reruns that are remembered.
REMEMBERED = 20


@transaction.atomic
def start_preview(policy: Policy | None = None, *, by: Any) -> Rerun:
    """Begin to compare: for the open tickets that `policy` has or would have, or for all of them."""
    old = Rerun.objects.order_by("-pk").values_list("pk", flat=True)[REMEMBERED - 1 :]
    Rerun.objects.filter(pk__in=list(old)).exclude(state=Rerun.State.APPLYING).delete()
    rerun = Rerun.objects.create(
        agent=by if isinstance(by, Agent) else None, policy=policy, total=_open_tickets().count()
    )
    _go_on(rerun)
    return rerun


@transaction.atomic
def apply_rerun(rerun: Rerun, *, by: Any) -> Rerun:
    """Write what was looked at. Raises Refused before the comparison is ready, and while another one is applied."""
    fresh = _locked(rerun)
    if fresh.state != Rerun.State.READY:
        raise Refused(_("Compare first, and apply what you have seen."))
    if Rerun.objects.filter(state=Rerun.State.APPLYING).exists():
        raise Refused(_("Another one is being applied. Wait until it is done."))
    fresh.state, fresh.place = Rerun.State.APPLYING, 0
    fresh.seen, fresh.total = 0, _open_tickets().count()
    fresh.save(update_fields=["state", "place", "seen", "total"])
    record(RerunStarted(rerun_id=fresh.pk, policy=_name(fresh), total=fresh.changed), by=by)
    _go_on(fresh)
    return fresh


@transaction.atomic
def stop_rerun(rerun: Rerun, *, by: Any) -> Rerun:
    """Leave the rest alone; what was applied stays."""
    fresh = _locked(rerun)
    if not fresh.is_working:
        raise Refused(_("This has already ended."))
    _end(fresh, Rerun.State.STOPPED, by=by)
    return fresh


@task(WORK)
def work_rerun(rerun: int) -> None:
    """Go on for a while, then line up again."""
    until = time.monotonic() + SECONDS
    while more := work_batch(rerun):
        if time.monotonic() > until:
            break
        time.sleep(PAUSE)
    if more:
        with transaction.atomic():
            enqueue(WORK, rerun=rerun, priority=PRIORITY)


@transaction.atomic
def work_batch(number: int) -> bool:
    """One transaction's worth of tickets; says whether there are more."""
    rerun = Rerun.objects.select_for_update(of=("self",)).filter(pk=number).first()
    if rerun is None or not rerun.is_working:
        return False
    waiting = _open_tickets().filter(pk__gt=rerun.place).order_by("pk")
    if rerun.state == Rerun.State.APPLYING:
        waiting = waiting.select_for_update(of=("self",))
    numbers = list(waiting.values_list("pk", flat=True)[:BATCH])
    if not numbers:
        is_look = rerun.state == Rerun.State.LOOKING
        _end(rerun, Rerun.State.READY if is_look else Rerun.State.DONE, by=SYSTEM)
        return False
    works = _works(rerun, numbers)
    if rerun.state == Rerun.State.LOOKING:
        _look(rerun, works, timezone.now())
    else:
        _write(works, timezone.now())
        rerun.applied += len(works)
    # All that were gone through, also those that no policy finds: `total` counts them as well.
    rerun.seen += len(numbers)
    rerun.place = numbers[-1]
    rerun.save(update_fields=["place", "seen", "changed", "breached", "saved", "applied"])
    return True


def _works(rerun: Rerun, numbers: Sequence[int]) -> list[Work]:
    """The tickets of a batch with the policy that they would have now; only those that the rerun is about."""
    chosen, rows, facts = choosing.choose(numbers), read_many(numbers), gather(numbers)
    judges, works = Judges(), []
    for number in numbers:
        version = judges.versions.get(chosen[number].version_id or 0)
        if version is None and not rows[number]:
            continue
        if rerun.policy_id is None or _is_about(rerun.policy_id, version, rows[number]):
            works.append(Work(facts[number], rows[number], version, judges))
    return works


def _is_about(policy_id: int, version: PolicyVersion | None, rows: Sequence[Row]) -> bool:
    """Whether a ticket would have this policy, or has it."""
    if version is not None and version.policy_id == policy_id:
        return True
    now = present_version(rows)
    return now is not None and now.policy_id == policy_id


def _write(works: Sequence[Work], now: datetime) -> None:
    settling = Settling(now)
    for work in works:
        settling.add(work)
    settling.write()


def _look(rerun: Rerun, works: Sequence[Work], now: datetime) -> None:
    found: list[Found] = []
    room = _room(rerun)
    for work in works:
        different = differences_of(work, now)
        rerun.changed += bool(different)
        rerun.breached += any(one.becomes_missed for one in different)
        rerun.saved += any(one.is_saved for one in different)
        if len(found) < room:
            found += different
    versions = choosing.versions.all()
    rows = ((rerun.pk, *one.values(versions)) for one in found[:room])
    insert_many(Difference, ("rerun_id", *COLUMNS), rows)


def _room(rerun: Rerun) -> int:
    """How many more differences are kept; each changed ticket has one at least."""
    if rerun.changed >= MOST_KEPT:
        return 0
    return max(MOST_KEPT - Difference.objects.filter(rerun=rerun).count(), 0)


def _open_tickets() -> Any:
    return Ticket.objects.filter(rank__lt=DONE_RANK)


def _go_on(rerun: Rerun) -> None:
    enqueue(WORK, rerun=rerun.pk, priority=PRIORITY)


def _locked(rerun: Rerun) -> Rerun:
    return Rerun.objects.select_for_update(of=("self",)).get(pk=rerun.pk)


def _name(rerun: Rerun) -> str:
    return rerun.policy.name if rerun.policy else ""


def _end(rerun: Rerun, state: str, *, by: Any) -> None:
    was_applying = rerun.state == Rerun.State.APPLYING
    rerun.state = state
    rerun.ended_at = None if state == Rerun.State.READY else timezone.now()
    rerun.save(update_fields=["state", "ended_at"])
    if was_applying:
        record(RerunEnded(rerun_id=rerun.pk, policy=_name(rerun), state=state, applied=rerun.applied), by=by)
