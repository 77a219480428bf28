"""Reading what rules did: on a ticket, by a rule, because of an event; and forgetting it after a while."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from zaguan.automation import held_back, seen_words
from zaguan.automation.actions.call_webhook import CallWebhook, host_of
from zaguan.automation.base import action_named
from zaguan.automation.conditions import condition_in_words
from zaguan.automation.models import Rule, RuleRun, RuleTrial, WebhookCall
from zaguan.automation.steps import stored
from zaguan.automation.triggers import trigger_named
from zaguan.events.models import EventRecord
from zaguan.lib.errors import Refused
from zaguan.lib.forgetting import forget
from zaguan.lib.text import mid_sentence
from zaguan.people.models import Agent

KEPT_FOR, TRIALS_KEPT_FOR = timedelta(days=180), timedelta(days=7)


@dataclass(frozen=True)
class ToldCondition:
    """What was asked, whether it held, and the value that was looked at."""

    sentence: str
    true: bool
    seen: str


@dataclass(frozen=True)
class ToldAction:
    """What was to be done and what came of it: "done", "same" or "refused"."""

    sentence: str
    state: str
    label: str
    old: str
    new: str
    reason: str


@dataclass(frozen=True)
class Told:
    """One run in the reader's words. `event_id` is its cause; `applied_id` what its changes name as theirs."""

    id: int
    rule: Rule
    version: int
    ticket_id: int
    at: datetime
    outcome: str
    outcome_label: str
    reason: str
    trigger: str
    event_id: int | None
    applied_id: int | None
    moment: datetime | None
    depth: int
    rows: RuleRun

    @property
    def when(self) -> str:
        """What started it, to stand after “When”."""
        return mid_sentence(self.trigger)

    @cached_property
    def conditions(self) -> list[ToldCondition]:
        """Made when they are read: many a list shows only that a rule acted."""
        return [_condition(row) for row in self.rows.conditions]

    @cached_property
    def actions(self) -> list[ToldAction]:
        return [_action(row) for row in self.rows.actions]


def runs_of(rule: Rule, viewer: Agent) -> QuerySet[RuleRun]:
    """What a rule did on tickets that the viewer may know of, the latest first."""
    return (
        RuleRun.objects.visible_to(viewer).filter(rule=rule).select_related("rule", "ticket").order_by("-id")
    )


def runs_on(ticket_id: int, viewer: Agent) -> QuerySet[RuleRun]:
    """What rules did on a ticket, the latest first: the answer to "why did this happen?"."""
    runs = RuleRun.objects.visible_to(viewer).filter(ticket=ticket_id)
    return runs.select_related("rule").order_by("-id")


def run_behind(event_id: int, viewer: Agent) -> RuleRun | None:
    """The run that caused an event of a ticket, directly or by way of what it changed; None for people's own acts."""
    number: int | None = event_id
    for _step in range(20):
        row = EventRecord.objects.filter(pk=number or 0).first()
        if row is None:
            return None
        if row.kind == "automation.RuleApplied":
            return runs_on(row.ticket_id or 0, viewer).filter(applied_id=row.pk).first()
        number = row.cause_id
    return None


def told(run: RuleRun) -> Told:
    """A run as a person reads it."""
    return Told(
        id=run.pk,
        rule=run.rule,
        version=run.version,
        ticket_id=run.ticket_id,
        at=run.at,
        outcome=run.outcome,
        outcome_label=str(RuleRun.Outcome(run.outcome).label),
        reason=held_back.said(run.reason),
        trigger=_trigger(run),
        event_id=run.event_id,
        applied_id=run.applied_id,
        moment=run.moment,
        depth=run.depth,
        rows=run,
    )


def _trigger(run: RuleRun) -> str:
    try:
        return trigger_named(run.trigger.get("trigger", "")).describe(run.trigger.get("values") or {})
    except (Refused, KeyError):
        return "–"


def _condition(row: dict[str, Any]) -> ToldCondition:
    try:
        sentence = row["query"] if "query" in row else condition_in_words(row["condition"])
    except (Refused, KeyError):
        sentence = _("A condition that this version does not know")
    return ToldCondition(sentence, bool(row.get("true")), seen_words.said(row.get("seen", "")))


def _action(row: dict[str, Any]) -> ToldAction:
    try:
        sentence, label = stored([row])[0].sentence(), str(action_named(row["action"]).label)
    except Refused as refused:
        sentence = label = refused.sentence
    plain = {name: str(row.get(name, "")) for name in ("state", "old", "new", "reason")}
    if row["action"] == CallWebhook.key and "://" in plain["new"]:
        # Kept whole until 0.3.0.
        plain["new"] = host_of(plain["new"])
    return ToldAction(sentence=sentence, label=label, **plain)


def forget_old() -> int:
    """Delete what nobody asks about any more; returns how many rows."""
    now = timezone.now()
    return (
        forget(RuleRun.objects.filter(at__lt=now - KEPT_FOR).order_by("at"))
        + forget(RuleTrial.objects.filter(created_at__lt=now - TRIALS_KEPT_FOR).order_by("created_at"))
        + forget(WebhookCall.objects.filter(created_at__lt=now - KEPT_FOR).order_by("created_at"))
    )
