"""The clock: rules about time look at the tickets whose moment has come. Never at all tickets."""

from __future__ import annotations

import logging
import time
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from zaguan.automation.acting import act
from zaguan.automation.conditions import holds_by_itself, holds_when_read
from zaguan.automation.facts import RELATED, Fact
from zaguan.automation.models import Rule, RuleTimer
from zaguan.automation.rule_book import acting, fitting
from zaguan.automation.trigger_times import TIME, base_of, moment_of
from zaguan.tickets.models import Ticket

log = logging.getLogger(__name__)
AT_ONCE, SECONDS = 200, 4.0
# After a fault, so that one ticket does not keep the others waiting.
_LATER = timedelta(minutes=5)


def fire_due() -> int:
    """What the clock brings, for a while; returns at how many tickets rules looked."""
    until, seen = time.monotonic() + SECONDS, set[int]()
    while time.monotonic() < until:
        due = RuleTimer.objects.filter(at__lte=timezone.now()).order_by("at", "id")
        # Those that another worker holds are still there.
        numbers = set(due.values_list("pk", flat=True)[:AT_ONCE]) - seen
        if not numbers:
            break
        seen |= numbers
        for number in sorted(numbers):
            _fire_safely(number)
    return len(seen)


def _fire_safely(number: int) -> None:
    try:
        _fire(number)
    except Exception:
        log.exception("a rule about time failed (timer %s)", number)
        RuleTimer.objects.filter(pk=number).update(at=timezone.now() + _LATER)


@transaction.atomic
def _fire(number: int) -> None:
    rows = RuleTimer.objects.select_for_update(of=("self",), skip_locked=True)
    timer = rows.filter(pk=number, at__lte=timezone.now()).first()
    if timer is None:
        return
    rule = acting.all().get(timer.rule_id)
    if rule is None:
        _set_aside(timer)
        return
    fact = _due_fact(rule, timer)
    if fact is None:
        return
    if _fits(rule, fact):
        act(rule, fact, rule.when[timer.trigger])
        timer.done = True
    timer.at = None
    timer.save(update_fields=["at", "done"])


def _set_aside(timer: RuleTimer) -> None:
    """The rule is switched off or braked: nothing to do until it is switched on again, which sets timers anew."""
    timer.at = None
    timer.save(update_fields=["at"])


def _due_fact(rule: Rule, timer: RuleTimer) -> Fact | None:
    """What it is about, asked again: None when it moved meanwhile, and the timer with it."""
    ticket = Ticket.objects.select_related(*RELATED).get(pk=timer.ticket_id)
    row = rule.when[timer.trigger] if timer.trigger < len(rule.when) else None
    base = base_of(ticket, row["values"]) if row and row["trigger"] == TIME else None
    if row is None or base is None:
        timer.delete()
        return None
    moment = moment_of(ticket, row["values"], base)
    if moment > timezone.now() or base != timer.base:
        timer.base, timer.moment, timer.at, timer.done = base, moment, moment, False
        timer.save(update_fields=["base", "moment", "at", "done"])
        if moment > timezone.now():
            return None
    return Fact(ticket.pk, base=base)


def _fits(rule: Rule, fact: Fact) -> bool:
    if not fitting([rule], fact.ticket_id):
        return False
    return holds_by_itself(rule.conditions, fact) and holds_when_read(rule.conditions, fact)
