"""Promises of time: counting all clocks anew, breaches on time among 100,000 clocks, and what waiting costs.

python bench/sla.py [20000] [100000]        tickets counted anew, clocks open; on the database of DATABASE_URL, or SQLite
"""

from __future__ import annotations

import json
import sys
import time
from datetime import timedelta
from typing import Any

TICKETS, CLOCKS = 20_000, 100_000
# Seconds that a breach may be late, and the share of a core that waiting may take (issue 4, sections 3 and 7).
LATEST, IDLE, AT_ONCE = 2.0, 0.02, 1000


def prepare(count: int) -> tuple[Any, Any]:
    """The cast, a policy with two targets, and so many tickets with a ledger, a question and their clocks."""
    import django

    django.setup()
    from django.db import transaction
    from django.utils import timezone

    from zaguan.lib.many_rows import insert_many
    from zaguan.sla.keeping import add_rows
    from zaguan.sla.ledger import Span
    from zaguan.sla.models import Policy
    from zaguan.sla.policies import save_policy, set_active
    from zaguan.sla.sides import Side
    from zaguan.testing.makers import make_ticket
    from zaguan.testing.world import make_world
    from zaguan.tickets.models import Status, Ticket

    world, now = make_world(), timezone.now()
    new = Status.objects.get(phase="new", is_default=True)
    first = make_ticket(world)
    fields = {f.attname: getattr(first, f.attname) for f in Ticket._meta.concrete_fields if not f.primary_key}
    fields |= {"status_id": new.pk, "updated_at": now, "active_at": now}
    rows = (
        fields | {"public_id": f"bench{number}", "created_at": now - timedelta(minutes=number % 5000)}
        for number in range(count)
    )
    with transaction.atomic():
        insert_many(Ticket, list(fields), (list(row.values()) for row in rows))
        made = list(Ticket.objects.exclude(pk=first.pk).values_list("pk", "created_at"))
        _talk(made)
        add_rows({no: [Span(Side.AGENT, new.pk, None, None, at.replace(microsecond=0))] for no, at in made})
    Policy.objects.all().delete()
    policy = save_policy(None, by=world.bo, name="Patio", query="channel:email", targets=_targets(1))
    return world, set_active(policy, True, by=world.bo)


def _talk(tickets: list[Any]) -> None:
    """A question in each, as a message of a mail arrives."""
    from zaguan.conversations.models import Message
    from zaguan.lib.many_rows import insert_many

    one = vars(Message(direction="in", visibility="private", channel="email", text="Hola"))
    fields = {name: value for name, value in one.items() if name not in ("id", "_state")}
    rows = (fields | {"ticket_id": number, "created_at": at} for number, at in tickets)
    insert_many(Message, list(fields), (list(row.values()) for row in rows))


def _targets(factor: int) -> list[dict[str, Any]]:
    first = {"kind": "first", "seconds": factor * 400 * 3600, "in_business_time": True, "warn_percent": 75}
    return [
        first,
        first | {"kind": "resolution", "seconds": factor * 800 * 3600, "pauses": ["customer", "third"]},
    ]


def counted_anew(policy: Any, world: Any) -> dict[str, float]:
    """Tickets a second: the count alone, compared with what stands there, and written."""
    from django.utils import timezone

    from zaguan.sla.gathering import gather
    from zaguan.sla.judging import Judges, Work
    from zaguan.sla.models import Rerun
    from zaguan.sla.policies import save_policy
    from zaguan.sla.rerunning import BATCH, apply_rerun, choosing, start_preview, work_batch
    from zaguan.sla.rows import read_many
    from zaguan.tickets.models import Ticket

    found = {}
    for name in ("write all", "write changed"):
        rerun = start_preview(policy, by=world.bo)
        began = time.monotonic()
        while work_batch(rerun.pk):
            pass
        rerun.refresh_from_db()
        found[f"compare before {name}"] = rerun.seen / (time.monotonic() - began)
        apply_rerun(rerun, by=world.bo)
        began = time.monotonic()
        while work_batch(rerun.pk):
            pass
        found[name] = Rerun.objects.get(pk=rerun.pk).applied / (time.monotonic() - began)
        save_policy(policy, by=world.bo, name="Patio", query="channel:email", targets=_targets(2))
    numbers, version = (
        list(Ticket.objects.values_list("pk", flat=True)[: BATCH * 8]),
        choosing.newest(policy.pk),
    )
    began = time.monotonic()
    for start in range(0, len(numbers), BATCH):
        some = numbers[start : start + BATCH]
        choosing.choose(some), gather(some), read_many(some)
    found["read the facts"] = len(numbers) / (time.monotonic() - began)
    known, judges, now = gather(numbers), Judges(), timezone.now()
    began = time.monotonic()
    for number in numbers:
        Work(known[number], [], version, judges).reckonings(now)
    found["count alone"] = len(numbers) / (time.monotonic() - began)
    return found


