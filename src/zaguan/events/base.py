"""Declare a fact (`Event`) and attach a consequence to it (`@on`)."""

from __future__ import annotations

import dataclasses
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar, TypeVar

from django.db import models


@dataclass(frozen=True, slots=True)
class Actor:
    """Who did it: `kind` is agent, contact, rule or system; `id` is its row, None for the system."""

    kind: str
    id: int | None = None


SYSTEM = Actor("system")


def actor_of(by: Any) -> Actor:
    """The actor behind an agent, a contact, a rule or an Actor itself."""
    return by if isinstance(by, Actor) else by.actor


@dataclass(frozen=True, kw_only=True)
class Event:
    """A fact in the past tense. Fields are plain values (JSON); `ticket_id` ties it to a ticket's history."""

    kinds: ClassVar[dict[str, type[Event]]] = {}
    kind: ClassVar[str] = ""

    ticket_id: int | None = None

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        app = cls.__module__.removeprefix("zaguan.").split(".")[0]
        cls.kind = f"{app}.{cls.__name__}"
        Event.kinds[cls.kind] = cls

    def payload(self) -> dict[str, Any]:
        """The fields beside the ticket, as stored in the row."""
        fields = dataclasses.fields(self)
        return {f.name: getattr(self, f.name) for f in fields if f.name != "ticket_id"}

    @classmethod
    def restore(cls, kind: str, ticket_id: int | None, data: dict[str, Any]) -> Event:
        """The event again, from its row; fields that a later version dropped are left out."""
        event_class = cls.kinds[kind]
        known = {f.name for f in dataclasses.fields(event_class)}
        return event_class(ticket_id=ticket_id, **{k: v for k, v in data.items() if k in known})


E = TypeVar("E", bound=Event)


@dataclass(frozen=True, slots=True)
class Reaction:
    """A consequence; `name` is its import path, which is how the worker remembers what is done."""

    name: str
    run: Callable[[Any], None]
    event: type[Event]
    same_transaction: bool
    # Asked when the event is recorded: without a yes no job is made for it.
    wanted: Callable[[Any], bool] | None = None


_reactions: dict[str, list[Reaction]] = defaultdict(list)


def on(
    *events: type[E], same_transaction: bool = False, wanted: Callable[[E], bool] | None = None
) -> Callable[[Callable[[E], None]], Callable[[E], None]]:
    """Attach a reaction. `same_transaction`: must be true at commit and touches only the database.

    All others run later in the worker, one by one, each with its own retries; they must be safe when run twice. A
    later one that says with `wanted` that it has nothing to do costs the writer no job; it may be run all the same.
    """

    def attach(function: Callable[[E], None]) -> Callable[[E], None]:
        for event in events:
            name = f"{function.__module__}.{function.__qualname__}"
            _reactions[event.kind].append(Reaction(name, function, event, same_transaction, wanted))
        return function

    return attach


def reactions_to(kind: str, *, same_transaction: bool) -> list[Reaction]:
    """What is attached to an event kind, in the order of attachment."""
    return [r for r in _reactions.get(kind, ()) if r.same_transaction == same_transaction]


def all_reactions() -> list[Reaction]:
    """Every reaction, sorted by event and name."""
    found = [r for group in _reactions.values() for r in group]
    return sorted(found, key=lambda r: (r.event.kind, r.name))


class CurrentTransaction(models.Func):
    """The writing transaction's number on PostgreSQL (xid8), 0 on SQLite, where ids are commit order."""

    output_field = models.BigIntegerField()
    template = "0"
    arity = 0

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> Any:
        return "(pg_current_xact_id()::text::bigint)", []
