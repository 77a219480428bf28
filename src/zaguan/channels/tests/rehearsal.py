"""Run by test_killing.py as a process of its own, on a database of its own: workers that die, requests that meet.

`python -m zaguan.channels.tests.rehearsal COMMAND …` prints one line of JSON.
"""

from __future__ import annotations

import json
import os
import signal
import sys
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import django

django.setup()

from django.core.management import call_command  # noqa: E402
from django.db import connections  # noqa: E402
from django.utils import timezone  # noqa: E402

from zaguan.channels import delivering, recovering  # noqa: E402
from zaguan.channels.email import sending  # noqa: E402
from zaguan.conversations.models import Delivery, Inbox, Message  # noqa: E402
from zaguan.conversations.replying import Outgoing, reply  # noqa: E402
from zaguan.conversations.retrying import retry  # noqa: E402
from zaguan.conversations.starting import start_ticket  # noqa: E402
from zaguan.conversations.withdrawing import withdraw  # noqa: E402
from zaguan.lib.errors import Refused  # noqa: E402
from zaguan.people.models import Agent, Contact, Team  # noqa: E402
from zaguan.testing.world import make_world  # noqa: E402
from zaguan.tickets.models import Ticket  # noqa: E402
from zaguan.tickets.opening import NewTicket, open_ticket  # noqa: E402

Step = Callable[..., Any]


def prepare(port: str, count: str) -> Any:
    """A desk with so many answers that are due now, each to an address of its own."""
    call_command("migrate", verbosity=0)
    world = make_world()
    world.inbox.settings = {
        "smtp": {"host": "127.0.0.1", "port": int(port), "security": "none", "auth": "none"}
    }
    world.inbox.save()
    return queue(int(count))


def queue(count: int) -> list[int]:
    ana, ticket = Agent.objects.get(name="Ana"), Ticket.objects.first() or _ticket()
    made = []
    for number in range(count):
        to = [(f"p{ticket.messages.count()}-{number}@customer.example", "")]
        made.append(reply(ticket, Outgoing(html="<p>Hola</p>", to=to), by=ana).pk)
    Delivery.objects.filter(state="queued").update(run_at=timezone.now())
    return made


def _ticket() -> Ticket:
    dan, support, inbox = (
        Contact.objects.get(name="Dan Díaz"),
        Team.objects.get(name="Support"),
        Inbox.objects.get(),
    )
    new = NewTicket(subject="No imprime", requester=dan, team=support, channel="email", inbox_id=inbox.pk)
    return open_ticket(new, by=dan)


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def before(owner: Any, name: str) -> None:
    """Die when this is about to be called."""
    setattr(owner, name, lambda *_given, **_named: die())


def after(owner: Any, name: str) -> None:
    """Die when this has been done."""
    original = getattr(owner, name)

    def and_die(*given: Any, **named: Any) -> Any:
        original(*given, **named)
        die()

    setattr(owner, name, and_die)


POINTS: dict[str, Step] = {
    "after the claim": lambda: after(delivering, "claim"),
    "before the connection": lambda: before(sending, "connect"),
    "after the connection": lambda: after(sending, "connect"),
    "after the recipients": lambda: after(sending.SmtpLine, "_envelope"),
    "before it is marked": lambda: before(delivering, "_mark_leaving"),
    "after it is marked": lambda: after(delivering, "_mark_leaving"),
    "before the data": lambda: before(sending.SmtpLine, "_data"),
    "after the data": lambda: after(sending.SmtpLine, "_data"),
    "before it is recorded": lambda: before(delivering, "settle"),
    "after it is recorded": lambda: after(delivering, "settle"),
}


def work(*points: str) -> Any:
    """For each point, a worker of its own that sends one message and dies there; tells which signal ended it."""
    return [_worker(point) for point in points]


def _worker(point: str) -> int:
    connections.close_all()
    child = os.fork()
    if child == 0:
        POINTS[point]()
        delivering.deliver_due(1)
        os._exit(0)
    return os.WTERMSIG(os.waitpid(child, 0)[1])


def clean_up() -> Any:
    """What the next worker does: see what was interrupted, send what waits; then tell how everything stands."""
    recovering.recover_expired()
    while delivering.deliver_due():
        pass
    return dict(Delivery.objects.values_list("address", "state"))


def _together(count: int, step: Step) -> list[Any]:
    """Call `step(n)` in so many threads at the same moment."""
    gate = Barrier(count)

    def one(number: int) -> Any:
        try:
            gate.wait(20)
            return step(number)
        except Refused as refusal:
            return f"refused: {type(refusal).__name__}"
        finally:
            connections.close_all()

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(one, range(count)))


def meet_same_key() -> Any:
    """A double click, eight times over: an answer, a new ticket, a second attempt."""
    ana, ticket = Agent.objects.get(name="Ana"), Ticket.objects.first()
    assert ticket is not None
    new = NewTicket(subject="Hola", requester=ticket.requester, team=ticket.team)
    answers = _together(
        8, lambda _n: reply(ticket, Outgoing(html="<p>x</p>", idempotency_key="a"), by=ana).pk
    )
    started = _together(
        8, lambda _n: start_ticket(new, by=ana, outgoing=Outgoing(html="<p>x</p>"), idempotency_key="b").pk
    )
    Delivery.objects.filter(message=answers[0]).update(state="failed")
    failed = Delivery.objects.get(message=answers[0])
    retried = _together(8, lambda _n: retry(failed, by=ana).attempt)
    return {
        "answers": len(set(answers)),
        "tickets": len(set(started)),
        "retried": sorted(Counter(map(str, retried)).items()),
        "deliveries": Delivery.objects.filter(message__in=[*answers]).count(),
        "messages": Message.objects.filter(idempotency_key__in=["a", "b"]).count(),
        "opened": Ticket.objects.filter(subject="Hola").count(),
    }


def meet_workers(count: str) -> Any:
    """Four workers at once on the same queue."""
    numbers = queue(int(count))
    _together(4, lambda _n: [delivering.deliver_due(7) for _turn in range(int(count))] and None)
    return list(Delivery.objects.filter(message__in=numbers).values_list("address", "state"))


def meet_undo(count: str) -> Any:
    """An agent takes back what a worker is claiming: one of them wins, and both know who."""
    ana = Agent.objects.get(name="Ana")
    told = []
    for number in queue(int(count)):
        message = Message.objects.get(pk=number)

        def step(which: int, message: Message = message) -> Any:
            return withdraw(message, by=ana).pk if which else delivering.deliver_due()

        outcome = _together(2, step)[1]
        state = Delivery.objects.filter(message=message).values_list("state", flat=True).first()
        told.append(
            [message.to[0][0], "refused" if str(outcome).startswith("refused") else "withdrawn", state]
        )
    return told


COMMANDS: list[Step] = [prepare, work, clean_up, meet_same_key, meet_workers, meet_undo]

if __name__ == "__main__":
    command = {each.__name__: each for each in COMMANDS}[sys.argv[1]]
    sys.stdout.write(json.dumps(command(*sys.argv[2:])) + "\n")
