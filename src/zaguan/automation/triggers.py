"""What starts a rule, each by its readable name: something that happens to a ticket, or time that has passed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from zaguan.automation.base import ActionForm
from zaguan.automation.models import TriggerRow
from zaguan.automation.trigger_times import TIME, TimeForm, time_in_words
from zaguan.conversations.events import (
    CallLogged,
    DeliveryChanged,
    LinkedStatusChanged,
    MessageReceived,
    MessageSent,
    NoteAdded,
    SideMessageReceived,
)
from zaguan.events.base import Event
from zaguan.lib.errors import Refused
from zaguan.sla.events import LinkedTargetMissed, TargetMissed, TargetNear
from zaguan.tickets.approval_events import ApprovalAnswered, ApprovalAsked, ApprovalDue
from zaguan.tickets.events import (
    AttributesChanged,
    FieldsChanged,
    StatusChanged,
    TagsChanged,
    TeamChanged,
    TicketAssigned,
    TicketLinked,
    TicketOpened,
    TypeChanged,
)
from zaguan.tickets.moving_events import TicketsMerged
from zaguan.tickets.work_events import ActivityDone, PromiseChanged


@dataclass(frozen=True)
class Trigger:
    """`kinds` are the events that may start it; `fits` looks at what the event carries."""

    key: str
    label: Any
    kinds: tuple[str, ...]
    group: str = "ticket"
    fits: Callable[[dict[str, Any]], bool] | None = None
    form: type[ActionForm] = ActionForm

    def describe(self, values: dict[str, Any]) -> str:
        """The trigger as the beginning of a sentence."""
        return time_in_words(values) if self.key == TIME else str(self.label)


_triggers: dict[str, Trigger] = {}


def register(
    key: str,
    label: Any,
    *events: type[Event],
    group: str = "ticket",
    fits: Callable[[dict[str, Any]], bool] | None = None,
    form: type[ActionForm] = ActionForm,
) -> None:
    """Offer a trigger to rules."""
    if key in _triggers:
        raise ValueError(f"the trigger {key} is registered twice")
    _triggers[key] = Trigger(key, label, tuple(event.kind for event in events), group, fits, form)


def all_triggers() -> list[Trigger]:
    """Every trigger, in the order of registration."""
    return list(_triggers.values())


def trigger_named(key: str) -> Trigger:
    """The trigger with this key; raises Refused for one that this version does not have."""
    found = _triggers.get(key)
    if found is None:
        raise Refused(_("There is no trigger “%(key)s”.") % {"key": key}, field="when")
    return found


def started_by(rows: Sequence[TriggerRow], kind: str, data: dict[str, Any]) -> TriggerRow | None:
    """The first of a rule's triggers that this event starts; a mail that opens a ticket starts a rule once."""
    for row in rows:
        trigger = _triggers.get(row["trigger"])
        if trigger is None or kind not in trigger.kinds or (trigger.fits and not trigger.fits(data)):
            continue
        if len(rows) == 1:
            return row
        both = data.get("opened") and any(other["trigger"] == "ticket_opened" for other in rows)
        if not (both and row["trigger"] == "message_received"):
            return row
    return None


def kinds_of(rows: Iterable[TriggerRow]) -> set[str]:
    """The events that may start a rule with these triggers."""
    known = (_triggers.get(row["trigger"]) for row in rows)
    return {kind for trigger in known if trigger for kind in trigger.kinds}


def times_of(rows: Iterable[TriggerRow]) -> list[tuple[int, dict[str, Any]]]:
    """A rule's triggers about time, each with its place among all of its triggers."""
    return [(place, row["values"]) for place, row in enumerate(rows) if row["trigger"] == TIME]


register("ticket_opened", gettext_lazy("A ticket is opened"), TicketOpened)
register(
    "message_received",
    gettext_lazy("The customer writes"),
    MessageReceived,
    group="message",
)
register(
    "answer_sent",
    gettext_lazy("An agent answers"),
    MessageSent,
    group="message",
    fits=lambda data: not data.get("automatic"),
)
register("note_written", gettext_lazy("A note is written"), NoteAdded, group="message")
register("call_logged", gettext_lazy("A call is written down"), CallLogged, group="message")
register(
    "side_answered",
    gettext_lazy("Somebody asked outside answers"),
    SideMessageReceived,
    group="message",
)
register(
    "delivery_failed",
    gettext_lazy("A message is not delivered"),
    DeliveryChanged,
    group="message",
    fits=lambda data: data.get("state") == "failed",
)
register("status_changed", gettext_lazy("The status changes"), StatusChanged, group="change")
register("assignee_changed", gettext_lazy("The assignee changes"), TicketAssigned, group="change")
register("team_changed", gettext_lazy("The team changes"), TeamChanged, group="change")
register("type_changed", gettext_lazy("The type changes"), TypeChanged, group="change")
register("field_changed", gettext_lazy("A field changes"), FieldsChanged, group="change")
register(
    "attribute_changed",
    gettext_lazy("An attribute changes"),
    AttributesChanged,
    TypeChanged,
    group="change",
    fits=lambda data: bool(data.get("changes")),
)
register("tags_changed", gettext_lazy("Tags are put on or taken off"), TagsChanged, group="change")
register("linked", gettext_lazy("Tickets are linked"), TicketLinked, group="change")
register(
    "linked_status",
    gettext_lazy("A linked tracker or back-office ticket goes on"),
    LinkedStatusChanged,
    group="change",
)
register("merged", gettext_lazy("Another ticket is merged into it"), TicketsMerged, group="change")
register("promise_changed", gettext_lazy("A solution is promised"), PromiseChanged, group="time")
register("target_near", gettext_lazy("An SLA target is near"), TargetNear, group="time")
register("target_missed", gettext_lazy("An SLA target is missed"), TargetMissed, group="time")
register("linked_missed", gettext_lazy("A linked ticket misses its target"), LinkedTargetMissed, group="time")
register("activity_done", gettext_lazy("An activity is done"), ActivityDone, group="change")
register("approval_asked", gettext_lazy("Approval is asked for"), ApprovalAsked, group="change")
register(
    "approval_decided",
    gettext_lazy("An approval is decided"),
    ApprovalAnswered,
    group="change",
    fits=lambda data: data.get("state") in ("approved", "rejected"),
)
register("approval_due", gettext_lazy("An approval is due and still waits"), ApprovalDue, group="time")
register(TIME, gettext_lazy("Time has passed"), group="time", form=TimeForm)
