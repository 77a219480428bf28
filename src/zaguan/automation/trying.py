"""The dry run: on which of the last tickets a rule would have acted, and what would be different. Writes nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from zaguan.automation.conditions import holds_by_itself, holds_when_read
from zaguan.automation.facts import RELATED, Fact
from zaguan.automation.models import Rule, RuleTrial
from zaguan.automation.pacing import PRIORITY, work_for_a_while
from zaguan.automation.rule_queries import ask_together
from zaguan.automation.rule_words import CHOSEN
from zaguan.automation.steps import previews, stored
from zaguan.automation.trigger_times import base_of, moment_of
from zaguan.automation.triggers import kinds_of, started_by, times_of
from zaguan.events.base import Actor
from zaguan.events.models import EventRecord
from zaguan.events.tasks import enqueue, task
from zaguan.lib.errors import Refused
from zaguan.people.models import Agent
from zaguan.tickets.models import HIDDEN_RANK, Ticket

WORK = "automation.try_rule"
USUAL, MOST = 500, 5000
# So many are listed with their differences; all are counted.
LISTED = 200
# Events of one ticket that are looked at, the latest first.
_EVENTS = 200


@dataclass(frozen=True)
class Hit:
    """A ticket on which the rule would have acted, and what it would have changed there."""

    ticket: int
    subject: str
    at: datetime
    event: int | None
    times: int
    differences: list[dict[str, Any]]


def try_on(rule: Rule, tickets: list[Ticket]) -> Iterator[Hit | None]:
    """One answer for each ticket: None where it would have done nothing. Nothing is written.

    What changed is judged by what was recorded then; the ticket by how it stands now.
    """
    asked = ask_together({0: rule.query})
    for ticket in tickets:
        found = _times(rule, ticket) if asked.on(ticket.pk) else []
        yield _hit(rule, ticket, found) if found else None


def _times(rule: Rule, ticket: Ticket) -> list[tuple[datetime, int | None]]:
    """When it would have acted, the latest first."""
    found: list[tuple[datetime, int | None]] = [(at, None) for at in _moments(rule, ticket)]
    kinds = kinds_of(rule.when)
    if not kinds:
        return found
    rows = EventRecord.objects.filter(ticket_id=ticket.pk, kind__in=kinds).order_by("-id")[:_EVENTS]
    return [*[(row.at, row.pk) for row in rows if _fits(rule, Fact(ticket.pk, row))], *found]


def _fits(rule: Rule, fact: Fact) -> bool:
    """Not where rules had caused it: by then this one might have changed what they did."""
    if fact.actor_kind == "rule" or started_by(rule.when, fact.kind, fact.data) is None:
        return False
    return holds_by_itself(rule.conditions, fact) and holds_when_read(rule.conditions, fact)


def _moments(rule: Rule, ticket: Ticket) -> Iterator[datetime]:
    for _place, values in times_of(rule.when):
        base = base_of(ticket, values)
        if base is None:
            continue
        moment = moment_of(ticket, values, base)
        fact = Fact(ticket.pk, base=base)
        holds = holds_by_itself(rule.conditions, fact) and holds_when_read(rule.conditions, fact)
        if moment <= timezone.now() and holds:
            yield moment


def _hit(rule: Rule, ticket: Ticket, found: list[tuple[datetime, int | None]]) -> Hit:
    at, event = found[0]
    return Hit(ticket.pk, ticket.subject, at, event, len(found), differences_on(rule, ticket))


def differences_on(rule: Rule, ticket: Ticket) -> list[dict[str, Any]]:
    """What each action would change on a ticket, as it stands; with why it could not."""
    shown = previews(stored(rule.steps), ticket, by=Actor("rule", rule.pk))
    return [vars(each) for each in shown]


@transaction.atomic
def begin_trial(
    agent: Agent, rule: Rule | None, values: dict[str, Any] | None = None, *, last: int = USUAL
) -> RuleTrial:
    """Try a rule on the last tickets, in the background: as it is saved, or with `values` that were checked."""
    if not 1 <= last <= MOST:
        raise Refused(_("Choose between 1 and %(most)d tickets.") % {"most": MOST}, field="last")
    snapshot = {name: getattr(rule, name) for name in CHOSEN} if rule is not None else {}
    newest = Ticket.objects.visible_to(agent).order_by("-pk").values_list("pk", flat=True)[:last]
    total = len(newest)
    trial = RuleTrial.objects.create(
        agent=agent, rule=rule if rule and rule.pk else None, snapshot=snapshot | (values or {}), total=total
    )
    enqueue(WORK, trial=trial.pk, priority=PRIORITY)
    return trial


@task(WORK)
def work_trial(trial: int) -> None:
    """Go on with a dry run for a while, then line up again."""
    if work_for_a_while(lambda size: trial_batch(trial, min(size, 50))):
        enqueue(WORK, trial=trial, priority=PRIORITY)


@transaction.atomic
def trial_batch(number: int, size: int) -> int:
    """So many tickets, the latest first; returns how many, 0 at the end."""
    rows = RuleTrial.objects.select_for_update(of=("self",)).select_related("agent__role")
    trial = rows.filter(pk=number, state__in=[RuleTrial.State.WAITING, RuleTrial.State.RUNNING]).first()
    if trial is None:
        return 0
    known = Ticket.objects.visible_to(trial.agent).filter(rank__lt=HIDDEN_RANK).select_related(*RELATED)
    if trial.below is not None:
        known = known.filter(pk__lt=trial.below)
    tickets = list(known.order_by("-pk")[: min(size, trial.total - trial.seen)])
    with translation.override(trial.agent.language):
        _look(trial, tickets)
    trial.state = RuleTrial.State.RUNNING
    if not tickets or trial.seen >= trial.total:
        trial.state, trial.ended_at = RuleTrial.State.DONE, timezone.now()
    trial.save(update_fields=["seen", "matched", "below", "found", "state", "ended_at"])
    return len(tickets)


def _look(trial: RuleTrial, tickets: list[Ticket]) -> None:
    rule = Rule(pk=trial.rule_id, **{name: trial.snapshot.get(name) or _EMPTY[name] for name in _EMPTY})
    for ticket, hit in zip(tickets, try_on(rule, tickets), strict=True):
        trial.seen, trial.below = trial.seen + 1, ticket.pk
        if hit is not None:
            trial.matched += 1
            if len(trial.found) < LISTED:
                trial.found.append(vars(hit) | {"at": hit.at.isoformat()})


_EMPTY: dict[str, Any] = {"name": "", "when": [], "query": "", "conditions": [], "steps": []}


@transaction.atomic
def stop_trial(trial: RuleTrial) -> None:
    """No further tickets; what was found stays."""
    RuleTrial.objects.filter(pk=trial.pk, ended_at=None).update(
        state=RuleTrial.State.STOPPED, ended_at=timezone.now()
    )
