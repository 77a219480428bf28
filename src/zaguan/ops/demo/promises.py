"""What the demo desk promises its customers, and what became of it."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from zaguan.conversations.entering import enter
from zaguan.ops.demo.casting import Cast
from zaguan.ops.demo.clock import clock_at
from zaguan.sla.business_time import subtract
from zaguan.sla.calendars import calendar_of_team, hours_of
from zaguan.sla.models import Policy
from zaguan.sla.policies import save_policy, set_active
from zaguan.sla.waking import due, wake_due
from zaguan.tickets.opening import NewTicket, open_ticket

HOUR = 3600
ALL_OTHERS = ["customer", "third", "nobody"]
# Of the first answer's time so much has gone, for two customers who wrote today.
WAITED = (
    (0.85, "¿Sale hoy el pedido?", "Necesito las baldosas mañana en obra. ¿Sale hoy el camión?"),
    (0.3, "Muestras de terracota", "¿Me pueden enviar dos muestras de la terracota clara?"),
)


def promise(cast: Cast) -> None:
    """One policy for customers, one for what colleagues do for one another; the desk's example goes."""
    by, urgent = cast.agents[0], cast.urgencies.get("Urgente")
    Policy.objects.all().delete()
    soon = {urgent.pk: 2 * HOUR} if urgent else {}
    quick = {urgent.pk: 9 * HOUR} if urgent else {}
    customers = [
        {"kind": "first", "seconds": 6 * HOUR, "by_urgency": soon, "warn_percent": 75},
        {"kind": "next", "seconds": 9 * HOUR, "pauses": ALL_OTHERS, "warn_percent": 75},
        {
            "kind": "resolution",
            "seconds": 45 * HOUR,
            "by_urgency": quick,
            "pauses": ALL_OTHERS,
            "warn_before": 4 * HOUR,
        },
    ]
    inside = [{"kind": "resolution", "seconds": 18 * HOUR, "pauses": ["nobody"], "warn_percent": 80}]
    for name, query, targets, words in (
        ("Clientes", "-type:back-office,tracker", customers, "Lo que prometemos a quien nos escribe"),
        ("Entre equipos", "type:back-office", inside, "Acuerdo interno: dos días de trabajo"),
    ):
        policy = save_policy(None, by=by, name=name, query=query, targets=targets, description=words)
        set_active(policy, True, by=by)


def let_time_pass() -> None:
    """What came due in these ninety days came due at its own moment."""
    now = timezone.now()
    while (first := due(now).values_list("wake_at", flat=True).first()) is not None:
        with clock_at(first):
            wake_due()


def wait_today(cast: Cast) -> None:
    """Two customers whose first answer has not come yet: one is nearly due, one is not."""
    team, inbox = cast.teams[0], cast.inboxes[0]
    hours = hours_of(calendar_of_team(team.pk))
    for place, (share, subject, text) in enumerate(WAITED):
        contact = cast.contacts[place + 3]
        began = subtract(hours, timezone.now(), int(6 * HOUR * share)) - timedelta(seconds=1)
        with clock_at(began):
            ticket = open_ticket(
                NewTicket(
                    subject=subject, requester=contact, channel=inbox.kind, inbox_id=inbox.pk, account=inbox.name,
                    team=team, category=next(iter(cast.categories.values())),
                ),
                by=contact,
            )  # fmt: skip
            enter(ticket, contact, text, by=contact, channel=ticket.channel, opened=True)
