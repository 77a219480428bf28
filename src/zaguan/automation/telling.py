"""Tell agents something, by the ways that each of them chose."""

from __future__ import annotations

from collections.abc import Iterable
from importlib import import_module
from importlib.util import find_spec

from zaguan.people.models import Agent

_SENDING = "zaguan.notifications.sending"


def tell(
    agents: Iterable[Agent], *, kind: str, ticket_id: int | None, text: str, event_id: int | None = None
) -> None:
    """Hand it to the notifications."""
    if find_spec(_SENDING) is not None:
        module = import_module(_SENDING)
        module.notify(list(agents), kind=kind, ticket_id=ticket_id, text=text, event_id=event_id)
