"""What a ticket's fields may hold: statuses, categories, urgencies and services, each with the same five calls."""

from typing import Any, Literal

from ninja import Field, Router, Schema, Status

from zaguan.api import looking_up
from zaguan.api.access import AgentRequest, needs, once
from zaguan.api.editions import Edition
from zaguan.api.shapes import NameOut, StatusOut
from zaguan.tickets.catalogue import reorder, save_entry, set_archived
from zaguan.tickets.models import Category, PartyRole, Service, Urgency
from zaguan.tickets.models import Status as TicketStatus

router = Router(tags=["lists"])
PhaseName = Literal["new", "open", "customer", "third", "snoozed", "resolved", "closed"]


class EntryIn(Schema):
    """`names` are translations by language code (es, en, pt). `archived` retires an entry; old tickets keep it."""

    name: str | None = Field(None, min_length=1, max_length=80)
    names: dict[str, str] | None = None
    archived: bool | None = None


class StatusIn(EntryIn):
    phase: PhaseName | None = None
    is_default: bool | None = None
    asks_reason: bool | None = None


class UrgencyIn(EntryIn):
    rank: int | None = Field(None, ge=-9, le=9)


class ServiceIn(EntryIn):
    parent: int | None = None


class ServiceOut(NameOut):
    parent: int | None


class UrgencyOut(NameOut):
    rank: int


class OrderIn(Schema):
    """Ids in the wanted order; those left out come last."""

    ids: list[int]


def _out(row: Any) -> dict[str, Any]:
    more = {"phase": "phase", "rank": "rank", "parent": "parent_id"}
    shown = {"id": row.pk, "name": row.label}
    return shown | {name: getattr(row, column) for name, column in more.items() if hasattr(row, column)}


def _rows(request: AgentRequest, model: Any) -> Any:
    return model.objects.visible_to(request.auth)


def _save(request: AgentRequest, model: Any, body: Any, entry: Any) -> dict[str, Any]:
    given = body.model_dump(exclude_unset=True)
    archived = given.pop("archived", None)
    values = {name: value for name, value in given.items() if value is not None or name == "parent"}
    if values.get("parent") is not None:
        values["parent"] = looking_up.found(_rows(request, Service), pk=values["parent"])
    saved = save_entry(model, entry, by=request.auth, **values) if values or entry is None else entry
    if archived is not None:
        set_archived(saved, archived, by=request.auth)
    return _out(saved)


def _offer(name: str, one: str, model: Any, given: Any, shown: Any) -> None:
    """The five calls of one list."""
    names = name.replace("-", "_")

    def entry_for(request: AgentRequest, entry_id: int) -> Any:
        return looking_up.found(_rows(request, model), pk=entry_id)

    edition = Edition(entry_for)

    @router.get(f"/{name}", response=list[shown], operation_id=f"list_{names}", summary=f"List {name}")
    @needs("desk.use")
    def list_entries(request: AgentRequest, archived: bool = False) -> list[dict[str, Any]]:
        rows = _rows(request, model)
        return [_out(row) for row in (rows if archived else rows.filter(archived_at=None))]

    @router.post(f"/{name}", response={201: shown}, operation_id=f"create_{one}", summary=f"Add to {name}")
    @needs("tickets.manage_lists")
    @once
    def create_entry(request: AgentRequest, body: given) -> Status[Any]:
        return Status(201, _save(request, model, body, None))

    @router.put(
        f"/{name}/order", response={204: None}, operation_id=f"order_{names}", summary=f"Put {name} in order"
    )
    @needs("tickets.manage_lists")
    def order_entries(request: AgentRequest, body: OrderIn) -> None:
        reorder(model, body.ids, by=request.auth)

    @router.get(
        f"/{name}/{{int:entry_id}}", response=shown, operation_id=f"read_{one}", summary=f"Read one of {name}"
    )
    @needs("desk.use")
    @edition
    def read_entry(request: AgentRequest, entry_id: int) -> dict[str, Any]:
        return _out(entry_for(request, entry_id))

    @router.patch(
        f"/{name}/{{int:entry_id}}",
        response=shown,
        operation_id=f"change_{one}",
        summary=f"Change one of {name}",
    )
    @needs("tickets.manage_lists")
    @once
    @edition
    def change_entry(request: AgentRequest, entry_id: int, body: given) -> dict[str, Any]:
        return _save(request, model, body, entry_for(request, entry_id))


_offer("statuses", "status", TicketStatus, StatusIn, StatusOut)
_offer("categories", "category", Category, EntryIn, NameOut)
_offer("urgencies", "urgency", Urgency, UrgencyIn, UrgencyOut)
_offer("services", "service", Service, ServiceIn, ServiceOut)
_offer("party-roles", "party_role", PartyRole, EntryIn, NameOut)
