"""When rules about time look at a ticket: set as things happen to it, and for all tickets when a rule is switched on."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from zaguan.automation.facts import RELATED
from zaguan.automation.models import Rule, RuleTimer
from zaguan.automation.pacing import PRIORITY, work_for_a_while
from zaguan.automation.trigger_times import base_of, moment_of
from zaguan.automation.triggers import times_of
from zaguan.events.tasks import enqueue, task
from zaguan.tickets.models import RANKS, Phase, Ticket

WORK = "automation.plan_timers"
# A closed ticket is a record: rules leave it alone.
_CLOSED_RANK = RANKS[Phase.CLOSED]
# After these, and after nothing else, a moment may be another one; None: after anything.
_MOVED_BY: dict[str, tuple[str, ...] | None] = {
    "opened": (),
    "last_customer": ("conversations.MessageReceived", "conversations.CallLogged"),
    "last_answer": ("conversations.MessageSent", "conversations.MessageWithdrawn"),
    "status_changed": ("tickets.StatusChanged",),
    "promise": ("tickets.PromiseChanged", "tickets.TypeChanged"),
    "attribute": ("tickets.AttributesChanged", "tickets.TypeChanged"),
}
Timed = tuple[Rule, int, dict[str, Any]]


@transaction.atomic
def set_timers(ticket_id: int, kind: str, timed: Sequence[Timed]) -> None:
    """An event of this kind happened to a ticket: set, move or drop what rules about time wait for."""
    ticket = Ticket.objects.select_related(*RELATED).filter(pk=ticket_id).first()
    if ticket is None:
        return
    kept = RuleTimer.objects.filter(ticket=ticket_id).select_for_update(of=("self",))
    timers = {(timer.rule_id, timer.trigger): timer for timer in kept}
    fresh = []
    for rule, place, values in timed:
        timer = timers.get((rule.pk, place))
        if ticket.rank >= _CLOSED_RANK:
            _drop(timer)
        elif timer is None:
            fresh += _new(rule, place, values, ticket)
        else:
            _renew(timer, values, ticket, kind)
    if fresh:
        RuleTimer.objects.bulk_create(fresh, ignore_conflicts=True)


def _drop(timer: RuleTimer | None) -> None:
    if timer is not None:
        timer.delete()


def _new(rule: Rule, place: int, values: dict[str, Any], ticket: Ticket) -> list[RuleTimer]:
    base = base_of(ticket, values)
    if base is None:
        return []
    moment = moment_of(ticket, values, base)
    timer = RuleTimer(rule=rule, ticket=ticket, trigger=place, base=base, moment=moment, at=moment)
    if moment <= rule.updated_at and not rule.catches_up:
        # Its time had passed before anybody wanted this.
        timer.at, timer.done = None, True
    return [timer]


def _renew(timer: RuleTimer, values: dict[str, Any], ticket: Ticket, kind: str) -> None:
    """Move it when what it counts from moved; ask again where it was asked in vain and the ticket is another now."""
    moved_by = _MOVED_BY.get(values["base"])
    team_counts = bool(values.get("working")) and kind == "tickets.TeamChanged"
    base: datetime | None = timer.base
    if moved_by is None or kind in moved_by:
        base = base_of(ticket, values)
    if base is None:
        timer.delete()
    elif base != timer.base or team_counts:
        timer.done = timer.done and base == timer.base
        timer.base, timer.moment = base, moment_of(ticket, values, base)
        timer.at = None if timer.done else timer.moment
        timer.save(update_fields=["base", "moment", "at", "done"])
    elif timer.at is None and not timer.done:
        timer.at = timezone.now()
        timer.save(update_fields=["at"])


def plan_timers(rule: Rule) -> None:
    """A rule was changed, or what it counts from: its timers begin anew, in the background. Call it in the transaction of the change."""
    if not rule.is_acting or not times_of(rule.when):
        if rule.pk:
            forget_timers(rule)
        return
    enqueue(
        WORK, key=f"timers-{rule.pk}-{rule.version}", rule=rule.pk, version=rule.version, priority=PRIORITY
    )


def forget_timers(rule: Rule) -> None:
    """A rule waits for nothing any more."""
    RuleTimer.objects.filter(rule=rule).delete()


@task(WORK)
def work_planning(rule: int, version: int, after: int = 0) -> None:
    """Go on setting the timers of a rule for a while, then line up again; a newer version has its own."""
    place = [after]

    def batch(size: int) -> int:
        place[0] = plan_batch(rule, version, place[0], size)
        return place[0]

    if work_for_a_while(batch):
        enqueue(WORK, rule=rule, version=version, after=place[0], priority=PRIORITY)


@transaction.atomic
def plan_batch(number: int, version: int, after: int, size: int) -> int:
    """One transaction's worth of tickets; returns the last one's number, 0 at the end."""
    rule = Rule.objects.acting().filter(pk=number, version=version).first()
    if rule is None:
        return 0
    if after == 0:
        forget_timers(rule)
    open_ones = Ticket.objects.filter(pk__gt=after, rank__lt=_CLOSED_RANK).order_by("pk")
    tickets = list(open_ones.select_related(*RELATED)[:size])
    fresh = [
        timer
        for ticket in tickets
        for place, values in times_of(rule.when)
        for timer in _new(rule, place, values, ticket)
    ]
    RuleTimer.objects.bulk_create(fresh, ignore_conflicts=True)
    return tickets[-1].pk if tickets else 0
