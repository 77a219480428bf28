"""Carry out steps on one ticket: all of them or none, with what is needed to take them back."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction

from zaguan.automation.base import Done
from zaguan.automation.events import MacroApplied
from zaguan.automation.models import Macro
from zaguan.automation.snapshots import State, take
from zaguan.automation.steps import Step
from zaguan.conversations.models import Message
from zaguan.events.recording import caused_by, record
from zaguan.tickets.changing import lock, refuse_closed, store
from zaguan.tickets.models import Ticket


@dataclass
class Outcome:
    """What stood there before and stands there after, and the messages that were written."""

    before: State
    after: State
    messages: list[int] = field(default_factory=list)
    # What was done beside the ticket, in words.
    beside: list[str] = field(default_factory=list)

    @property
    def changed(self) -> bool:
        return self.before != self.after or bool(self.messages) or bool(self.beside)


def kept_names(steps: Iterable[Step]) -> list[str]:
    """What the steps may change."""
    return list(dict.fromkeys(name for step in steps for name in step.action.keeps))


def carry_out(
    ticket: Ticket,
    steps: Sequence[Step],
    *,
    by: Any,
    macro: Macro | None = None,
    cause: int | None = None,
) -> Outcome:
    """Do all steps in one transaction. `ticket` is as it stands now, and locked or about to be.

    Raises Refused when one of them cannot be done; then none was.
    """
    names = kept_names(steps)
    with transaction.atomic():
        before = take(ticket, names)
        if macro is not None:
            cause = _applied(ticket, macro, by=by, cause=cause)
        last, messages, beside = ticket, [], []
        with _because(cause):
            for step in steps:
                result = step.action.run(ticket.pk, step.values, by=by)
                if isinstance(result, Message):
                    messages.append(result.pk)
                elif isinstance(result, Done):
                    beside.append(result.text)
                last = result if isinstance(result, Ticket) else last
        if messages:
            # Writing changes the ticket too, and gives back the message.
            last = Ticket.objects.select_related("status").get(pk=ticket.pk)
        return Outcome(before, take(last, names), messages, beside)


def _because(cause: int | None) -> AbstractContextManager[None]:
    """What follows names this event as its cause, or whatever the caller was doing."""
    return nullcontext() if cause is None else caused_by(cause)


def _applied(ticket: Ticket, macro: Macro, *, by: Any, cause: int | None) -> int:
    """Say so first, so that the changes can name it as their cause."""
    fresh = lock(ticket)
    refuse_closed(fresh)
    store(fresh)
    with _because(cause):
        event = MacroApplied(ticket_id=ticket.pk, macro_id=macro.pk, name=macro.name)
        return record(event, by=by).pk
