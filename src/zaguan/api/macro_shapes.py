"""Macros, their steps and what they would do, as the API writes them."""

from typing import Any

from ninja import Field, Schema

from zaguan.api.shapes import NameOut


class StepIn(Schema):
    """`values` by the fields of the action; rows by id or by name."""

    action: str
    values: dict[str, Any] = Field(default_factory=dict)


class StepOut(StepIn):
    sentence: str
    problem: str = ""


class MacroOut(NameOut):
    """`team` is set when it is a team's; neither `team` nor `own`: it is everybody's. `used` in the last seven days."""

    names: dict[str, str]
    description: str
    query: str
    own: bool
    team: int | None
    active: bool
    favourite: bool
    steps: list[StepOut]
    used: int


class MacroIn(Schema):
    """`team` shares it with a team, `everybody` with all; neither: it is one's own. `query`: offered on what it finds."""

    name: str
    names: dict[str, str] = Field(default_factory=dict)
    description: str = ""
    query: str = ""
    team: int | str | None = None
    everybody: bool = False
    steps: list[StepIn]


class MacroChange(Schema):
    name: str | None = None
    names: dict[str, str] | None = None
    description: str | None = None
    query: str | None = None
    team: int | str | None = None
    everybody: bool | None = None
    steps: list[StepIn] | None = None
    active: bool | None = None
    favourite: bool | None = None


class PreviewOut(Schema):
    """One step on one ticket: `old` becomes `new`, or `text` is written; `problem` says why it cannot be."""

    label: str
    old: str
    new: str
    text: str
    problem: str


class ApplyIn(Schema):
    """`version`: refuse (409) when the ticket changed since."""

    version: int | None = None


class AppliedOut(Schema):
    """`run` takes it back: POST /bulk/{run}/undo."""

    run: int
    number: int
    changed: bool
    messages: list[int]


class ActionOut(Schema):
    """`fields` are the values that it takes, `required` those without which it cannot be."""

    key: str
    label: str
    permission: str
    fields: dict[str, str]
    required: list[str]
