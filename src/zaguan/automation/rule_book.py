"""The rules that act now, by the events that start them, with the questions of their filters made once."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from zaguan.automation.models import Rule
from zaguan.automation.rule_queries import Asked, ask_in_parts, ask_together
from zaguan.automation.triggers import kinds_of, times_of
from zaguan.lib.recent import Recent
from zaguan.people.reference import Kept

acting: Kept[Rule] = Kept(lambda: Rule.objects.acting().order_by("position", "id"))
# Above this many, the filters of all rules that an event starts are asked; below, those of the rules that are left.
FEW = 3


@dataclass
class Book:
    """One reading of the rules."""

    edition: int
    by_kind: dict[str, list[Rule]] = field(default_factory=dict)
    # A rule, the place of its trigger about time, and that trigger's values.
    timed: list[tuple[Rule, int, dict[str, Any]]] = field(default_factory=list)


_book = Book(-1)
_asked: Recent[list[Asked]] = Recent(400)


def book() -> Book:
    """The rules as they were read, at most two seconds ago."""
    global _book
    rules = acting.all()
    if _book.edition != acting.edition:
        by_kind: dict[str, list[Rule]] = defaultdict(list)
        fresh = Book(acting.edition)
        for rule in rules.values():
            for kind in kinds_of(rule.when):
                by_kind[kind].append(rule)
            fresh.timed += [(rule, place, values) for place, values in times_of(rule.when)]
        fresh.by_kind = dict(by_kind)
        _book = fresh
    return _book


def forget() -> None:
    """A rule changed: read them again."""
    acting.forget()


def fitting(rules: Sequence[Rule], ticket_id: int, *, among: Sequence[Rule] = ()) -> set[int]:
    """The ids of those rules whose filter finds the ticket. `among` are all that the event starts: their question is kept."""
    wanted = {rule.pk for rule in rules}
    if len(rules) <= FEW or not among:
        return {number for rule in rules for asked in _questions([rule]) for number in asked.on(ticket_id)}
    return {number for asked in _questions(among) for number in asked.on(ticket_id)} & wanted


def _questions(rules: Sequence[Rule]) -> list[Asked]:
    """What asks for all of them at once; each part is made anew when its time is over."""
    key = tuple((rule.pk, rule.version, rule.query) for rule in rules)
    found = _asked.get(key) or _asked.put(key, ask_in_parts({rule.pk: rule.query for rule in rules}))
    for place, asked in enumerate(found):
        if time.monotonic() >= asked.until:
            queries = {rule.pk: rule.query for rule in rules}
            found[place] = ask_together({number: queries[number] for number in asked.asked_for})
    return found
