"""From an event back to where it began: the first cause, and the rules that stand between."""

from __future__ import annotations

from dataclasses import dataclass

from zaguan.automation.events import RuleApplied
from zaguan.events.models import EventRecord
from zaguan.events.recording import cause_row
from zaguan.lib.prepared import PreparedRows

# A rule may be caused by a rule, that by a third …: no longer than this (R19).
MOST_DEPTH = 5
# Reactions to reactions lie between; nothing honest is longer.
_MOST_STEPS = 60


@dataclass(frozen=True)
class Chain:
    """`root_id` is the event that started the first rule, `rules` those that acted since, the latest first."""

    root_id: int
    rules: tuple[int, ...] = ()

    @property
    def depth(self) -> int:
        return len(self.rules)


_row = PreparedRows(lambda number: EventRecord.objects.filter(pk=number))


def event_row(number: int) -> EventRecord | None:
    """The event with this id."""
    at_hand = cause_row()
    if at_hand is not None and at_hand.pk == number:
        return at_hand
    rows: list[EventRecord] = _row(number)
    return rows[0] if rows else None


def chain_of(row: EventRecord) -> Chain:
    """How an event came about."""
    root, rules, cause = row.pk, [], row.cause_id
    for _step in range(_MOST_STEPS):
        above = event_row(cause) if cause is not None else None
        if above is None:
            break
        cause = above.cause_id
        if above.kind == RuleApplied.kind:
            rules.append(int(above.data["rule_id"]))
            # A rule about time has no cause: it is one.
            root = cause or above.pk
    return Chain(root, tuple(rules))
