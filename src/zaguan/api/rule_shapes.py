"""Rules, their versions, runs and dry runs, as the API reads and writes them."""

from datetime import datetime
from typing import Any

from ninja import Field, Schema

from zaguan.api.macro_shapes import StepIn, StepOut


class TriggerIn(Schema):
    """`trigger` is a key of /rules/parts; `values` by its fields."""

    trigger: str
    values: dict[str, Any] = Field(default_factory=dict)


class ConditionIn(Schema):
    """About the change itself, beside `query`, which is about the ticket. `not` turns it round."""

    condition: str
    values: dict[str, Any] = Field(default_factory=dict)
    turned: bool = Field(False, alias="not")


class RuleIn(Schema):
    """`query` is a filter of the list; `stops` keeps later rules from the same event. It begins switched off."""

    name: str
    names: dict[str, str] = Field(default_factory=dict)
    description: str = ""
    when: list[TriggerIn]
    query: str = ""
    conditions: list[ConditionIn] = Field(default_factory=list)
    steps: list[StepIn]
    stops: bool = False
    catches_up: bool = False


class RuleChange(Schema):
    """What is left out stays. `version` is the one that was read; `despite_loops` lets it act in spite of a circle."""

    name: str | None = None
    names: dict[str, str] | None = None
    description: str | None = None
    when: list[TriggerIn] | None = None
    query: str | None = None
    conditions: list[ConditionIn] | None = None
    steps: list[StepIn] | None = None
    stops: bool | None = None
    catches_up: bool | None = None
    active: bool | None = None
    version: int | None = None
    despite_loops: bool = False


class RuleOut(Schema):
    """`sentence` is the whole rule in words; `problems` say what in it no longer works. A braked rule does not act."""

    id: int
    name: str
    names: dict[str, str]
    description: str
    active: bool
    braked_at: datetime | None
    brake_reason: str
    when: list[dict[str, Any]]
    query: str
    conditions: list[dict[str, Any]]
    steps: list[StepOut]
    stops: bool
    catches_up: bool
    version: int
    sentence: str
    problems: list[str]


class PartOut(Schema):
    """A trigger or a condition that rules may have; `kinds` are the events that it is about, none for all."""

    key: str
    label: str
    kinds: list[str]
    fields: dict[str, str]


class PartsOut(Schema):
    triggers: list[PartOut]
    conditions: list[PartOut]


class ChangedOut(Schema):
    field: str
    label: str
    old: str
    new: str


class VersionOut(Schema):
    number: int
    at: datetime
    agent: int | None
    restored_from: int | None
    changes: list[ChangedOut]


class SeenOut(Schema):
    """What was asked, whether it held, and the value that was looked at."""

    sentence: str
    true: bool
    seen: str


class DidOut(Schema):
    """`state`: done, same (nothing to change) or refused, with its reason."""

    sentence: str
    state: str
    old: str
    new: str
    reason: str


class RunOut(Schema):
    """A rule that fitted: `event` caused it (or time, counted from `moment`), `applied` is what its changes name as cause."""

    id: int
    rule: int
    name: str
    version: int
    ticket: int
    at: datetime
    outcome: str
    reason: str
    trigger: str
    event: int | None
    applied: int | None
    moment: datetime | None
    depth: int
    conditions: list[SeenOut]
    actions: list[DidOut]


class TrialIn(Schema):
    """On how many of the last tickets."""

    last: int = 500


class DraftTrialIn(RuleIn, TrialIn):
    """A rule that is not saved."""


class HitOut(Schema):
    """A ticket on which it would have acted, the last time and how often, and what would be different now."""

    ticket: int
    subject: str
    at: datetime
    event: int | None
    times: int
    differences: list[dict[str, Any]]


class TrialOut(Schema):
    """`state`: waiting, running, done or stopped. All `matched` are counted, the first 200 listed."""

    id: int
    state: str
    total: int
    seen: int
    matched: int
    found: list[HitOut]
