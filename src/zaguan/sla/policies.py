"""Make, change, order, switch on and delete policies. Every change of what is promised is a new version; the old ones stay."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import Count, Max
from django.utils import timezone
from django.utils.translation import gettext as _

from zaguan.events.recording import record
from zaguan.lib.errors import Conflict, Refused
from zaguan.people.events import SettingChanged
from zaguan.people.models import Agent
from zaguan.sla import choosing
from zaguan.sla.models import Calendar, Clock, Policy, PolicyVersion
from zaguan.sla.target_checks import checked_targets

USED_WITHIN = timedelta(days=7)


@transaction.atomic
def save_policy(
    policy: Policy | None,
    *,
    by: Any,
    name: str,
    query: str = "",
    description: str = "",
    calendar: Calendar | None = None,
    targets: Sequence[Mapping[str, Any]] = (),
    version: int | None = None,
) -> Policy:
    """Make a policy, which is off and the last in order, or change one. `targets` as `Target.as_json`.

    Tickets that have it keep the version by which their clocks began until a rerun. Raises Refused for a filter that depends
    on who looks or when, and for targets that promise nothing; Conflict when `version` is old.
    """
    name, query = name.strip()[:80], query.strip()
    if not name:
        raise Refused(_("Give it a name."), field="name")
    if len(query) > 1000:
        raise Refused(_("This filter is too long."), field="query")
    choosing.refuse_unclear(query)
    rows = [target.as_json() for target in checked_targets(targets)]
    calendar_id = calendar.pk if calendar else None
    saved = _locked(policy) if policy else Policy(version=0, position=_last_position() + 1)
    if version is not None and version != saved.version:
        raise Conflict(_("Somebody else changed this policy."), changes=[], version=saved.version)
    before = saved.versions.order_by("-number").first() if policy else None
    changes = _changes(saved, before, name, description.strip()[:300], query, calendar_id, rows)
    saved.name, saved.description = name, description.strip()[:300]
    if before is None or {"query", "calendar", "targets"} & set(changes):
        saved.version += 1
        saved.save()
        PolicyVersion.objects.create(
            policy=saved, number=saved.version, name=name, query=query, calendar_id=calendar_id, targets=rows,
            made_at=timezone.now(), made_by=by if isinstance(by, Agent) else None,
        )  # fmt: skip
    else:
        saved.save()
    choosing.versions.forget()
    if changes or before is None:
        record(SettingChanged(what="sla_policy", id=saved.pk, name=name, changes=changes), by=by)
    return saved


def _changes(
    policy: Policy, before: PolicyVersion | None, name: str, description: str, query: str,
    calendar_id: int | None, targets: list[dict[str, Any]],
) -> dict[str, list[Any]]:  # fmt: skip
    if before is None:
        return {}
    pairs: dict[str, list[Any]] = {
        "name": [policy.name, name],
        "description": [policy.description, description],
        "query": [before.query, query],
        "calendar": [before.calendar_id, calendar_id],
        "targets": [before.targets, targets],
    }
    return {key: pair for key, pair in pairs.items() if pair[0] != pair[1]}


@transaction.atomic
def set_active(policy: Policy, active: bool, *, by: Any) -> Policy:
    """Let a policy be chosen, or no longer. Tickets that have it keep it until they change or a rerun."""
    fresh = _locked(policy)
    if fresh.is_active == active:
        return fresh
    fresh.is_active = active
    fresh.activated_at = fresh.activated_at or (timezone.now() if active else None)
    fresh.save(update_fields=["is_active", "activated_at"])
    choosing.versions.forget()
    changes = {"active": [not active, active]}
    record(SettingChanged(what="sla_policy", id=fresh.pk, name=fresh.name, changes=changes), by=by)
    return fresh


@transaction.atomic
def reorder_policies(ids: Iterable[int], *, by: Any) -> None:
    """Put policies into this order; those that are not named follow in the order they had."""
    kept = list(Policy.objects.kept().select_for_update())
    wanted = {pk: place for place, pk in enumerate(ids)}
    before = [policy.pk for policy in kept]
    kept.sort(key=lambda policy: wanted.get(policy.pk, len(wanted) + before.index(policy.pk)))
    for place, policy in enumerate(kept, 1):
        policy.position = place
    Policy.objects.bulk_update(kept, ["position"])
    choosing.versions.forget()
    after = [policy.pk for policy in kept]
    if before != after:
        record(SettingChanged(what="sla_policy", changes={"order": [before, after]}), by=by)


@transaction.atomic
def delete_policy(policy: Policy, *, by: Any) -> None:
    """Take a policy away. What was promised by it stays on its tickets, until they change or a rerun."""
    fresh = _locked(policy)
    if fresh.activated_at is not None:
        # Another process may choose it at this very moment: its row stays.
        fresh.is_active, fresh.archived_at = False, timezone.now()
        fresh.save(update_fields=["is_active", "archived_at"])
    else:
        Policy.objects.filter(pk=fresh.pk).delete()
    choosing.versions.forget()
    record(
        SettingChanged(what="sla_policy", id=policy.pk, name=fresh.name, changes={"deleted": [False, True]}),
        by=by,
    )


def used_lately(policies: Iterable[Policy]) -> dict[int, int]:
    """On how many tickets clocks of these policies were started within seven days."""
    rows = Clock.objects.filter(policy__in=list(policies), started_at__gte=timezone.now() - USED_WITHIN)
    counted = rows.values_list("policy").annotate(tickets=Count("ticket", distinct=True))
    return dict(counted.order_by())


def hidden_ones(policies: Iterable[Policy]) -> dict[int, Policy]:
    """Those that are on and find no ticket, each with the one above it that finds every ticket; `policies` in order."""
    found: dict[int, Policy] = {}
    everything: Policy | None = None
    for policy in policies:
        version = choosing.newest(policy.pk)
        if not policy.is_active or version is None:
            continue
        if everything is not None:
            found[policy.pk] = everything
        elif not version.query:
            everything = policy
    return found


def _locked(policy: Policy) -> Policy:
    fresh = Policy.objects.kept().select_for_update().filter(pk=policy.pk).first()
    if fresh is None:
        raise Refused(_("This policy is no longer there."))
    return fresh


def _last_position() -> int:
    found: int | None = Policy.objects.aggregate(last=Max("position"))["last"]
    return found or 0
