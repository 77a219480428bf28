"""Rules: made, changed, switched on and off, put into an order, deleted and brought back as they were."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from zaguan.automation import rule_book
from zaguan.automation.conditions import checked_conditions
from zaguan.automation.loops import refuse_endless
from zaguan.automation.models import ConditionRow, Rule, RuleVersion, StepRow, TriggerRow
from zaguan.automation.rule_queries import checked_query
from zaguan.automation.rule_steps import checked_for_rule
from zaguan.automation.rule_words import CHOSEN, snapshot_of
from zaguan.automation.timers import forget_timers, plan_timers
from zaguan.automation.trigger_checks import checked_triggers
from zaguan.events.recording import record
from zaguan.lib.errors import Conflict, Refused
from zaguan.people.events import SettingChanged
from zaguan.people.models import Agent

MOST = 500


@transaction.atomic
def save_rule(
    agent: Agent,
    rule: Rule | None,
    *,
    name: str,
    when: Iterable[TriggerRow],
    steps: Iterable[StepRow],
    names: dict[str, str] | None = None,
    description: str = "",
    query: str = "",
    conditions: Iterable[ConditionRow] = (),
    stops: bool = False,
    catches_up: bool = False,
    version: int | None = None,
    despite_loops: bool = False,
    by: Any,
) -> Rule:
    """Make a rule (switched off) or change one.

    Raises Refused for what cannot be read, actions that `agent` may not do, and an active rule that would go round
    in circles; Conflict when `version` is old.
    """
    saved = _locked(rule, version) if rule is not None else _new()
    values = checked_definition(
        agent,
        name=name,
        names=names or {},
        description=description,
        when=when,
        query=query,
        conditions=conditions,
        steps=steps,
        stops=stops,
        catches_up=catches_up,
    )
    _put(saved, values, agent, by=by, despite_loops=despite_loops)
    return saved


def checked_definition(agent: Agent, **given: Any) -> dict[str, Any]:
    """What people choose of a rule, checked and ready to be stored."""
    name = " ".join(str(given["name"]).split())
    if not name or len(name) > 80:
        raise Refused(_("A rule has a name of 1 to 80 letters."), field="name")
    return {
        "name": name,
        "names": {code: text for code, text in given.get("names", {}).items() if text},
        "description": str(given.get("description", "")).strip()[:300],
        "when": checked_triggers(given["when"], agent),
        "query": checked_query(given.get("query", "")),
        "conditions": checked_conditions(given.get("conditions", ()), agent),
        "steps": [step.row for step in checked_for_rule(given["steps"], agent)],
        "stops": bool(given.get("stops")),
        "catches_up": bool(given.get("catches_up")),
    }


def _new() -> Rule:
    if Rule.objects.kept().count() >= MOST:
        raise Refused(_("There are already %(count)s rules. Delete one first.") % {"count": MOST})
    top: int = Rule.objects.aggregate(top=Max("position"))["top"] or 0
    return Rule(position=top + 1, version=0)


def _locked(rule: Rule, version: int | None = None) -> Rule:
    fresh = Rule.objects.select_for_update(of=("self",)).filter(archived_at=None, pk=rule.pk).first()
    if fresh is None:
        raise Refused(_("This rule was deleted."))
    if version is not None and version != fresh.version:
        raise Conflict(
            _("Somebody changed this rule while you were working on it."), changes=[], version=fresh.version
        )
    return fresh


def _put(
    rule: Rule,
    values: dict[str, Any],
    agent: Agent | None,
    *,
    by: Any,
    despite_loops: bool = False,
    restored_from: int | None = None,
) -> None:
    """Write what changed, as one version and one event."""
    before = snapshot_of(rule)
    changes = {name: [before[name], value] for name, value in values.items() if before[name] != value}
    if rule.pk and not changes and rule.braked_at is None:
        return
    for name, value in values.items():
        setattr(rule, name, value)
    if rule.is_active and not despite_loops:
        refuse_endless(rule)
    was_braked = rule.braked_at is not None
    rule.version, rule.author = rule.version + 1, agent
    rule.braked_at, rule.brake_reason = None, ""
    rule.save()
    RuleVersion.objects.create(
        rule=rule, number=rule.version, agent=agent, snapshot=snapshot_of(rule), restored_from=restored_from
    )
    rule_book.forget()
    # What came due while the brake was on was set aside.
    if was_braked or {"is_active", "when", "catches_up"} & changes.keys():
        plan_timers(rule)
    record(SettingChanged(what="rule", id=rule.pk, name=rule.name, changes=changes), by=by)


@transaction.atomic
def set_active(agent: Agent, rule: Rule, active: bool, *, by: Any, despite_loops: bool = False) -> Rule:
    """Let a rule act, or no longer; takes the brake off. Raises Refused for one that would go round in circles."""
    fresh = _locked(rule)
    if active:
        # Whoever lets it act answers for what it does.
        checked_for_rule(fresh.steps, agent)
    _put(fresh, {"is_active": active}, agent, by=by, despite_loops=despite_loops)
    return fresh


@transaction.atomic
def delete_rule(rule: Rule, *, by: Any) -> None:
    """It acts no more and is in no list; what it did stays told."""
    fresh = _locked(rule)
    fresh.archived_at, fresh.is_active = timezone.now(), False
    fresh.save(update_fields=["archived_at", "is_active", "updated_at"])
    forget_timers(fresh)
    rule_book.forget()
    changes = {"deleted": [False, True]}
    record(SettingChanged(what="rule", id=fresh.pk, name=fresh.name, changes=changes), by=by)


@transaction.atomic
def reorder_rules(numbers: Sequence[int], *, by: Any) -> None:
    """Put rules into this order; those left out come after them, as they were."""
    rows = list(Rule.objects.kept().select_for_update(of=("self",)).order_by("position", "id"))
    place = {number: at for at, number in enumerate(numbers)}
    ordered = sorted(rows, key=lambda rule: place.get(rule.pk, len(place)))
    before = [rule.pk for rule in rows]
    for position, rule in enumerate(ordered, 1):
        rule.position = position
    if before != [rule.pk for rule in ordered]:
        Rule.objects.bulk_update(ordered, ["position"])
        rule_book.forget()
        changes = {"order": [before, [rule.pk for rule in ordered]]}
        record(SettingChanged(what="rule", changes=changes), by=by)


@transaction.atomic
def restore_version(agent: Agent, rule: Rule, number: int, *, by: Any) -> Rule:
    """Make a rule as it was; whether it is active stays. Raises Refused for what cannot be done any more."""
    fresh = _locked(rule)
    version = RuleVersion.objects.filter(rule=fresh, number=number).first()
    if version is None:
        raise Refused(_("This rule has no version %(number)s.") % {"number": number}, field="version")
    given = {name: value for name, value in version.snapshot.items() if name in CHOSEN}
    given.pop("is_active", None)
    _put(fresh, checked_definition(agent, **given), agent, by=by, restored_from=number)
    return fresh
