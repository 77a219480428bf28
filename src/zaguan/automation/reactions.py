"""What follows in automation from what happens to tickets: the rules."""

from __future__ import annotations

from django.db import transaction

from zaguan.automation.rule_book import book
from zaguan.automation.timers import plan_timers
from zaguan.automation.triggering import react_to
from zaguan.automation.triggers import all_triggers
from zaguan.conversations.events import MessageWithdrawn
from zaguan.events.base import Event, on
from zaguan.events.recording import cause
from zaguan.sla.events import RerunEnded
from zaguan.tickets.moving_events import MergeUndone, TicketRestored

# What starts no rule, and moves what rules about time count from, or brings a ticket back into their sight.
_OTHERS = (MessageWithdrawn, TicketRestored, MergeUndone)
_KINDS = {kind for trigger in all_triggers() for kind in trigger.kinds} | {other.kind for other in _OTHERS}


def _wanted(event: Event) -> bool:
    rules = book()
    return event.ticket_id is not None and (bool(rules.timed) or event.kind in rules.by_kind)


@on(*(Event.kinds[kind] for kind in sorted(_KINDS)), wanted=_wanted)
def ask_the_rules(event: Event) -> None:
    """Let the rules act that fit."""
    number = cause()
    if number is not None:
        react_to(number)


@on(RerunEnded)
def count_deadlines_anew(event: RerunEnded) -> None:
    """Another policy gave tickets other deadlines, without a word on each of them."""
    with transaction.atomic():
        for rule in {
            rule.pk: rule for rule, _place, values in book().timed if values["base"] == "due"
        }.values():
            plan_timers(rule)
