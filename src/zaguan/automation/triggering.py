"""Something happened: which rules fit, and let them act, in their order. Safe to run again."""

from __future__ import annotations

from collections.abc import Sequence

from zaguan.automation.acting import act
from zaguan.automation.causes import chain_of, event_row
from zaguan.automation.conditions import holds_by_itself, holds_when_read
from zaguan.automation.facts import Fact
from zaguan.automation.models import Rule, RuleRun, TriggerRow
from zaguan.automation.rule_book import book, fitting
from zaguan.automation.timers import set_timers
from zaguan.automation.triggers import started_by

Started = tuple[Rule, TriggerRow]
_ACTED = (RuleRun.Outcome.DONE, RuleRun.Outcome.SAME)


def react_to(event_id: int) -> None:
    """Ask all rules about one event."""
    now = book()
    row = event_row(event_id)
    if row is None or row.ticket_id is None:
        return
    if now.timed:
        set_timers(row.ticket_id, row.kind, now.timed)
    rules = now.by_kind.get(row.kind)
    if rules:
        fact = Fact(row.ticket_id, row)
        _let_act(_not_stopped(fitting_rules(rules, fact), rules, fact), fact)


def fitting_rules(rules: Sequence[Rule], fact: Fact) -> list[Started]:
    """Those that fit, in order: first what the event itself says, then all filters at once, then what must be read."""
    kind, data = fact.kind, fact.data
    started = [
        (rule, trigger)
        for rule in rules
        if (trigger := started_by(rule.when, kind, data)) is not None
        and (not rule.conditions or holds_by_itself(rule.conditions, fact))
    ]
    if not started:
        return []
    found = fitting([rule for rule, _trigger in started], fact.ticket_id, among=rules)
    return [
        (rule, trigger)
        for rule, trigger in started
        if rule.pk in found and (not rule.conditions or holds_when_read(rule.conditions, fact))
    ]


def _not_stopped(started: list[Started], rules: Sequence[Rule], fact: Fact) -> list[Started]:
    """When this is run again: without those below a rule that acted and stops, though it may fit no more by now."""
    stopping = [rule.pk for rule in rules if rule.stops]
    if not started or not stopping or fact.row is None:
        return started
    runs = RuleRun.objects.filter(ticket=fact.ticket_id, event_id=fact.row.pk, rule__in=stopping)
    acted = set(runs.filter(outcome__in=_ACTED).values_list("rule", flat=True))
    last = next((place for place, rule in enumerate(rules) if rule.pk in acted), len(rules))
    heard = {rule.pk for rule in rules[: last + 1]}
    return [each for each in started if each[0].pk in heard]


def _let_act(started: Sequence[Started], fact: Fact) -> None:
    """One after the other; the ticket is looked at again once one of them changed it. A failing one is told last."""
    if not started or fact.row is None:
        return
    chain, changed = chain_of(fact.row), False
    problem: Exception | None = None
    for rule, trigger in started:
        if changed and not fitting([rule], fact.ticket_id):
            continue
        try:
            run = act(rule, fact, trigger, chain)
        except Exception as error:  # noqa: BLE001 (one rule's fault is not the others'; the job tells of it)
            problem = problem or error
            continue
        if run is None:
            break
        acted = run.outcome in _ACTED
        changed = changed or run.outcome == RuleRun.Outcome.DONE
        if acted and rule.stops:
            break
    if problem is not None:
        raise problem
