"""Close the children with their parent: one after the other, each by the same rules as any ticket."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from zaguan.lib.errors import Refused
from zaguan.people.models import Agent
from zaguan.tickets.models import Status, Ticket
from zaguan.tickets.progress import open_children
from zaguan.tickets.statuses import set_status


@dataclass
class Finished:
    """Which children took the status, and why the others did not."""

    done: list[int] = field(default_factory=list)
    refused: dict[int, str] = field(default_factory=dict)


def finish_children(parent: Ticket, status: Status, *, viewer: Agent, by: Any, reason: str = "") -> Finished:
    """Put every open child that `viewer` may know of into `status`. Each stands for itself: a refusal stops no other."""
    found = Finished()
    for number in open_children(parent, viewer):
        try:
            set_status(number, status, by=by, reason=reason)
        except Refused as refused:
            found.refused[number] = refused.sentence
        else:
            found.done.append(number)
    return found
