"""The brake: a rule that acts too often is stopped, and its author and the administrators are told (R19)."""

from __future__ import annotations

import time
from datetime import timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from zaguan.automation import held_back, rule_book
from zaguan.automation.events import RuleBraked
from zaguan.automation.models import Rule, RuleRun
from zaguan.events.base import SYSTEM
from zaguan.events.recording import record
from zaguan.notifications.sending import News, tell
from zaguan.people.models import Agent
from zaguan.tickets.models import Ticket

WITHIN = timedelta(minutes=1)
# On one ticket no honest rule acts so often; altogether, a storm of mail of more than 300 a second.
MOST_ON_TICKET, MOST_ALTOGETHER = 50, 20_000
# All of a rule's runs are counted once in so many of this process.
_COUNT_EVERY = 1000
_counts: dict[int, tuple[float, int]] = {}


def too_often(rule: Rule, ticket_id: int) -> str:
    """Why a rule must not act again now, as automation/held_back.py keeps it; "" when it may."""
    since = timezone.now() - WITHIN
    runs = RuleRun.objects.filter(rule=rule, at__gt=since)
    if runs.filter(ticket=ticket_id).count() >= MOST_ON_TICKET:
        return held_back.kept("often_on_ticket", count=MOST_ON_TICKET, number=ticket_id)
    if _time_to_count(rule.pk) and runs.count() >= MOST_ALTOGETHER:
        return held_back.kept("often", count=MOST_ALTOGETHER)
    return ""


def _time_to_count(number: int) -> bool:
    began, count = _counts.get(number, (0.0, 0))
    now = time.monotonic()
    if now - began > WITHIN.total_seconds():
        began, count = now, 0
    _counts[number] = (began, count + 1)
    return (count + 1) % min(_COUNT_EVERY, MOST_ALTOGETHER) == 0


@transaction.atomic
def brake(rule: Rule, ticket_id: int, reason: str) -> bool:
    """Stop a rule, for what `too_often` said, until somebody switches it on again; says whether it was running."""
    found = Rule.objects.filter(pk=rule.pk, braked_at=None)
    if not found.update(braked_at=timezone.now(), brake_reason=reason[:300]):
        return False
    rule_book.forget()
    event = record(RuleBraked(ticket_id=ticket_id, rule_id=rule.pk, name=rule.name, reason=reason), by=SYSTEM)
    hearers = dict.fromkeys((agent.pk for agent in concerned(rule)), "paused")
    tell(
        hearers,
        News(Ticket.objects.get(pk=ticket_id), event.pk, {"name": rule.name} | held_back.values_of(reason)),
    )
    return True


def concerned(rule: Rule) -> list[Agent]:
    """Who hears of it: its author, and the administrators."""
    who = Q(role__is_admin=True) | Q(pk=rule.author_id or 0)
    return list(Agent.objects.filter(who, is_active=True).select_related("role").distinct())
