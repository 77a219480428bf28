"""Many rows by one statement say the same as rows that are saved one by one."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pytest

from zaguan.lib.many_rows import insert_many, update_many
from zaguan.people.models import Team

pytestmark = pytest.mark.django_db
NAMES = ("name", "archived_at")
NOON = datetime(2026, 11, 16, 12, 0, 0, 250_000, tzinfo=timezone(timedelta(hours=-3)))


def test_rows_are_written_as_the_orm_reads_them() -> None:
    names = [field.attname for field in Team._meta.concrete_fields if not field.primary_key]
    blank = Team(name="")
    rows = [
        [{"name": name, "archived_at": at}.get(each, getattr(blank, each)) for each in names]
        for name, at in (("Norte", NOON), ("Sur", None))
    ]
    insert_many(Team, names, rows)
    assert list(Team.objects.order_by("name").values_list(*NAMES)) == [("Norte", NOON), ("Sur", None)]


def test_columns_of_many_rows_are_changed_and_others_stay() -> None:
    north, south = Team.objects.create(name="Norte"), Team.objects.create(name="Sur")
    update_many(Team, ("archived_at",), [(NOON, north.pk)])
    assert list(Team.objects.order_by("name").values_list(*NAMES)) == [("Norte", NOON), ("Sur", None)]
    update_many(Team, NAMES, [("Sur 2", NOON, south.pk), ("Norte 2", None, north.pk)])
    assert set(Team.objects.values_list(*NAMES)) == {("Sur 2", NOON), ("Norte 2", None)}


def test_nothing_to_write_asks_nothing(django_assert_num_queries: pytest.FixtureRequest) -> None:
    with django_assert_num_queries(0):  # type: ignore[operator]
        update_many(Team, NAMES, [])
