"""What the demo's agents ask one another for: one approval that waits, one that was given."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from zaguan.ops.demo.clock import clock_at
from zaguan.ops.demo.staging import Stage
from zaguan.tickets.approvals import Asking, ask, decide


def approve(stage: Stage) -> None:
    """Mateo waits for Lucía's word; Diego got it."""
    cast, tickets, now = stage.cast, stage.tickets, timezone.now()
    lucia, mateo = cast.agents[0], cast.agents[1]
    with clock_at(now - timedelta(days=2)):
        given = ask(
            tickets["hotel"],
            Asking(question="¿Podemos mandar el segundo camión antes de que paguen el primero?", agents=[lucia]),
            by=mateo,
        )  # fmt: skip
    with clock_at(now - timedelta(days=2) + timedelta(hours=1)):
        decide(given, True, by=lucia, comment="Sí, pagan siempre.")
    with clock_at(now - timedelta(hours=3)):
        ask(
            tickets["terraza"],
            Asking(
                question="El arquitecto pide un 12 % de descuento en la terraza. ¿Se lo damos?",
                agents=[lucia],
                holds=True,
                due_at=now + timedelta(days=1),
            ),
            by=mateo,
        )
