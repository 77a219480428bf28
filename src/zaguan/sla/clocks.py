"""The clocks of a ticket follow what happens to it: what `computing` gives is stored, and nothing else.

A ticket keeps its policy, in the version by which its clocks began, until a change of the ticket leads to another policy, or a
rerun (`rerunning`) brings it up to date. A round that has ended keeps its row as long as it ended at the same moment.
"""

from __future__ import annotations

from django.utils import timezone

from zaguan.lib.many_rows import insert_many
from zaguan.sla import choosing, heading
from zaguan.sla.computing import Judge, compute
from zaguan.sla.facts import Facts
from zaguan.sla.gathering import gather, stays_of
from zaguan.sla.judging import Work, hours_for, present_version
from zaguan.sla.ledger import Span
from zaguan.sla.models import Clock, PolicyVersion
from zaguan.sla.rows import COLUMNS, Row, counted_values, read_one
from zaguan.sla.settling import settle


def begin(number: int, span: Span) -> None:
    """The clocks of a ticket that was opened just now: one question, a row for each target, and the ticket's columns."""
    chosen = choosing.choose([number]).get(number)
    version = choosing.versions.get(chosen.version_id) if chosen else None
    if chosen is None or version is None:
        return
    start = chosen.opened_at
    facts = Facts(start, (), (), stays_of([span]))
    judge = Judge(version.terms, hours_for(version, chosen.team_id), chosen.urgency_id)
    rows = [
        Row(0, number, reckoned.round.kind, start, 0, *counted_values(reckoned))
        for reckoned in compute(facts, judge, timezone.now())
    ]
    insert_many(Clock, COLUMNS[1:], (row[1:] for row in rows))
    heading.write(number, heading.NOTHING, heading.header_of(rows))


def refresh(number: int, *, rechoose: bool = False) -> None:
    """Let the rows say what is true after something happened. `rechoose`: it may have another policy now.

    Call it in the transaction of what happened, with the ticket locked.
    """
    rows = read_one(number)
    version = present_version(rows)
    if rechoose or not rows:
        version = _chosen(number, version)
        if version is None and not rows:
            return
    known = gather([number]).get(number)
    if known is not None:
        settle(Work(known, rows, version), timezone.now())


def _chosen(number: int, present: PolicyVersion | None) -> PolicyVersion | None:
    """The policy's newest version; the same policy stays in the version by which the clocks began."""
    chosen = choosing.choose([number]).get(number)
    found = choosing.versions.get(chosen.version_id) if chosen else None
    return present if found and present and found.policy_id == present.policy_id else found
