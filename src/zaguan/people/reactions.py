"""What people's own rows hear of."""

from __future__ import annotations

from django.db import transaction

from zaguan.events.base import Event, on
from zaguan.people import availability  # noqa: F401 (its tasks are known to the worker by this)
from zaguan.people.events import AgentChanged, SettingChanged
from zaguan.people.reference import forget_all


@on(SettingChanged, AgentChanged, same_transaction=True)
def read_names_again(event: Event) -> None:
    """This process shows the new name at once; others within two seconds."""
    transaction.on_commit(forget_all)
