"""Whether an agent is there: what they chose and until when, and what silence makes of it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from zaguan.events.base import SYSTEM
from zaguan.events.recording import record
from zaguan.events.tasks import enqueue, task
from zaguan.lib.errors import Refused
from zaguan.people.capacity import capacity
from zaguan.people.events import AvailabilityChanged
from zaguan.people.models import Agent
from zaguan.people.reference import forget_all

ONLINE, AWAY = Agent.Availability.ONLINE, Agent.Availability.AWAY
BACK, SILENT = "people.back_again", "people.made_away_by_silence"
# Signs of life are written down at most this often.
STEP = timedelta(minutes=1)


@transaction.atomic
def set_availability(agent: Agent, availability: str, *, by: Any, until: datetime | None = None) -> Agent:
    """Online, busy or away, if wished only until a time. Raises Refused for an unknown word or a time that has passed."""
    if availability not in Agent.Availability.values:
        raise Refused(_("Choose online, busy or away."), field="availability")
    if until is not None and timezone.is_naive(until):
        until = timezone.make_aware(until)
    if until is not None and (availability == ONLINE or until <= timezone.now()):
        raise Refused(_("Choose a time in the future, and only when you are busy or away."), field="until")
    fresh = _locked(agent.pk)
    before = (fresh.availability, fresh.availability_until, fresh.returns_to)
    fresh.seen_at = timezone.now()
    _put(fresh, availability, until=until)
    if before != (availability, until, ""):
        _told(fresh, before[0], by=by)
    if until is not None:
        enqueue(BACK, run_at=until, agent=fresh.pk, at=until.isoformat())
    _watch(fresh)
    return fresh


def alive(agent: Agent) -> None:
    """A sign of life from one of the agent's browsers: who was away only by silence is back."""
    now = timezone.now()
    if not agent.returns_to and agent.seen_at is not None and now - agent.seen_at < STEP:
        return
    with transaction.atomic():
        fresh = _locked(agent.pk)
        was_gone = bool(fresh.returns_to) or (fresh.availability == ONLINE and _is_silent(fresh))
        fresh.seen_at = now
        if was_gone:
            _put(fresh, fresh.returns_to or ONLINE, until=fresh.availability_until)
            _told(fresh, AWAY, by=SYSTEM, automatic=True)
        else:
            fresh.save(update_fields=["seen_at"])
        _watch(fresh)
    agent.seen_at, agent.returns_to = now, ""


def present(now: datetime | None = None) -> Q:
    """Agents who are there: online, and not silent for too long."""
    minutes = capacity().away_after_minutes
    seen = Q(seen_at__isnull=False)
    if minutes:
        seen = Q(seen_at__gt=(now or timezone.now()) - timedelta(minutes=minutes))
    return Q(is_active=True, availability=ONLINE) & seen


def is_present(availability: str, seen_at: datetime | None, now: datetime) -> bool:
    """The same for the values of an agent who may sign in."""
    minutes = capacity().away_after_minutes
    if availability != ONLINE or seen_at is None:
        return False
    return not minutes or seen_at > now - timedelta(minutes=minutes)


@task(SILENT)
@transaction.atomic
def make_away(agent: int) -> None:
    """Away by silence, or asked again when that could be."""
    fresh = Agent.objects.select_for_update(of=("self",)).filter(pk=agent, is_active=True).first()
    if fresh is None or fresh.availability == AWAY or fresh.seen_at is None:
        return
    if not _is_silent(fresh):
        _watch(fresh)
        return
    before = fresh.availability
    _put(fresh, AWAY, until=fresh.availability_until, returns_to=before)
    _told(fresh, before, by=SYSTEM, automatic=True)


@task(BACK)
@transaction.atomic
def come_back(agent: int, at: str) -> None:
    """The time that an agent named has come, unless they chose something else since."""
    fresh = Agent.objects.select_for_update(of=("self",)).filter(pk=agent).first()
    if fresh is None or fresh.availability_until is None or fresh.availability_until.isoformat() != at:
        return
    before = fresh.availability
    if _is_silent(fresh):
        # Online as soon as one of their browsers says so.
        _put(fresh, AWAY, returns_to=ONLINE)
    else:
        _put(fresh, ONLINE)
        _watch(fresh)
    _told(fresh, before, by=SYSTEM, automatic=True)


def _is_silent(agent: Agent) -> bool:
    """Whether there was no sign of life for so long that it means away."""
    minutes = capacity().away_after_minutes
    return agent.seen_at is None or bool(
        minutes and agent.seen_at + timedelta(minutes=minutes) <= timezone.now()
    )


def _locked(number: int) -> Agent:
    return Agent.objects.select_for_update(of=("self",)).get(pk=number)


def _put(agent: Agent, availability: str, *, until: datetime | None = None, returns_to: str = "") -> None:
    agent.availability, agent.availability_until, agent.returns_to = availability, until, returns_to
    agent.save(update_fields=["availability", "availability_until", "returns_to", "seen_at"])


def _told(agent: Agent, before: str, *, by: Any, automatic: bool = False) -> None:
    until = agent.availability_until.isoformat() if agent.availability_until else ""
    transaction.on_commit(forget_all)
    record(
        AvailabilityChanged(
            agent_id=agent.pk, availability=[before, agent.availability], until=until, automatic=automatic
        ),
        by=by,
    )


def _watch(agent: Agent) -> None:
    """Look at the right moment whether they have fallen silent."""
    minutes = capacity().away_after_minutes
    if minutes and agent.availability != AWAY and agent.seen_at is not None:
        enqueue(
            SILENT,
            run_at=agent.seen_at + timedelta(minutes=minutes),
            key=f"silent-{agent.pk}",
            agent=agent.pk,
        )
