"""Every event with its reactions, as text: for `zaguan reactions` and docs/events.md."""

from __future__ import annotations

import dataclasses
import inspect
from collections.abc import Iterator

from zaguan.events.base import Event, Reaction, all_reactions

INTRODUCTION = """\
# Events

Written by `make docs`; a test keeps it true. Each change is one event row; what follows from it is listed below it.
**At commit** means in the same transaction; **later** means in the worker, with its own retries.
"""


def reactions_as_text() -> str:
    """The whole table in Markdown, by event."""
    return INTRODUCTION + "".join(
        _section(Event.kinds[kind]) for kind in sorted(Event.kinds) if _is_ours(kind)
    )


def _is_ours(kind: str) -> bool:
    return (
        Event.kinds[kind].__module__.startswith("zaguan.") and ".tests." not in Event.kinds[kind].__module__
    )


def _section(event: type[Event]) -> str:
    about = inspect.cleandoc(event.__doc__ or "")
    # A dataclass without a docstring gets its signature as one.
    about = "" if about.startswith(f"{event.__name__}(") else about + "\n\n"
    fields = ", ".join(f"`{field.name}`" for field in dataclasses.fields(event))
    return f"\n## {event.kind}\n\n{about}Fields: {fields}\n\n" + "".join(_lines(event))


def _lines(event: type[Event]) -> Iterator[str]:
    found = [reaction for reaction in all_reactions() if reaction.event is event]
    if not found:
        yield "- nothing follows\n"
    for reaction in found:
        yield f"- {_when(reaction)}: `{reaction.name.removeprefix('zaguan.')}`{_saying(reaction)}\n"


def _when(reaction: Reaction) -> str:
    return "at commit" if reaction.same_transaction else "later"


def _saying(reaction: Reaction) -> str:
    first = inspect.cleandoc(reaction.run.__doc__ or "").split("\n")[0]
    return f" – {first}" if first else ""
