"""What an agent was reminded of, by the number that the live stream told."""

from __future__ import annotations

from dataclasses import dataclass

from zaguan.events.models import EventRecord
from zaguan.people.models import Agent
from zaguan.tickets.work_events import Reminded
from zaguan.tickets.work_lines import moment


@dataclass(frozen=True)
class Reminder:
    """One word in time: what it is about, when that is, and on which ticket."""

    about: str
    subject: str
    at: str
    ticket_id: int | None


def reminder_for(agent: Agent, event_id: int) -> Reminder | None:
    """The reminder in that event, if it is this agent's."""
    row = EventRecord.objects.filter(pk=event_id, kind=Reminded.kind).first()
    if row is None or row.data.get("agent_id") != agent.pk:
        return None
    return Reminder(row.data["about"], row.data["subject"], moment(row.data["at"]), row.ticket_id)
