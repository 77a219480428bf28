"""A rule acts on a ticket: once for each first cause, each action by itself, and all of it written down."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils import timezone

from zaguan.automation.applying import carry_out
from zaguan.automation.braking import brake, too_often
from zaguan.automation.causes import MOST_DEPTH, Chain
from zaguan.automation.events import RuleApplied
from zaguan.automation.facts import Fact
from zaguan.automation.held_back import kept
from zaguan.automation.models import Rule, RuleRun, TriggerRow
from zaguan.automation.seen import what_was_seen
from zaguan.automation.steps import Step, stored
from zaguan.events.recording import record
from zaguan.lib.errors import Refused
from zaguan.lib.statements import insert
from zaguan.tickets.changing import lock, store

Outcome = RuleRun.Outcome


class _Nothing(Exception):  # noqa: N818
    """No action did anything: what was written before them is taken back."""


@transaction.atomic
def act(rule: Rule, fact: Fact, trigger: TriggerRow, chain: Chain | None = None) -> RuleRun | None:
    """Let a fitting rule act; the run of before when it already did, None when the ticket is gone.

    Without `chain`, time has passed: then it acts once for what that was counted from.
    """
    ticket = lock(fact.ticket_id)
    if ticket.is_hidden:
        return None
    once = {"root_id": chain.root_id} if chain else {"moment": fact.base}
    known = RuleRun.objects.filter(ticket=ticket, rule=rule, **once).first()
    if known is not None:
        return known
    run = RuleRun(
        rule=rule,
        version=rule.version,
        ticket=ticket,
        event_id=fact.row.pk if fact.row else None,
        depth=chain.depth if chain else 0,
        trigger=trigger,
        conditions=what_was_seen(rule, fact),
        at=timezone.now(),
        **once,
    )
    run.reason = _held_back(rule, fact, chain)
    if run.reason:
        run.outcome = Outcome.STOPPED
    else:
        _do_all(rule, run)
    return insert(run)


def _held_back(rule: Rule, fact: Fact, chain: Chain | None) -> str:
    """Why a rule that fits does nothing all the same."""
    if chain is not None and rule.pk in chain.rules:
        return kept("itself")
    if chain is not None and chain.depth >= MOST_DEPTH:
        return kept("depth", count=chain.depth)
    reason = too_often(rule, fact.ticket_id)
    if reason:
        brake(rule, fact.ticket_id, reason)
    return reason


def _do_all(rule: Rule, run: RuleRun) -> None:
    """All actions, one after the other. When none of them did anything, nothing is recorded of it."""
    try:
        with transaction.atomic():
            ticket = lock(run.ticket_id)
            store(ticket)
            applied = RuleApplied(
                ticket_id=run.ticket_id, rule_id=rule.pk, name=rule.name, version=rule.version
            )
            run.applied_id = record(applied, by=rule.actor).pk
            run.actions = [_do(step, run, rule.actor) for step in stored(rule.steps)]
            _refuse_nothing(run)
    except _Nothing:
        run.applied_id = None
        refused = next((done["reason"] for done in run.actions if done["state"] == Outcome.REFUSED.value), "")
        run.outcome = Outcome.REFUSED if refused else Outcome.SAME
        run.reason = refused[:300]


def _refuse_nothing(run: RuleRun) -> None:
    if Outcome.DONE.value not in {done["state"] for done in run.actions}:
        raise _Nothing


def _do(step: Step, run: RuleRun, actor: Any) -> dict[str, Any]:
    """One action; what it did, or why it was refused. The others go on."""
    told: dict[str, Any] = {**step.row, "state": Outcome.DONE.value, "old": "", "new": "", "reason": ""}
    try:
        with transaction.atomic():
            ticket = lock(run.ticket_id)
            preview = step.action.preview(ticket, step.values, by=actor)
            told |= {"old": preview.old[:200], "new": preview.new[:200]}
            outcome = carry_out(ticket, [step], by=actor, cause=run.applied_id)
    except Refused as refused:
        return told | {"state": Outcome.REFUSED.value, "reason": refused.sentence[:300]}
    if outcome.beside:
        told["new"] = ", ".join(outcome.beside)[:200]
    if outcome.messages:
        told["messages"] = outcome.messages
    return told if outcome.changed else told | {"state": Outcome.SAME.value}
