"""Mail that comes in while the desk runs by itself: open tickets with clocks, rules and calendars, beside a desk without them.

python bench/by_itself.py [100000] [200] [50] [2000]      open tickets, rules, calendars, mails; on SQLite, or DATABASE_URL's kind
"""

from __future__ import annotations

import json
import os
import smtplib
import sys
import threading
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "src")]

from bench.house import House, family  # noqa: E402
from bench.mail import mail, processed  # noqa: E402

TICKETS, RULES, CALENDARS, MAILS, LANES = 100_000, 200, 50, 2000, 8
# Mails a second, and the share of a core that nothing but waiting may take (issue 4, section 7).
FLOOR, IDLE = 150, 0.02
IDLE_SECONDS = 20


def prepare(tickets: int, rules: int, calendars: int) -> None:
    """Open tickets whose clocks run, active rules, and a policy for each calendar; in the database of the environment."""
    from bench import rules as many_rules
    from bench import sla

    world, policy = sla.prepare(tickets)
    _promise(world, policy, calendars)
    many_rules.write(world, rules)
    _start_clocks(policy, world)


def _start_clocks(policy: Any, world: Any) -> None:
    from zaguan.sla.rerunning import apply_rerun, start_preview, work_batch

    rerun = start_preview(policy, by=world.bo)
    while work_batch(rerun.pk):
        pass
    rerun.refresh_from_db()
    apply_rerun(rerun, by=world.bo)
    while work_batch(rerun.pk):
        pass


def _promise(world: Any, policy: Any, calendars: int) -> None:
    """A policy for each of so many calendars, each for mails of one kind; the last one that fits takes the rest."""
    from zaguan.sla.models import Calendar
    from zaguan.sla.policies import reorder_policies, save_policy, set_active
    from zaguan.tickets.models import Tag

    zones = ("Europe/Madrid", "America/Sao_Paulo", "America/Santiago", "America/Bogota", "America/New_York")
    week = {str(day): [["09:00", "14:00"], ["16:00", "19:00"]] for day in range(5)}
    targets = [{"kind": "first", "seconds": 8 * 3600, "in_business_time": True, "warn_percent": 75}]
    made = []
    Tag.objects.bulk_create([Tag(name=f"t{number}") for number in range(calendars)])
    for number in range(calendars):
        calendar = Calendar.objects.create(
            name=f"Horario {number}", zone=zones[number % len(zones)], week=week
        )
        query = ("urgency:Urgente tag:t{0}", "team:Sales tag:t{0}", "channel:phone tag:t{0}")[number % 3]
        saved = save_policy(
            None, by=world.bo, name=f"Horario {number}", query=query.format(number), calendar=calendar,
            targets=targets,
        )  # fmt: skip
        made.append(set_active(saved, True, by=world.bo).pk)
    reorder_policies([*made, policy.pk], by=world.bo)


def measure(desk: Any, to: str, mails: int) -> dict[str, Any]:
    """Mails a second until each is a message in a ticket, and until nothing is left to follow from them."""
    with House(desk.data, desk.environment["DATABASE_URL"], int(desk.environment["PORT"])) as house:
        time.sleep(5)
        idle = _cpu(house)
        time.sleep(IDLE_SECONDS)
        idle = {name: (spent - idle.get(name, 0)) / IDLE_SECONDS for name, spent in _cpu(house).items()}
        before, cpu, began = processed(house), _cpu(house), time.monotonic()
        _send(house, to, mails)
        sent = time.monotonic() - began
        while processed(house) - before < mails and time.monotonic() - began < 300:
            time.sleep(0.02)
        placed = time.monotonic() - began
        while _jobs(house) and time.monotonic() - began < 300:
            time.sleep(0.02)
        followed = time.monotonic() - began
        spent = {name: 1000 * (much - cpu.get(name, 0)) / mails for name, much in _cpu(house).items()}
    return {
        "accepted": mails / sent, "placed": mails / placed, "followed": mails / followed, "cpu": spent, "idle": idle,
    }  # fmt: skip


def _send(house: House, to: str, mails: int) -> None:
    def work(lane: int) -> None:
        with smtplib.SMTP("127.0.0.1", house.port + 1, timeout=60) as server:
            for number in range(lane, mails, LANES):
                server.sendmail("cliente@correo.example", [to], mail(to, run, number))

    run = f"r{int(time.time())}"
    crowd = [threading.Thread(target=work, args=(lane,)) for lane in range(LANES)]
    for each in crowd:
        each.start()
    for each in crowd:
        each.join()


def _jobs(house: House) -> int:
    """Jobs that could run now."""
    sql = "SELECT count(*) FROM events_job WHERE failed_at IS NULL AND run_at <= "
    if house.environment["DATABASE_URL"]:
        import psycopg

        with psycopg.connect(house.environment["DATABASE_URL"]) as link:
            row = link.execute(sql + "now()").fetchone()
            return int(row[0]) if row else 0
    import sqlite3

    with sqlite3.connect(f"file:{house.data}/zaguan.sqlite3?mode=ro", uri=True) as lite:
        return int(lite.execute(sql + "strftime('%Y-%m-%d %H:%M:%f', 'now')").fetchone()[0])


def _cpu(house: House) -> dict[str, float]:
    """Seconds of the processor by process, named for what it runs."""
    found = {}
    for pid in family(house.process.pid):
        try:
            fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
            name = Path(f"/proc/{pid}/comm").read_text().strip()
        except OSError:
            continue
        found[f"{name} {pid}"] = (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    return found


def main() -> None:
    """On a desk without anything first, then on one that has it all."""
    from zaguan.testing.bare import bare_installation

    given = [int(each) for each in sys.argv[1:5]]
    tickets, rules, calendars, mails = [*given, *(TICKETS, RULES, CALENDARS, MAILS)[len(given) :]]
    slow = False
    for plan in ((0, 0, 0), (tickets, rules, calendars)):
        with bare_installation() as desk:
            desk.run(__file__, "inside", *map(str, plan), seconds=3000)
            found = measure(desk, "help@zaguan.example", mails)
        print("{:,} open tickets with clocks, {} rules, {} calendars:".format(*plan))
        for step in ("accepted", "placed", "followed"):
            print(f"  {step:10} {found[step]:6.0f} mails a second")
        print(f"  {sum(found['cpu'].values()):6.2f} ms of the processor for each, all processes")
        for name, spent in found["cpu"].items():
            print(f"    {name:24} {spent:6.2f} ms for each; idle {found['idle'].get(name, 0):.2%} of a core")
        slow = found["placed"] < FLOOR
    if slow:
        sys.exit(f"fewer than {FLOOR} mails a second")


if __name__ == "__main__":
    if sys.argv[1:2] == ["inside"]:
        import django

        django.setup()
        prepare(*map(int, sys.argv[2:5]))
        print(json.dumps("ready"))
    else:
        main()
