"""Every event with its reactions, as text: what `zaguan reactions` prints and docs/events.md holds."""

from __future__ import annotations

import dataclasses
import inspect
from collections.abc import Iterator

from zaguan.events.base import Event, all_reactions

HEAD = """\
# Events

What can happen, and what then follows. *At once*: in the same transaction. *Later*: in the worker.
"""


def reactions_as_text(note: str = "") -> str:
    """The whole table in Markdown, by event; `note` follows the introduction."""
    ours = [event for kind, event in sorted(Event.kinds.items()) if _is_ours(event)]
    return (
        "\n".join(
            [HEAD, *([note] if note else []), *(line for event in ours for line in _section(event))]
        ).rstrip()
        + "\n"
    )


def _is_ours(event: type[Event]) -> bool:
    return event.__module__.startswith("zaguan.") and ".tests." not in event.__module__


def _section(event: type[Event]) -> Iterator[str]:
    yield f"## {event.kind}\n"
    about = inspect.cleandoc(event.__doc__ or "").split("\n")[0]
    # A dataclass without a docstring gets its signature as one.
    if not about.startswith(f"{event.__name__}("):
        yield f"{about}\n"
    yield f"Carries {', '.join(f'`{field.name}`' for field in dataclasses.fields(event))}.\n"
    for reaction in all_reactions():
        if reaction.event is event:
            when = "at once" if reaction.same_transaction else "later"
            yield f"- {when}: `{reaction.name}`{_saying(reaction.run.__doc__)}"
    yield ""


def _saying(docstring: str | None) -> str:
    first = inspect.cleandoc(docstring or "").split("\n")[0]
    return f" – {first}" if first else ""
