"""What 200 rules cost while mail comes in: each mail's events evaluated against all of them, beside the bare database.

python bench/rules.py [1000] [200]          mails, rules; on the database of DATABASE_URL, or SQLite; in one of its own
"""

from __future__ import annotations

import json
import sys
import time
from typing import Any

MAILS, RULES = 1000, 200
# Mails a second that all rules must keep up with (issue 4, section 7).
FLOOR = 150


def prepare(rules: int) -> Any:
    """The cast, and so many active rules: most look at the ticket, some at the words, one in fifty acts."""
    import django

    django.setup()
    from zaguan.testing.world import make_world

    world = make_world()
    write(world, rules)
    return world


def write(world: Any, rules: int) -> None:
    """So many active rules on a desk that has its cast."""
    from zaguan.automation.rules import save_rule, set_active

    filters = (
        "team:Sales -is:internal", "team:Support is:important", "channel:phone,web", "urgency:Urgente",
        "category:none tag:none team:Sales", "assignee:Ana is:open", "inbox:Support is:important", "status:customer",
    )  # fmt: skip
    for number in range(rules):
        conditions: list[dict[str, Any]] = []
        query = filters[number % len(filters)]
        if number % 50 == 0:
            query = ""
            words = {"words": f"pedido {number // 50}"}
            conditions = [{"condition": "message_contains", "values": words}]
        rule = save_rule(
            world.bo, None, name=f"Regla {number}", when=[{"trigger": ("message_received", "ticket_opened")[number % 2]}],
            query=query, conditions=conditions, steps=[{"action": "add_tags", "values": {"tags": [f"r{number}"]}}],
            by=world.bo,
        )  # fmt: skip
        set_active(world.bo, rule, True, by=world.bo)


def take_in(world: Any, mails: int) -> float:
    """Seconds until so many mails stand in tickets, with their jobs waiting."""
    from zaguan.conversations.incoming import Address, Incoming
    from zaguan.conversations.receiving import receive

    began = time.perf_counter()
    for number in range(mails):
        text = f"Hola, quisiera saber cuándo llega el pedido {number}."
        mail = Incoming(
            sender=Address(f"cliente{number}@correo.example", f"Cliente {number}"), to=(Address(world.inbox.address),),
            subject=f"Pedido {number}", text=text, reply_text=text, external_id=f"rules-{number}@correo.example",
        )  # fmt: skip
        receive(mail, world.inbox)
    return time.perf_counter() - began


def evaluate() -> tuple[int, float, float]:
    """All events of the mails, as the worker gives them to the rules; how many, the seconds, and those of the processor."""
    from zaguan.automation.rule_book import book
    from zaguan.automation.triggering import react_to
    from zaguan.events.models import EventRecord

    kinds = [kind for kind in book().by_kind if kind.startswith(("conversations.", "tickets."))]
    numbers = list(EventRecord.objects.filter(kind__in=kinds).order_by("pk").values_list("pk", flat=True))
    began, busy = time.perf_counter(), time.process_time()
    for number in numbers:
        react_to(number)
    return len(numbers), time.perf_counter() - began, time.process_time() - busy


def bare(events: int) -> float:
    """Seconds that the database needs for the same questions, asked without anything around them."""
    from django.db import connection

    from zaguan.automation.rule_book import _asked, book
    from zaguan.lib.asking import ask
    from zaguan.tickets.models import Ticket

    book()
    every = [asked for parts in {**_asked._old, **_asked._new}.values() for asked in parts]
    largest = max(every, key=lambda each: len(each.numbers))
    assert largest.question is not None
    sql, params, _convert = largest.question._made[connection.vendor]
    tickets = list(Ticket.objects.order_by("-pk").values_list("pk", flat=True)[:500])
    began = time.perf_counter()
    for number in range(events):
        ask(sql, [given if place is None else tickets[number % len(tickets)] for given, place in params])
    return time.perf_counter() - began


def measure(mails: int, rules: int) -> dict[str, float]:
    """All figures of one run."""
    world = prepare(rules)
    from zaguan.automation.models import RuleRun

    intake = take_in(world, mails)
    events, seconds, busy = evaluate()
    floor = bare(events)
    return {
        "rules": rules,
        "mails": mails,
        "intake_per_second": round(mails / intake),
        "events": events,
        "runs": RuleRun.objects.count(),
        "evaluated_mails_per_second": round(mails / seconds),
        # What a processor that does nothing else would manage.
        "mails_per_second_of_processor": round(mails / busy),
        "milliseconds_per_event": round(seconds / events * 1000, 2),
        "bare_milliseconds_per_event": round(floor / events * 1000, 2),
        "ratio_to_the_bare_database": round(seconds / floor, 1),
    }


def main() -> None:
    """In a database of its own, removed afterwards."""
    from zaguan.testing.bare import bare_installation

    given = sys.argv[1:3]
    mails, rules = [*given, *(str(MAILS), str(RULES))[len(given) :]]
    with bare_installation() as desk:
        done = desk.run(__file__, "inside", mails, rules, seconds=900)
    found = json.loads(done.stdout.splitlines()[-1])
    for name, figure in found.items():
        print(f"{name:32} {figure}")
    if found["evaluated_mails_per_second"] < FLOOR:
        sys.exit(f"the rules keep up with fewer than {FLOOR} mails a second")


if __name__ == "__main__":
    if sys.argv[1:2] == ["inside"]:
        print(json.dumps(measure(int(sys.argv[2]), int(sys.argv[3]))))
    else:
        main()
