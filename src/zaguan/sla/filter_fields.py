"""sla:breached, due:<2h, policy:name – how what was promised stands."""

from __future__ import annotations

import re
from datetime import timedelta

from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from zaguan.lib.folding import squeeze
from zaguan.people.models import Agent
from zaguan.people.reference import Kept
from zaguan.sla import time_columns, turn_filter
from zaguan.sla.models import Clock, Policy
from zaguan.tickets.filter_choices import pick
from zaguan.tickets.filter_conditions import NOBODY
from zaguan.tickets.filter_dates import span_of
from zaguan.tickets.filtering import Field, NotUnderstood, register
from zaguan.tickets.models import SlaState

# These register themselves: turn:, and the columns of time.
__all__ = ["policies", "time_columns", "turn_filter"]
policies: Kept[Policy] = Kept(lambda: Policy.objects.kept())
_STATES = {
    SlaState.ON_TRACK: {"ontrack", "entiempo", "enplazo", "noprazo", "atempo"},
    SlaState.AT_RISK: {"risk", "atrisk", "riesgo", "enriesgo", "risco", "emrisco"},
    SlaState.BREACHED: {"breached", "missed", "incumplido", "vencido", "violado", "descumprido"},
    SlaState.PAUSED: {"paused", "pausado", "enpausa", "empausa"},
    SlaState.MET: {"met", "cumplido", "cumprido"},
}
_WITHIN = re.compile(r"(\d{1,4})(min|h|d|w|sem)")
_MINUTES = {"min": 1, "h": 60, "d": 1440, "w": 10080, "sem": 10080}
_OVERDUE = {"overdue", "vencido", "atrasado"}


def _state(value: str, viewer: Agent) -> Q:
    word = squeeze(value)
    if word in NOBODY:
        return Q(sla_state=None)
    found = next((state for state, names in _STATES.items() if word in names), None)
    if found is None:
        raise NotUnderstood(
            _("“%(value)s” is no state of a promise. Write breached, risk, ontrack, paused, met or none.")
            % {"value": value}
        )
    return Q(sla_state=found.value)


def _due(value: str, viewer: Agent) -> Q:
    """due:<2h – within two hours, or overdue; due:today, due:overdue, or days and spans of them."""
    word, now = squeeze(value.lstrip("<=")), timezone.now()
    if word in NOBODY:
        return Q(due_at=None)
    if word in _OVERDUE:
        return Q(due_at__lt=now)
    if match := _WITHIN.fullmatch(word):
        return Q(due_at__lt=now + timedelta(minutes=int(match[1]) * _MINUTES[match[2]]))
    start, end = span_of(value)
    found = Q(due_at__gte=start) if start else Q(due_at__isnull=False)
    return found & Q(due_at__lt=end) if end else found


def _policy(value: str, viewer: Agent) -> Q:
    clocks = Clock.objects.filter(ticket_id=OuterRef("pk"))
    if squeeze(value) in NOBODY:
        return ~Q(Exists(clocks))
    every = policies.all().values()
    found = pick(every, value, lambda policy: [policy.name], _("There is no policy “%(value)s”."))
    return Q(Exists(clocks.filter(policy_id__in=[policy.pk for policy in found])))


register(
    Field(
        key="sla",
        aliases=("plazo", "prazo"),
        label=gettext_lazy("Promise of time"),
        condition=_state,
        values=lambda viewer: [*SlaState.values, "none"],
        walks=True,
    )
)
register(
    Field(
        key="due",
        aliases=("vence", "vencimiento", "vencimento"),
        label=gettext_lazy("Due"),
        condition=_due,
        values=lambda viewer: ["<2h", "today", "overdue", "none"],
    )
)
register(
    Field(
        key="policy",
        aliases=("política", "acuerdo", "acordo"),
        label=gettext_lazy("Policy of promised times"),
        condition=_policy,
        values=lambda viewer: [policy.name for policy in policies.all().values()],
        walks=True,
    )
)
