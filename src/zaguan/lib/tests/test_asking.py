"""The short ways to the database say the same as the ORM's own."""

from __future__ import annotations

import threading
import time
from datetime import UTC, datetime

import pytest
from django.db import IntegrityError, connection, transaction

from zaguan.lib.asking import ask, tell
from zaguan.lib.new_rows import new
from zaguan.lib.recent import Recent
from zaguan.lib.statements import insert
from zaguan.people.models import Contact, Identity, Team


@pytest.mark.django_db
def test_a_new_row_is_what_the_orm_would_make() -> None:
    contact = Contact.objects.create(name="Dan")
    ours, theirs = (
        new(Identity, contact=contact, kind="email", value="dan@example.org"),
        Identity(contact=contact, kind="email", value="dan@example.org"),
    )
    assert {k: v for k, v in ours.__dict__.items() if k != "_state"} == {
        k: v for k, v in theirs.__dict__.items() if k != "_state"
    }
    assert ours._state.adding
    assert ours.contact is contact
    assert insert(ours).pk == Identity.objects.get(value="dan@example.org").pk


@pytest.mark.django_db
def test_defaults_that_are_made_are_made_for_each_row() -> None:
    first, second = new(Contact, name="A"), new(Contact, name="B")
    assert first.public_id != second.public_id
    assert insert(first).public_id == Contact.objects.get(name="A").public_id


@pytest.mark.django_db
def test_moments_are_stored_as_the_orm_stores_them() -> None:
    moment = datetime(2026, 11, 22, 1, 2, 3, 45, tzinfo=UTC)
    insert(new(Team, name="Ours", archived_at=moment))
    assert Team.objects.get(name="Ours").archived_at == moment
    assert Team.objects.filter(archived_at=moment).exists()


@pytest.mark.django_db
def test_errors_are_those_of_the_orm() -> None:
    Team.objects.create(name="Ours")
    with pytest.raises(IntegrityError), transaction.atomic():
        tell("INSERT INTO people_team (name, description, signature) VALUES (%s, %s, %s)", ["Ours", "", ""])
    assert ask("SELECT name FROM people_team WHERE name LIKE 'Our%%'", []) == [("Ours",)]


def test_what_is_not_asked_for_is_forgotten() -> None:
    kept: Recent[int] = Recent(10)
    for number in range(8):
        kept.put(number, number)
        assert kept.get(0) == 0
    assert kept.get(7) == 7
    for number in range(100, 120):
        kept.put(number, number)
    assert kept.get(7) is None


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL lets many write at a time")
def test_writers_take_turns() -> None:
    written: list[float] = []

    def write() -> None:
        try:
            with transaction.atomic():
                Team.objects.create(name="Theirs")
                written.append(time.monotonic())
        finally:
            connection.close()

    other = threading.Thread(target=write)
    with transaction.atomic():
        Team.objects.create(name="Ours")
        other.start()
        time.sleep(0.2)
        assert not written
    done = time.monotonic()
    other.join(5)
    assert written
    assert written[0] - done < 1
