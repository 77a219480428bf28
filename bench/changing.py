"""How fast thousands of tickets are changed at once, and how long a colleague waits meanwhile.

python bench/changing.py [10000]            on the database of DATABASE_URL, or SQLite; in a database of its own
"""

from __future__ import annotations

import json
import statistics
import sys
import threading
import time
from typing import Any

TICKETS = 10_000
# At least so many a second, and nobody waits longer than so for a change of their own (issue 3, section 5).
FLOOR, LONGEST_WAIT = 500, 1.0


def prepare(count: int) -> tuple[Any, int]:
    """The cast, and so many tickets of one team, with one more that a colleague works on."""
    import django

    django.setup()
    from django.utils import timezone

    from zaguan.testing.makers import make_ticket
    from zaguan.testing.world import make_world
    from zaguan.tickets.models import Status, Ticket

    world, now = make_world(), timezone.now()
    new = Status.objects.get(phase="new", is_default=True)
    own = make_ticket(world, team=world.support).pk
    rows = [
        Ticket(
            subject=f"Pedido {number}", requester=world.dan, team=world.support, status=new,
            created_at=now, updated_at=now, active_at=now,
        )
        for number in range(count)
    ]  # fmt: skip
    Ticket.objects.bulk_create(rows, batch_size=500)
    return world, own


def colleague(own: int, over: threading.Event, waits: list[float]) -> None:
    """Somebody else changes one ticket again and again, as a click does."""
    from django.db import connection

    from zaguan.people.models import Agent
    from zaguan.tickets.editing import edit

    bo = Agent.objects.select_related("role").get(name="Bo")
    while not over.is_set():
        began = time.monotonic()
        edit(own, by=bo, subject=f"Mío {began}")
        waits.append(time.monotonic() - began)
        time.sleep(0.05)
    connection.close()


def change(world: Any, own: int, key: str, values: dict[str, Any]) -> tuple[float, list[float]]:
    """Carry one action out on all; returns tickets a second, and the waits of the colleague."""
    from zaguan.automation.base import action_named
    from zaguan.automation.models import Run
    from zaguan.automation.runs import start_run, work_run
    from zaguan.automation.steps import Step
    from zaguan.tickets.models import Ticket

    action = action_named(key)
    steps = [Step(action, action.clean(values, world.bo))]
    numbers = list(Ticket.objects.exclude(pk=own).values_list("pk", flat=True))
    run = start_run(numbers, steps, by=world.bo)
    waits: list[float] = []
    over = threading.Event()
    other = threading.Thread(target=colleague, args=(own, over, waits))
    other.start()
    began = time.monotonic()
    while Run.objects.get(pk=run.pk).is_working:
        work_run(run.pk)
    took = time.monotonic() - began
    over.set()
    other.join()
    assert Run.objects.get(pk=run.pk).done == len(numbers)
    return len(numbers) / took, waits


def inside(count: int) -> None:
    """In the measured process: prints one JSON object."""
    world, own = prepare(count)
    found = {}
    for key, values in (
        ("set_status", {"status": "En proceso"}),
        ("assign", {"assignee": "me"}),
        ("set_important", {"important": True}),
        ("add_tags", {"tags": ["campaña"]}),
    ):
        speed, waits = change(world, own, key, values)
        found[key] = [speed, statistics.median(waits) * 1000, max(waits) * 1000, len(waits)]
    print(json.dumps(found))


def main() -> None:
    """In a database of its own, removed afterwards."""
    from zaguan.testing.bare import bare_installation

    count = sys.argv[1] if len(sys.argv) > 1 else str(TICKETS)
    with bare_installation() as desk:
        done = desk.run(__file__, "inside", count, seconds=900)
    print(f"{'action':20} {'tickets/s':>10} {'wait p50 ms':>12} {'wait max ms':>12} {'others wrote':>13}")
    slow = []
    for key, (speed, median, longest, times) in json.loads(done.stdout.splitlines()[-1]).items():
        print(f"{key:20} {speed:10.0f} {median:12.1f} {longest:12.1f} {times:13d}")
        if speed < FLOOR or longest > LONGEST_WAIT * 1000:
            slow.append(key)
    if slow:
        sys.exit(f"below {FLOOR} a second, or others waited too long: {', '.join(slow)}")


if __name__ == "__main__":
    if sys.argv[1:2] == ["inside"]:
        inside(int(sys.argv[2]))
    else:
        main()
