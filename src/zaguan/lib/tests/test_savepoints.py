"""Verbs as one piece: no savepoints inside, and no half of it after a failure that somebody caught."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.transaction import TransactionManagementError
from django.test.utils import CaptureQueriesContext

from zaguan.lib.savepoints import without_savepoints
from zaguan.people.models import Team

pytestmark = pytest.mark.django_db


@transaction.atomic
def verb(name: str) -> None:
    Team.objects.create(name=name)


def test_verbs_inside_make_no_savepoint_and_those_after_it_do() -> None:
    with CaptureQueriesContext(connection) as asked, transaction.atomic(), without_savepoints():
        verb("One")
        verb("Two")
    assert sum(query["sql"].startswith("SAVEPOINT") for query in asked.captured_queries) == 1
    with CaptureQueriesContext(connection) as asked, transaction.atomic():
        verb("Three")
    assert sum(query["sql"].startswith("SAVEPOINT") for query in asked.captured_queries) == 2


def test_what_was_caught_inside_still_undoes_the_whole() -> None:
    def both() -> None:
        with transaction.atomic(), without_savepoints():
            verb("One")
            with pytest.raises(IntegrityError):
                verb("One")
            verb("Two")

    with pytest.raises(TransactionManagementError):
        both()
    assert not Team.objects.filter(name__in=["One", "Two"]).exists()