def bare(count: int) -> float:
    """Rows a second that the bare database takes, one row of a clock changed at a time in batches of 512."""
    from django.db import connection, transaction

    from zaguan.sla.models import Clock

    numbers = list(Clock.objects.values_list("pk", flat=True)[:count])
    began = time.monotonic()
    for start in range(0, len(numbers), 512):
        with transaction.atomic(), connection.cursor() as cursor:
            some = [(number,) for number in numbers[start : start + 512]]
            cursor.executemany("UPDATE sla_clock SET seconds = seconds + 0 WHERE id = %s", some)
    return len(numbers) / (time.monotonic() - began)


def on_time(clocks: int) -> tuple[float, float]:
    """How late the last of a thousand breaches at one moment is, beside so many open clocks; and the cost of waiting."""
    from django.db.models import Max
    from django.utils import timezone

    from zaguan.sla.models import Clock
    from zaguan.sla.waking import wake_due

    own, more = list(Clock.objects.filter(kind="first")), 0
    while (missing := clocks - Clock.objects.count()) > 0:
        more += 1
        copies = [_copy(row, timedelta(seconds=more)) for row in own[:missing]]
        Clock.objects.bulk_create(copies, batch_size=500)
    began, turns = time.process_time(), 30
    for _turn in range(turns):
        wake_due()
    idle = (time.process_time() - began) / turns
    due = timezone.now() + timedelta(seconds=0.5)
    ripe = Clock.objects.order_by("ticket_id").values_list("pk", flat=True)[: AT_ONCE * 2 : 2]
    Clock.objects.filter(pk__in=list(ripe)).update(due_at=due, wake_at=due, state="running", told=1)
    while Clock.objects.filter(wake_at__lte=due).exists():
        if not wake_due():
            time.sleep(1)  # as the worker does
    last = Clock.objects.aggregate(last=Max("missed_at"))["last"]
    return (timezone.now() - last).total_seconds(), idle


def _copy(row: Any, later: timedelta) -> Any:
    from zaguan.sla.models import Clock

    values = {f.attname: getattr(row, f.attname) for f in Clock._meta.concrete_fields if not f.primary_key}
    return Clock(**values | {"kind": "next", "started_at": row.started_at + later})


def inside(tickets: int, clocks: int) -> None:
    """In the measured process: prints one JSON object."""
    world, policy = prepare(tickets)
    found: dict[str, Any] = {"speeds": counted_anew(policy, world)}
    found["bare"] = bare(tickets)
    found["late"], found["idle"] = on_time(clocks)
    print(json.dumps(found))


def main() -> None:
    """In a database of its own, removed afterwards."""
    from zaguan.testing.bare import bare_installation

    sizes = [*sys.argv[1:3], *(str(TICKETS), str(CLOCKS))[len(sys.argv[1:3]) :]]
    with bare_installation() as desk:
        done = desk.run(__file__, "inside", *sizes, seconds=1800)
    found = json.loads(done.stdout.splitlines()[-1])
    print(f"{'bare rows written':32} {found['bare']:10.0f} a second")
    for name, speed in found["speeds"].items():
        print(f"{name:32} {speed:10.0f} tickets a second, {speed / found['bare']:6.2f} of bare")
    print(
        f"{AT_ONCE} breaches at one moment: the last {found['late']:.2f} s late; waiting takes {found['idle']:.4%} of a core"
    )
    if found["late"] > LATEST or found["idle"] > IDLE:
        sys.exit(f"later than {LATEST} s, or waiting takes more than {IDLE:.0%} of a core")


if __name__ == "__main__":
    if sys.argv[1:2] == ["inside"]:
        inside(int(sys.argv[2]), int(sys.argv[3]))
    else:
        main()
