"""The desk's own rules: what happens by itself, and how long things can be brought back."""

from typing import Any

from ninja import Router, Schema

from zaguan.api.access import AgentRequest, needs, once
from zaguan.tickets.catalogue import change_rules
from zaguan.tickets.statuses import rules

router = Router(tags=["lists"])


class Rules(Schema):
    """Hours until a resolved ticket closes by itself (0 is never), and whether a parent waits for its children."""

    close_after_hours: int
    parent_waits: bool


class RulesIn(Schema):
    close_after_hours: int | None = None
    parent_waits: bool | None = None


class Retention(Schema):
    """Days until what was deleted is erased (0: never by itself), and within which merges can be taken back.

    `undo_merge_days` is for tickets, `undo_contact_days` for contacts.
    """

    trash_days: int
    undo_merge_days: int
    undo_contact_days: int


class RetentionIn(Schema):
    trash_days: int | None = None
    undo_merge_days: int | None = None
    undo_contact_days: int | None = None


def _change(request: AgentRequest, body: Schema, shown: type[Schema]) -> dict[str, Any]:
    changed = change_rules(by=request.auth, **body.model_dump(exclude_none=True))
    return {name: getattr(changed, name) for name in shown.model_fields}


def _id(name: str) -> str:
    """They once stood with the tags; clients that are made from the description call them by it."""
    return f"zaguan_api_tags_{name}"


@router.get(
    "/automatic", response=Rules, operation_id=_id("read_rules"), summary="Read what happens by itself"
)
@needs("desk.use")
def read_rules(request: AgentRequest) -> Any:
    return rules()


@router.patch(
    "/automatic", response=Rules, operation_id=_id("write_rules"), summary="Change what happens by itself"
)
@needs("tickets.manage_lists")
@once
def write_rules(request: AgentRequest, body: RulesIn) -> dict[str, Any]:
    return _change(request, body, Rules)


@router.get(
    "/retention",
    response=Retention,
    operation_id=_id("read_retention"),
    summary="Read how long things can be brought back",
)
@needs("tickets.purge")
def read_retention(request: AgentRequest) -> Any:
    return rules()


@router.patch(
    "/retention",
    response=Retention,
    operation_id=_id("write_retention"),
    summary="Change how long things can be brought back",
)
@needs("tickets.purge")
@once
def write_retention(request: AgentRequest, body: RetentionIn) -> dict[str, Any]:
    """What is left out stays."""
    return _change(request, body, Retention)
