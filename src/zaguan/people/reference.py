"""Rows that every list names and that seldom change: read once, kept for two seconds in each process."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from typing import Generic, TypeVar

from django.db.models import Model

from zaguan.people.models import Agent, Role, Team

M = TypeVar("M", bound=Model)
# How long another process's change to a name may stay unseen; the own process forgets at once.
LIFETIME = 2.0
_kept: list[Kept[Model]] = []


class Kept(Generic[M]):
    """All rows of a small table by id. They are shared: read them, never change or save them."""

    def __init__(self, read: Callable[[], Iterable[M]]) -> None:
        self._read = read
        self._rows: dict[int, M] = {}
        self._until = 0.0
        # Another one each time the rows say something else: what is made of them can be kept by it.
        self.edition = 0
        _kept.append(self)  # type: ignore[arg-type]

    def all(self) -> dict[int, M]:
        """Every row by id, in the table's own order."""
        if time.monotonic() >= self._until:
            rows = {row.pk: row for row in self._read()}
            if not self.edition or not _alike(rows, self._rows):
                self._rows, self.edition = rows, self.edition + 1
            self._until = time.monotonic() + LIFETIME
        return self._rows

    def get(self, key: int | None) -> M | None:
        """The row with this id; one that is too new to be known is looked for again."""
        if key is None:
            return None
        found = self.all().get(key)
        if found is None:
            self.forget()
            found = self.all().get(key)
        return found

    def forget(self) -> None:
        """Read again next time."""
        self._until = 0.0


def _alike(some: dict[int, M], others: dict[int, M]) -> bool:
    """Whether they say the same, in the same order."""
    return list(some) == list(others) and all(_said(row) == _said(others[key]) for key, row in some.items())


def _said(row: Model) -> tuple[dict[str, object], list[dict[str, object]]]:
    """The columns of a row, and of the rows that were read with it."""
    with_it = [each for each in row._state.fields_cache.values() if isinstance(each, Model)]
    return _columns(row), [_columns(each) for each in with_it]


def _columns(row: Model) -> dict[str, object]:
    return {name: value for name, value in row.__dict__.items() if name[0] != "_"}


def forget_all() -> None:
    """Read every kept table again next time it is asked for."""
    for kept in _kept:
        kept.forget()


agents: Kept[Agent] = Kept(
    lambda: Agent.objects.only("name", "email", "availability", "is_active").order_by("name", "id")
)
teams: Kept[Team] = Kept(lambda: Team.objects.order_by("name"))
roles: Kept[Role] = Kept(lambda: Role.objects.order_by("name"))
