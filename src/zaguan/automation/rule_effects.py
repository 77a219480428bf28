"""What the actions of a rule change, and which events come of it, known without doing them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from zaguan.automation.models import StepRow
from zaguan.tickets import reference


@dataclass(frozen=True)
class Effect:
    """An event that an action makes: on which `fact` it sets what `value`, and which conditions that answers."""

    kind: str
    fact: str = ""
    value: Any = None
    # It makes an event each time, whatever stands there already.
    always: bool = False
    data: dict[str, Any] = field(default_factory=dict)
    # By condition: the values of its form that hold.
    answers: dict[str, list[Any]] = field(default_factory=dict)


def effects_of(steps: Iterable[StepRow]) -> list[Effect]:
    """All that these steps bring about."""
    found: list[Effect] = []
    for row in steps:
        make = _EFFECTS.get(row["action"])
        if make is not None:
            found += make(row.get("values") or {})
    return found


def _status(values: dict[str, Any]) -> list[Effect]:
    number = values.get("status")
    status = reference.statuses.get(number)
    answers: dict[str, list[Any]] = {"status_to": [number], "phase_to": [status.phase] if status else []}
    return [Effect("tickets.StatusChanged", "status", number, answers=answers)]


def _snooze(values: dict[str, Any]) -> list[Effect]:
    return [Effect("tickets.StatusChanged", "status", "snoozed", answers={"phase_to": ["snoozed"]})]


def _assign(values: dict[str, Any]) -> list[Effect]:
    chosen = values.get("assignee")
    return [Effect("tickets.TicketAssigned", "assignee", chosen, answers={"assignee_to": [chosen]})]


def _team(values: dict[str, Any]) -> list[Effect]:
    chosen = values.get("team")
    return [Effect("tickets.TeamChanged", "team", chosen, answers={"team_to": [chosen]})]


def _field(name: str, column: str) -> Any:
    def effect(values: dict[str, Any]) -> list[Effect]:
        return [Effect("tickets.FieldsChanged", name, values.get(column), answers={"field_is": [name]})]

    return effect


def _attribute(values: dict[str, Any]) -> list[Effect]:
    key = values.get("attribute", "")
    return [
        Effect(
            "tickets.AttributesChanged",
            f"attribute.{key}",
            values.get("value"),
            data={"changes": {"0": []}},
            answers={"attribute_is": [key]},
        )
    ]


def _add_tags(values: dict[str, Any]) -> list[Effect]:
    return [_tag(tag, "on", {"tag_added": [tag], "tag_removed": []}) for tag in values.get("tags") or []]


def _remove_tags(values: dict[str, Any]) -> list[Effect]:
    return [_tag(tag, "off", {"tag_removed": [tag], "tag_added": []}) for tag in values.get("tags") or []]


def _tag(tag: str, value: str, answers: dict[str, list[Any]]) -> Effect:
    return Effect("tickets.TagsChanged", f"tag.{tag.casefold()}", value, answers=answers)


def _said(kind: str, **data: Any) -> Any:
    return lambda values: [Effect(kind, always=True, data=data, answers={"caused_by": ["rule"]})]


_EFFECTS: dict[str, Any] = {
    "set_status": _status,
    "snooze": _snooze,
    "assign": _assign,
    "set_team": _team,
    "set_category": _field("category", "category"),
    "set_urgency": _field("urgency", "urgency"),
    "set_service": _field("service", "service"),
    "set_important": _field("is_important", "important"),
    "set_attribute": _attribute,
    "add_tags": _add_tags,
    "remove_tags": _remove_tags,
    # Its answers are marked automatic, and so start no rule about answers of agents.
    "reply": _said("conversations.MessageSent", automatic=True),
    "send_template": _said("conversations.MessageSent", automatic=True),
    "note": _said("conversations.NoteAdded"),
    "ask_approval": _said("tickets.ApprovalAsked"),
    "create_ticket": lambda values: [
        Effect("tickets.TicketOpened", always=True, answers={"caused_by": ["rule"]}),
        Effect("tickets.TicketLinked", always=True, answers={"caused_by": ["rule"]}),
    ],
}
