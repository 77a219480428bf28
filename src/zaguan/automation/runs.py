"""Runs: steps on one ticket at once, or on thousands in the background, with a result for each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from zaguan.automation.applying import carry_out
from zaguan.automation.events import RunEnded, RunStarted
from zaguan.automation.handling import handle, result_of, zone_of
from zaguan.automation.macros import refuse_elsewhere
from zaguan.automation.models import Macro, Run, RunTicket
from zaguan.automation.pacing import LARGEST, PRIORITY, work_for_a_while
from zaguan.automation.steps import Step, title_of
from zaguan.events.base import on
from zaguan.events.recording import cause, record
from zaguan.events.tasks import enqueue, task
from zaguan.lib.errors import Refused
from zaguan.notifications.sending import News, tell
from zaguan.people.models import Agent
from zaguan.tickets.changing import lock
from zaguan.tickets.models import Ticket

# More at once is a task for the API, in parts.
MOST = 50_000
# So few are done while one waits for the answer.
AT_ONCE = 25
WORK = "automation.work_run"


@transaction.atomic
def run_on(
    ticket: Ticket,
    steps: Sequence[Step],
    *,
    by: Agent,
    macro: Macro | None = None,
    version: int | None = None,
) -> Run:
    """Carry steps out on one ticket, all or none, and keep what is needed to take them back.

    Raises Refused with the first reason that stands against it, Conflict when `version` is old.
    """
    fresh = lock(ticket, version=version)
    if macro is not None:
        refuse_elsewhere(by, macro, fresh)
    outcome = carry_out(fresh, steps, by=by, macro=macro)
    now = timezone.now()
    run = Run.objects.create(
        agent=by,
        macro=macro,
        title=(macro.name if macro else title_of(steps))[:200],
        steps=[step.row for step in steps],
        state=Run.State.DONE,
        total=1,
        done=int(outcome.changed),
        same=int(not outcome.changed),
        ended_at=now,
    )
    RunTicket.objects.create(run=run, ticket=ticket, **result_of(outcome))
    return run


@transaction.atomic
def choose_tickets(numbers: Iterable[int], *, by: Agent) -> Run:
    """Remember the tickets that something is to be done to. Raises Refused for none or too many."""
    wanted = list(dict.fromkeys(numbers))
    if not wanted:
        raise Refused(_("Choose some tickets first."))
    if len(wanted) > MOST:
        raise Refused(
            _("That is more than %(count)s tickets at once. Narrow the list first.") % {"count": MOST}
        )
    run = Run.objects.create(agent=by, state=Run.State.CHOOSING, total=len(wanted))
    rows = [RunTicket(run=run, ticket_id=number) for number in wanted]
    RunTicket.objects.bulk_create(rows, batch_size=2000)
    return run


@transaction.atomic
def begin_run(run: Run, steps: Sequence[Step], *, by: Agent, macro: Macro | None = None) -> Run:
    """Begin to carry steps out on the chosen tickets; a few at once, many by the worker."""
    fresh = Run.objects.select_for_update(of=("self",)).get(pk=run.pk)
    if fresh.state != Run.State.CHOOSING:
        raise Refused(_("This has already begun."))
    fresh.title = (macro.name if macro else title_of(steps))[:200]
    fresh.macro, fresh.steps, fresh.state = macro, [step.row for step in steps], Run.State.WAITING
    event = RunStarted(run_id=fresh.pk, title=fresh.title, total=fresh.total)
    fresh.event_id = record(event, by=by).pk
    fresh.save(update_fields=["title", "macro", "steps", "state", "event_id"])
    if fresh.total > AT_ONCE:
        enqueue(WORK, run=fresh.pk, priority=PRIORITY)
        return fresh
    while work_batch(fresh.pk):
        pass
    return Run.objects.get(pk=fresh.pk)


def start_run(numbers: Iterable[int], steps: Sequence[Step], *, by: Agent, macro: Macro | None = None) -> Run:
    """Carry steps out on many tickets. Raises Refused for none or too many."""
    with transaction.atomic():
        return begin_run(choose_tickets(numbers, by=by), steps, by=by, macro=macro)


@transaction.atomic
def stop_run(run: Run, *, by: Any) -> Run:
    """Leave the rest of the tickets alone; what is done stays until it is taken back."""
    fresh = Run.objects.select_for_update(of=("self",)).get(pk=run.pk)
    if fresh.state not in (Run.State.WAITING, Run.State.RUNNING):
        raise Refused(_("This has already ended."))
    _end(fresh, Run.State.STOPPED, by=by)
    return fresh


@task(WORK)
def work_run(run: int) -> None:
    """Go on with a run for a while, then line up again."""
    if work_for_a_while(lambda size: work_batch(run, size)):
        enqueue(WORK, run=run, priority=PRIORITY)


def work_batch(number: int, size: int = LARGEST) -> int:
    """One transaction's worth of tickets; returns how many, 0 when the run is over."""
    run = Run.objects.select_related("agent__role", "macro").filter(pk=number).first()
    if run is None or run.state not in (Run.State.WAITING, Run.State.RUNNING):
        return 0
    agent = run.agent
    with translation.override(agent.language), timezone.override(zone_of(agent)), transaction.atomic():
        waiting = run.tickets.filter(state=RunTicket.State.WAITING).order_by("id")
        rows = list(waiting.select_for_update(of=("self",), skip_locked=True)[:size])
        if rows:
            _count(run, handle(run, rows, agent))
        else:
            _end_if_over(run)
    return len(rows)


def _count(run: Run, handled: Counter[str]) -> None:
    """Progress, as whoever looks sees it."""
    counts = {name: F(name) + handled[name] for name in ("done", "same", "refused")}
    Run.objects.filter(pk=run.pk).update(**counts)
    Run.objects.filter(pk=run.pk, state=Run.State.WAITING).update(state=Run.State.RUNNING)


def _end_if_over(run: Run) -> None:
    """Another worker may still hold some of its tickets."""
    if run.tickets.filter(state=RunTicket.State.WAITING).exists():
        return
    fresh = Run.objects.select_for_update(of=("self",)).get(pk=run.pk)
    if fresh.state in (Run.State.WAITING, Run.State.RUNNING):
        _end(fresh, Run.State.DONE, by=run.agent)


def _end(run: Run, state: str, *, by: Any) -> None:
    run.state, run.ended_at = state, timezone.now()
    run.save(update_fields=["state", "ended_at"])
    event = RunEnded(run_id=run.pk, title=run.title, state=state, done=run.done, refused=run.refused)
    record(event, by=by)


@on(RunEnded, wanted=lambda event: event.state == Run.State.DONE)
def tell_who_started(event: RunEnded) -> None:
    """Who went on with something else while it ran hears that it is done; who waited for it has seen it."""
    run = Run.objects.filter(pk=event.run_id, total__gt=AT_ONCE).first()
    if run is not None:
        pieces = {"what": "run", "made": event.done, "run": run.pk, "subject": run.title}
        tell({run.agent_id: "finished"}, News(None, cause(), pieces))
