"""What bench/large.py looks at: a long life, a busy customer, many children, a tracker of thousands, a merge of many words."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

EVENTS, TICKETS, CHILDREN, TRACKED, MESSAGES = 2000, 5000, 500, 5000, 200


def make_cases(kept: Path) -> dict[str, Any]:
    """The addresses of the cases; made once per folder."""
    if kept.exists():
        found: dict[str, Any] = json.loads(kept.read_text())
        return found
    from zaguan.people.models import Agent
    from zaguan.tickets.models import Ticket

    admin = Agent.objects.filter(role__is_admin=True, is_active=True).select_related("role").first()
    assert admin is not None
    open_ones = list(
        Ticket.objects.filter(phase="open", is_internal=False, type=None)
        .order_by("-id")
        .values_list("pk", flat=True)[:20]
    )
    contact, theirs = _busy(open_ones[0])
    tracker, update = _tracker(admin)
    cases: dict[str, Any] = {
        "tickets": {
            "events": _long_life(open_ones[1], admin),
            "customer": open_ones[0],
            "children": _parent(open_ones[2], admin),
            "tracker": tracker,
            "tracked": _one_of(tracker),
            "merged": _merged(open_ones[3], open_ones[4], admin),
        },
        "update": [
            f"/desk/updates/{update}/",
            f"/api/v1/mass-updates/{update}",
            f"/api/v1/mass-updates/{update}/recipients",
            f"/api/v1/tickets/{tracker}/mass-updates",
        ],
        "people": [
            f"/desk/people/{contact.public_id}/",
            f"/desk/people/{contact.public_id}/merge/",
            f"/desk/organisations/{contact.organisation.public_id}/",
            f"/api/v1/contacts/{contact.public_id}",
            f"/api/v1/contacts/{contact.public_id}/duplicates",
            f"/api/v1/organisations/{contact.organisation.public_id}",
        ],
        "lists": [
            "/desk/views/all/",
            "/desk/views/open/board/",
            "/desk/views/all/?q=has:promise",
            f"/desk/views/all/?q=from:{theirs}",
            "/desk/views/all/?q=is:tracker",
            "/desk/time/",
            "/desk/agenda/",
            "/desk/scheduled/",
            "/desk/trash/",
            "/desk/people/",
            "/desk/organisations/",
            "/desk/settings/library/",
            "/desk/settings/macros/",
            "/desk/settings/canned/",
            "/api/v1/macros",
            "/api/v1/canned",
            "/api/v1/activities",
            "/api/v1/time-entries",
            "/api/v1/time-entries/sums?by=organisation",
            "/api/v1/product-items",
            "/api/v1/trash",
            "/api/v1/bulk",
        ],
    }
    kept.write_text(json.dumps(cases, indent=1))
    return cases


def _took(what: str, since: float, count: int) -> None:
    seconds = time.perf_counter() - since
    print(f"  {what}: {seconds:.2f} s, {count / max(seconds, 0.001):.0f} per second", flush=True)


def _long_life(number: int, admin: Any) -> int:
    """Changed again and again."""
    from zaguan.tickets.editing import edit

    start = time.perf_counter()
    for turn in range(EVENTS):
        edit(number, by=admin, is_important=turn % 2 == 0)
    _took(f"{EVENTS} changes of one ticket", start, EVENTS)
    return number


def _busy(number: int) -> tuple[Any, str]:
    """Thousands of tickets become this customer's."""
    from zaguan.people.models import Organisation
    from zaguan.tickets.models import Ticket

    ticket = Ticket.objects.select_related("requester").get(pk=number)
    contact = ticket.requester
    assert contact is not None
    contact.organisation = contact.organisation or Organisation.objects.order_by("pk").first()
    contact.save(update_fields=["organisation"])
    numbers = list(
        Ticket.objects.filter(is_internal=False).order_by("-id").values_list("pk", flat=True)[:TICKETS]
    )
    for start in range(0, len(numbers), 500):
        rows = Ticket.objects.filter(pk__in=numbers[start : start + 500])
        rows.update(requester=contact, organisation=contact.organisation)
    first = contact.identities.filter(kind="email").first()
    return contact, first.value if first else ""


def _parent(number: int, admin: Any) -> int:
    from zaguan.tickets.linking_many import link_many
    from zaguan.tickets.models import Link, Ticket

    rows = Ticket.objects.filter(type=None, is_internal=False, links_in=None, pk__lt=number).order_by("-id")
    start = time.perf_counter()
    parent = Ticket.objects.get(pk=number)
    link_many(parent, list(rows[TICKETS : TICKETS + CHILDREN]), Link.Kind.CHILD, by=admin)
    _took(f"{CHILDREN} children", start, CHILDREN)
    return number


def _tracker(admin: Any) -> tuple[int, int]:
    """A tracker of thousands of conversations, and a message to all of them that is not yet sent."""
    from zaguan.conversations.mass_updates import plan_update
    from zaguan.people.models import Team
    from zaguan.tickets.models import Link, Ticket, TicketType
    from zaguan.tickets.opening import NewTicket, open_ticket

    kind, _made = TicketType.objects.get_or_create(name="Bench: tracker", defaults={"category": "tracker"})
    new = NewTicket(subject="Caída general", type=kind, team=Team.objects.first())
    tracker = open_ticket(new, by=admin)
    rows = Ticket.objects.filter(is_internal=False, type=None).order_by("-id").values_list("pk", flat=True)
    Link.objects.bulk_create(
        [Link(kind=Link.Kind.TRACKED, source=tracker, target_id=number) for number in rows[:TRACKED]],
        batch_size=500,
    )
    start = time.perf_counter()
    update = plan_update(tracker, "<p>Hola {{requester.first_name|cliente}}, ya funciona.</p>", by=admin)
    _took(f"a message to {TRACKED} planned", start, TRACKED)
    return tracker.pk, update.pk


def _one_of(tracker: int) -> int:
    from zaguan.tickets.models import Link

    return int(Link.objects.filter(source=tracker).values_list("target", flat=True)[0])


def _merged(survivor: int, gone: int, admin: Any) -> int:
    """Two hundred messages become one conversation, part again, and become one again."""
    from django.utils import timezone

    from zaguan.conversations.merging import merge, undo_merge
    from zaguan.conversations.models import Message
    from zaguan.tickets.merging import merges_of
    from zaguan.tickets.models import Ticket

    now = timezone.now()
    for number in (survivor, gone):
        ticket = Ticket.objects.get(pk=number)
        thread = ticket.threads.first()
        rows = [
            Message(
                ticket=ticket, thread=thread, direction="in", visibility="private", channel="email",
                contact_id=ticket.requester_id, text=f"Parte {turn}", reply_text=f"Parte {turn}", created_at=now,
            )
            for turn in range(MESSAGES // 2)
        ]  # fmt: skip
        Message.objects.bulk_create(rows)
    for step in ("merged", "merged again"):
        start = time.perf_counter()
        merge(survivor, [gone], by=admin, different_people=True)
        _took(f"{MESSAGES} messages {step}", start, MESSAGES)
        if step == "merged":
            start = time.perf_counter()
            undo_merge(merges_of(Ticket.objects.get(pk=survivor))[0], by=admin)
            _took(f"{MESSAGES} messages parted", start, MESSAGES)
    return survivor
