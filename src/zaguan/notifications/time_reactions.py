"""Deadlines, promises, reminders, and work that ended → notifications."""

from __future__ import annotations

from datetime import datetime

from django.utils import timezone

from zaguan.conversations.events import PrintingEnded
from zaguan.conversations.models import PrintBatch
from zaguan.events.base import Event, on
from zaguan.events.recording import cause
from zaguan.events.tasks import enqueue, task
from zaguan.notifications import choosing
from zaguan.notifications.sending import News, tell
from zaguan.sla.concerned import concerned, rest_of_team
from zaguan.sla.events import TargetMissed, TargetNear
from zaguan.tickets.models import DONE_RANK, Ticket
from zaguan.tickets.work_events import PromiseChanged, Reminded

BROKEN = "notifications.promise_broken"


@on(TargetNear, TargetMissed)
def tell_of_a_target(event: Event) -> None:
    """Who has the ticket or waits for it, else the team; outside of working time later, for who wishes so."""
    assert isinstance(event, TargetNear | TargetMissed)
    ticket = choosing.ticket_of(event.ticket_id)
    if ticket is None or ticket.rank >= DONE_RANK:
        return
    kind = "sla_missed" if isinstance(event, TargetMissed) else "sla_near"
    pieces = {"target": event.target, "at": event.due_at}
    rest = rest_of_team(ticket.team_id, timezone.now())
    tell(dict.fromkeys(concerned(event), kind), News(ticket, cause(), pieces, rest_until=rest))


@on(Reminded)
def tell_what_is_due(event: Reminded) -> None:
    """The reminder of an activity, or of a promise."""
    ticket = choosing.ticket_of(event.ticket_id)
    kind = "promise_near" if event.about == "promise" else "activity"
    pieces = {"subject": event.subject, "at": event.at}
    tell({event.agent_id: kind}, News(ticket, cause(), pieces))


@on(PromiseChanged)
def watch_a_promise(event: PromiseChanged) -> None:
    """Somebody hears of it if the moment passes before the ticket is solved."""
    at = event.promised_at[1]
    if at:
        enqueue(BROKEN, run_at=datetime.fromisoformat(at), ticket=event.ticket_id, at=at, event=cause())


@task(BROKEN)
def promise_passed(ticket: int, at: str, event: int | None = None) -> None:
    """The promised moment is here: is it still promised, and still not solved?"""
    found = Ticket.objects.filter(pk=ticket, rank__lt=DONE_RANK).first()
    if found is None or found.promised_at != datetime.fromisoformat(at):
        return
    if found.assignee_id is None and found.promised_by_id is not None:
        hearers = {found.promised_by_id: "promise_broken"}
    else:
        hearers = choosing.responsible(found, "promise_broken")
    tell(hearers, News(found, event, {"at": at}))


@on(PrintingEnded)
def tell_that_pdfs_are_made(event: PrintingEnded) -> None:
    """Whoever asked for them."""
    batch = PrintBatch.objects.filter(pk=event.batch_id).first()
    if batch is None or event.state != PrintBatch.State.DONE:
        return
    pieces = {"what": "pdf", "made": event.made, "failed": event.failed, "batch": batch.public_id}
    tell({batch.agent_id: "finished"}, News(None, cause(), pieces))
