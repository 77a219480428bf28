"""Kept statements write and find what the ORM would."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy

from zaguan.conversations.models import KnownId, Message, RawMessage, Thread
from zaguan.events.models import EventRecord
from zaguan.lib.statements import Lookup, Rows, insert, update
from zaguan.testing.makers import make_ticket
from zaguan.testing.world import make_world
from zaguan.tickets.models import Phase, Ticket

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)


def columns(row: Any) -> dict[str, Any]:
    found = type(row).objects.filter(pk=row.pk).values().get()
    return {name: bytes(value) if isinstance(value, memoryview) else value for name, value in found.items()}


def test_insert_writes_what_create_writes() -> None:
    ticket = make_ticket(make_world())
    thread = ticket.threads.create(channel="email")
    for model, values in (
        (Message, {"ticket": ticket, "thread": thread, "direction": "in", "visibility": "private", "channel": "email",
                   "to": [["a@b", "Ana"]], "details": {"marks": ["x"]}, "text": "año %s", "created_at": NOON}),
        (EventRecord, {"kind": "x", "at": NOON, "actor_kind": "system", "data": {"a": [1, None]}}),
        (RawMessage, {"source": "pipe", "content": b"\x00\xff", "size": 2, "fingerprint": b"f" * 32, "received_at": NOON}),
    ):  # fmt: skip
        made = model.objects.create(**values)
        one = columns(made)
        made.delete()
        quick = insert(model(**values))
        two = columns(quick)
        one.pop("id"), two.pop("id")
        one.pop("tx", None), two.pop("tx", None)
        assert one == two
        assert quick.pk is not None
        assert not quick._state.adding


def test_insert_fills_what_fills_itself_and_keeps_constraints() -> None:
    ticket = make_ticket(make_world())
    thread = insert(Thread(ticket=ticket, channel="email", subject=str(gettext_lazy("Save"))))
    assert thread.created_at is not None
    row = insert(KnownId(digest=b"d" * 16, thread=thread))
    assert bytes(KnownId.objects.get(pk=row.pk).digest) == b"d" * 16
    with pytest.raises(IntegrityError), transaction.atomic():
        insert(KnownId(digest=b"d" * 16, thread=thread))


def test_update_writes_only_what_is_named() -> None:
    ticket = make_ticket(make_world())
    ticket.phase, ticket.subject, ticket.active_at = Phase.OPEN, "Otro", NOON
    update(ticket, "phase", "active_at")
    found = Ticket.objects.get(pk=ticket.pk)
    assert (found.phase, found.active_at) == (Phase.OPEN, NOON)
    assert found.subject != "Otro"


def test_lookups_answer_for_each_value_anew() -> None:
    world = make_world()
    first, second = make_ticket(world, subject="Uno"), make_ticket(world, subject="Dos")
    by_subject = Lookup(lambda text: Ticket.objects.filter(subject=text).values_list("pk"), str)
    assert (by_subject("Uno"), by_subject("Dos"), by_subject("Tres")) == ([(first.pk,)], [(second.pk,)], [])
    by_id = Rows(lambda pk: Ticket.objects.filter(pk=pk), int)
    assert by_id.first(second.pk) == second
    assert by_id.first(second.pk).active_at == Ticket.objects.get(pk=second.pk).active_at
    assert by_id.first(0) is None
    thread = first.threads.create(channel="email")
    insert(KnownId(digest=b"d" * 16, thread=thread))
    by_digest = Lookup(lambda digest: KnownId.objects.filter(digest=digest).values_list("thread_id"), bytes)
    assert (by_digest(b"d" * 16), by_digest(b"e" * 16)) == ([(thread.pk,)], [])


def test_a_question_must_use_its_arguments() -> None:
    with pytest.raises(ValueError, match="argument 0"):
        Lookup(lambda text: Ticket.objects.values_list("pk"), str)("x")
