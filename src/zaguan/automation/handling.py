"""One ticket after the other of a run: carried out, found the same, or refused with its reason."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from zaguan.automation.applying import Outcome, carry_out
from zaguan.automation.models import Run, RunTicket
from zaguan.automation.steps import Step, missing, stored
from zaguan.lib.errors import Refused
from zaguan.lib.statements import update
from zaguan.people.models import Agent
from zaguan.tickets.filtering import parse
from zaguan.tickets.models import Ticket


def zone_of(agent: Agent) -> ZoneInfo | None:
    """The agent's own time zone, for "tomorrow at nine"."""
    return ZoneInfo(agent.time_zone) if agent.time_zone else None


def handle(run: Run, rows: list[RunTicket], agent: Agent) -> Counter[str]:
    """Do what the run says to these, and write down what became of each; returns how many of which state."""
    steps = stored(run.steps)
    lacking = missing(steps, agent)
    tickets = _tickets(run, rows, agent)
    for row in rows:
        for name, value in _one(run, row, steps, lacking, tickets, agent).items():
            setattr(row, name, value)
        update(row, "state", "reason", "before", "after", "messages")
    return Counter(row.state for row in rows)


def _tickets(run: Run, rows: list[RunTicket], agent: Agent) -> dict[int, Ticket | None]:
    """The tickets of a batch, locked; None for those that the macro is not meant for."""
    numbers = [row.ticket_id for row in rows]
    seen = Ticket.objects.visible_to(agent).filter(pk__in=numbers)
    # In the order of their numbers, as everybody locks them, so that two changes never wait for one another.
    locked = Ticket.objects.filter(pk__in=seen.order_by().values("pk")).order_by("pk")
    found: dict[int, Ticket | None] = {row.pk: row for row in locked.select_for_update(of=("self",))}
    if run.macro is not None and run.macro.query:
        meant = Ticket.objects.filter(parse(run.macro.query, agent).q, pk__in=numbers)
        fitting = set(meant.values_list("pk", flat=True))
        found = {number: ticket if number in fitting else None for number, ticket in found.items()}
    return found


def _one(
    run: Run,
    row: RunTicket,
    steps: Sequence[Step],
    lacking: list[str],
    tickets: dict[int, Ticket | None],
    agent: Agent,
) -> dict[str, Any]:
    if row.ticket_id not in tickets:
        return _refusal(_("You cannot see this ticket any more."))
    ticket = tickets[row.ticket_id]
    if ticket is None:
        query = run.macro.query if run.macro else ""
        return _refusal(_("It is not among: %(query)s") % {"query": query})
    if lacking:
        return _refusal(_("Your role does not allow this: %(name)s.") % {"name": ", ".join(lacking)})
    try:
        return result_of(carry_out(ticket, steps, by=agent, macro=run.macro, cause=run.event_id))
    except Refused as refused:
        return _refusal(refused.sentence)


def _refusal(reason: str) -> dict[str, Any]:
    return {"state": RunTicket.State.REFUSED, "reason": reason[:300]}


def result_of(outcome: Outcome) -> dict[str, Any]:
    """What is kept of it."""
    state = RunTicket.State.DONE if outcome.changed else RunTicket.State.SAME
    return {
        "state": state,
        "before": outcome.before,
        "after": outcome.after,
        "messages": outcome.messages,
    }
