"""What the demo's agents did beside answering: hours, plans, tickets that open by themselves."""

from __future__ import annotations

import random
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.utils import timezone

from zaguan.events.models import Job
from zaguan.ops.demo.approving import approve
from zaguan.ops.demo.casting import Cast
from zaguan.ops.demo.clock import clock_at
from zaguan.ops.demo.furnishing import ZONE
from zaguan.ops.demo.staging import Stage
from zaguan.tickets import activities, promising
from zaguan.tickets.models import Ticket, TimeActivity, TimeEntry
from zaguan.tickets.scheduling import plan_ticket
from zaguan.tickets.time_approval import decide
from zaguan.tickets.time_parts import NewTime
from zaguan.tickets.time_spent import log_time

ENTRIES = 45
NOTES = (
    "Fotos y reclamación",
    "Buscar el lote",
    "Llamada con el transportista",
    "Corregir la factura",
    "Preparar muestras",
)


def work(stage: Stage, data: dict[str, Any], chance: random.Random) -> None:
    """Log their time, plan their days."""
    _hours(stage.cast, chance)
    _site(stage)
    _plans(stage)
    _schedules(stage.cast, data["schedules"])
    approve(stage)
    # Reminders of what lies behind: nobody is reminded of the past.
    late = (activities.REMIND, promising.REMIND)
    Job.objects.filter(task__in=late, run_at__lte=timezone.now()).delete()


def _hours(cast: Cast, chance: random.Random) -> None:
    """Time on tickets of these ninety days, some of it in the evening; last month's is approved."""
    kinds = list(TimeActivity.objects.all())
    worked = list(Ticket.objects.exclude(assignee=None).select_related("assignee").order_by("pk"))
    now, zone = timezone.now(), ZoneInfo(ZONE)
    for ticket in chance.sample(worked, min(ENTRIES, len(worked))):
        late = chance.random() < 0.2
        day = ticket.created_at.astimezone(zone).date() + timedelta(days=1)
        start = datetime.combine(day, time(17 if late else chance.randint(9, 15), 15), tzinfo=zone)
        end = start + timedelta(minutes=95 if late else chance.choice((10, 15, 25, 40, 60)))
        if end > now:
            continue
        with clock_at(end):
            new = NewTime(
                started_at=start, ended_at=end, activity=chance.choice(kinds), note=chance.choice(NOTES)
            )
            log_time(ticket, new, by=ticket.assignee)
    for entry in TimeEntry.objects.filter(day__lt=(now - timedelta(days=45)).date()):
        decide(entry, TimeEntry.State.APPROVED, by=cast.agents[0])


def _site(stage: Stage) -> None:
    """The building site eats up its hours, so that little is left of what was bought."""
    hotel, mateo, joaquin = stage.tickets["hotel"], stage.cast.agents[1], stage.cast.agents[5]
    kinds = {kind.name: kind for kind in TimeActivity.objects.all()}
    told = [
        (30, 240, "Visita", mateo, "Medir el lobby"), (24, 300, "Análisis", mateo, "Despiece y calibres"),
        (15, 180, "Formación", mateo, "Con los colocadores"), (6, 330, "Visita", joaquin, "Descarga y recuento"),
    ]  # fmt: skip
    for days, minutes, kind, agent, note in told:
        with clock_at(timezone.now() - timedelta(days=days)):
            log_time(hotel, NewTime(minutes=minutes, activity=kinds[kind], note=note), by=agent)


def _plans(stage: Stage) -> None:
    """Done, for today and for tomorrow; with a ticket, and only with a customer."""
    cast, tickets = stage.cast, stage.tickets
    lucia, mateo, diego = cast.agents[0], cast.agents[1], cast.agents[3]
    now = timezone.now()
    today = now.replace(minute=0, second=0, microsecond=0) + timedelta(hours=2)
    tomorrow = (today + timedelta(days=1)).replace(hour=15)
    past = now - timedelta(days=6)
    with clock_at(past - timedelta(days=2)):
        done = activities.plan(
            by=mateo, owner=mateo, ticket=tickets["hotel"], kind="visit", subject="Medir el lobby", starts_at=past,
            place="Paseo del Duero 14",
        )  # fmt: skip
    with clock_at(past + timedelta(hours=2)):
        activities.finish(done, by=mateo)
    plan = activities.plan
    plan(by=lucia, owner=lucia, ticket=tickets["hotel"], kind="call", subject="Confirmar la hora del segundo camión",
         starts_at=today, remind_minutes=15)  # fmt: skip
    plan(by=lucia, owner=lucia, contact=cast.contacts[8], kind="call", subject="Presentar el catálogo de otoño",
         starts_at=tomorrow, ends_at=tomorrow + timedelta(minutes=30))  # fmt: skip
    plan(by=diego, owner=diego, ticket=tickets["averia"], kind="task", subject="Probar el pago con el certificado nuevo",
         starts_at=today, remind_minutes=30)  # fmt: skip
    plan(by=mateo, owner=mateo, ticket=tickets["terraza"], kind="visit", subject="Medir la terraza",
         starts_at=tomorrow, place="Paseo del Duero 14, ático", remind_minutes=60)  # fmt: skip
    plan(by=lucia, owner=lucia, organisation=cast.organisations[2], kind="appointment",
         subject="Muestras nuevas con el estudio", starts_at=tomorrow + timedelta(days=3))  # fmt: skip


def _schedules(cast: Cast, rows: list[dict[str, Any]]) -> None:
    lucia = cast.agents[0]
    for row in rows:
        first = datetime.combine(
            timezone.localdate() + timedelta(days=1), time(row["hour"]), tzinfo=ZoneInfo(ZONE)
        )
        values = {"subject": row["subject"], "is_internal": True, "team": cast.teams[1].pk}
        plan_ticket(
            None, by=lucia, values={**values, "html": f"<p>{row['text']}</p>"}, subject=row["subject"],
            team=cast.teams[1], starts_at=first, zone=ZONE, rule=row["rule"],
        )  # fmt: skip
