"""Whatever happens to a ticket, its rows are what counting from scratch gives."""

from __future__ import annotations

import random
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.db import transaction
from django.utils import timezone

from zaguan.conversations.calling import log_call
from zaguan.conversations.merging import merge, undo_merge
from zaguan.conversations.outgoing import Outgoing
from zaguan.conversations.replying import reply
from zaguan.conversations.withdrawing import withdraw
from zaguan.lib.errors import Refused
from zaguan.sla import choosing
from zaguan.sla.computing import Ended, Judge, compute
from zaguan.sla.gathering import gather
from zaguan.sla.judging import Judges
from zaguan.sla.models import PolicyVersion
from zaguan.sla.rounds import rounds
from zaguan.sla.rows import differs, read_one
from zaguan.sla.terms import KINDS
from zaguan.sla.tests.promising import make_policy, target
from zaguan.sla.tests.talking import customer_writes
from zaguan.sla.waking import wake_due
from zaguan.testing.makers import make_question
from zaguan.testing.world import World
from zaguan.tickets.editing import edit, retag, tag_named
from zaguan.tickets.models import Merge, Phase, Ticket, Urgency
from zaguan.tickets.statuses import default_status, set_status
from zaguan.tickets.trash import restore, trash

MONDAY = datetime(2026, 11, 16, 7, 0, tzinfo=UTC)
PAUSES = ["customer", "third", "nobody"]


class Life:
    """A ticket to which anything happens, and by which version each round that ended is to be judged."""

    def __init__(self, world: World, chance: random.Random, clock: Any) -> None:
        self.world, self.chance, self.clock = world, chance, clock
        self.ticket, _message = make_question(world)
        self.sent: Any = None
        self.judged: dict[Ended, Judge] = {}

    def deeds(self) -> list[Callable[[], Any]]:
        return [self.ask, self.ask, self.answer, self.answer_by_machine, self.turn, self.turn, self.tag, self.hurry,
                self.take_back, self.take_in, self.give_back, self.call, self.lose, wake_due]  # fmt: skip

    def ask(self) -> None:
        customer_writes(self.world, self.ticket)

    def answer(self) -> None:
        phase = self.chance.choice([None, Phase.WAITING_CUSTOMER, Phase.RESOLVED])
        status = default_status(phase) if phase else None
        self.sent = reply(self.ticket, Outgoing(html="<p>Hola</p>", status=status), by=self.world.ana)

    def answer_by_machine(self) -> None:
        reply(self.ticket, Outgoing(html="<p>Recibido</p>", automatic=True), by=self.world.ana)

    def turn(self) -> None:
        phases = [Phase.OPEN, Phase.WAITING_CUSTOMER, Phase.WAITING_THIRD, Phase.SNOOZED, Phase.RESOLVED]
        phase = self.chance.choice(phases)
        until = timezone.now() + timedelta(days=1) if phase == Phase.SNOOZED else None
        set_status(self.ticket, default_status(phase), by=self.world.ana, until=until)

    def tag(self) -> None:
        tags = [tag_named("vip")]
        if self.ticket.tags.filter(name="vip").exists():
            retag(self.ticket, by=self.world.ana, remove=tags)
        else:
            retag(self.ticket, by=self.world.ana, add=tags)

    def hurry(self) -> None:
        edit(self.ticket, by=self.world.ana, urgency=self.chance.choice(list(Urgency.objects.all())))

    def take_back(self) -> None:
        if self.sent is not None:
            withdraw(self.sent, by=self.world.ana)
            self.sent = None

    def take_in(self) -> None:
        other, _message = make_question(self.world, external_id=f"{self.chance.random()}@customer.example")
        self.clock.shift(timedelta(minutes=3))
        merge(self.ticket, [other], by=self.world.ana)

    def give_back(self) -> None:
        done = Merge.objects.filter(undone_at=None).last()
        if done is not None:
            undo_merge(done, by=self.world.ana)

    def call(self) -> None:
        """Told of afterwards: it took place some time ago."""
        at = timezone.now() - timedelta(minutes=self.chance.randint(0, 200))
        log_call(
            self.ticket, by=self.world.ana, caller="Dan", direction="out", started_at=at, ended_at=None,
            outcome="answered", notes_html="",
        )  # fmt: skip

    def lose(self) -> None:
        trash(self.ticket, by=self.world.bo, reason="")
        self.clock.shift(timedelta(minutes=self.chance.randint(1, 100)))
        restore(self.ticket, by=self.world.bo)

    def version(self) -> PolicyVersion | None:
        found = choosing.choose([self.ticket.pk])[self.ticket.pk]
        return choosing.versions.get(found.version_id)

    def remember(self) -> None:
        """By which version what has ended by now is judged."""
        judge = self.judge()
        ended = {
            (one.kind, one.started_at, one.ended_at)
            for one in rounds(gather([self.ticket.pk])[self.ticket.pk].facts, KINDS)
            if one.ended_at is not None
        }
        judged = {key: self.judged.get(key) or judge for key in ended}
        self.judged = {key: one for key, one in judged.items() if one and one.terms.target(key[0])}

    def judge(self) -> Judge | None:
        version = self.version()
        return Judges().of(version, gather([self.ticket.pk])[self.ticket.pk]) if version else None

    def from_scratch(self) -> list[Any]:
        facts = gather([self.ticket.pk])[self.ticket.pk].facts
        return compute(facts, self.judge(), timezone.now(), earlier=self.judged)


@pytest.mark.django_db
@pytest.mark.parametrize("seed", range(5))
def test_rows_are_what_counting_from_scratch_gives_whatever_happened(world: World, seed: int) -> None:
    chance = random.Random(seed)
    low = Urgency.objects.order_by("rank").first()
    assert low is not None
    tag_named("vip")
    make_policy(
        target("first", 1, by_urgency={low.pk: 7200}), target("next", 2, pauses=PAUSES),
        target("update", 5, pauses=["customer"]), target("resolution", 9, pauses=PAUSES),
        name="Todos", query="-tag:vip",
    )  # fmt: skip
    make_policy(
        target("first", 0.5), target("resolution", 3, in_business_time=True), name="VIP", query="tag:vip"
    )
    with time_machine.travel(MONDAY, tick=False) as clock:
        being = Life(world, chance, clock)
        for _step in range(22):
            clock.shift(timedelta(seconds=chance.randint(60, 9000)))
            deed = chance.choice(being.deeds())
            with suppress(Refused), transaction.atomic():
                deed()
            being.ticket = Ticket.objects.get(pk=being.ticket.pk)
            being.remember()
        clock.shift(timedelta(minutes=chance.randint(1, 600)))
        while wake_due():
            pass
        wanted = {each.key: each for each in being.from_scratch()}
        rows = {row.key: row for row in read_one(being.ticket.pk)}
        assert set(rows) == set(wanted)
        wrong = [(key, row, wanted[key]) for key, row in rows.items() if differs(row, wanted[key])]
        assert not wrong, wrong[0]
