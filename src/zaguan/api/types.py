"""Types of tickets and what each asks for (A12)."""

from typing import Any, Literal

from django.utils.translation import gettext as _
from ninja import Field, Router, Schema, Status

from zaguan.api import looking_up
from zaguan.api.access import AgentRequest, needs, once
from zaguan.api.editions import Edition
from zaguan.api.lists import OrderIn
from zaguan.lib.attributes.showing import label_of
from zaguan.lib.errors import Refused
from zaguan.tickets.attribute_catalogue import (
    reorder_attributes,
    save_attribute,
    save_type,
    set_attribute_archived,
    set_type_archived,
)
from zaguan.tickets.models import Attribute, TicketType

router = Router(tags=["ticket types"])
CategoryName = Literal["customer", "back_office", "tracker"]
FormatName = Literal["text", "list", "number", "decimal", "boolean", "datetime", "file", "section"]


class OptionIn(Schema):
    """A choice. Its `key` never changes; leave it out for a new one."""

    key: str | None = Field(None, max_length=40)
    name: str = Field(max_length=80)
    names: dict[str, str] = {}
    retired: bool = False


class AttributePart(Schema):
    """What may change about an attribute. `many`: several choices or files, several lines, a time beside the date."""

    name: str | None = Field(None, min_length=1, max_length=80)
    names: dict[str, str] | None = None
    hint: str | None = Field(None, max_length=300)
    hints: dict[str, str] | None = None
    many: bool | None = None
    options: list[OptionIn] | None = None
    is_public: bool | None = None
    needed_from_agent: bool | None = None
    needed_from_customer: bool | None = None
    needed_to_resolve: bool | None = None
    # The key of a list or yes-or-no attribute above; "" takes the condition away.
    depends_on: str | None = None
    depends_values: list[str | bool] | None = None


class AttributeChange(AttributePart):
    archived: bool | None = None


class AttributeIn(AttributePart):
    """A new attribute; `format` and `key` are given once. Without a key, one is made from the name."""

    name: str = Field(min_length=1, max_length=80)
    format: FormatName
    key: str = Field("", max_length=40)


class OptionOut(Schema):
    key: str
    name: str
    label: str
    names: dict[str, str]
    retired: bool


class AttributeOut(Schema):
    id: int
    key: str
    format: FormatName
    name: str
    label: str
    names: dict[str, str]
    hint: str
    hints: dict[str, str]
    many: bool
    options: list[OptionOut]
    is_public: bool
    needed_from_agent: bool
    needed_from_customer: bool
    needed_to_resolve: bool
    depends_on: str | None
    depends_values: list[str | bool]
    archived: bool


class TypePart(Schema):
    """`names` and `descriptions` are translations by language code (es, en, pt)."""

    name: str | None = Field(None, min_length=1, max_length=80)
    names: dict[str, str] | None = None
    category: CategoryName | None = None
    icon: str | None = Field(None, max_length=40, pattern="^[a-z0-9-]+$")
    description: str | None = Field(None, max_length=300)
    descriptions: dict[str, str] | None = None


class TypeChange(TypePart):
    archived: bool | None = None


class TypeIn(TypePart):
    """A new type; it begins with a title and a description."""

    name: str = Field(min_length=1, max_length=80)
    category: CategoryName
    attributes: list[AttributeIn] = []


class TypeFull(Schema):
    id: int
    name: str
    label: str
    names: dict[str, str]
    category: CategoryName
    icon: str
    description: str
    descriptions: dict[str, str]
    archived: bool
    attributes: list[AttributeOut]


_PLAIN = (
    *("key", "format", "name", "label", "names", "hint", "hints", "many", "is_public"),
    *("needed_from_agent", "needed_from_customer", "needed_to_resolve", "depends_values"),
)


def attribute_out(row: Any, keys: dict[int, str]) -> dict[str, Any]:
    """A definition as machines see it; `keys` names those that others depend on."""
    return {name: getattr(row, name) for name in _PLAIN} | {
        "id": row.pk,
        "options": [{**option, "label": label_of(option)} for option in row.options],
        "depends_on": keys.get(row.depends_on_id),
        "archived": row.archived_at is not None,
    }


def _out(kind: TicketType) -> dict[str, Any]:
    rows = list(kind.attributes.all())
    keys = {row.pk: row.key for row in rows}
    return {
        "id": kind.pk, "name": kind.name, "label": kind.label, "names": kind.names, "category": kind.category,
        "icon": kind.icon, "description": kind.description, "descriptions": kind.descriptions,
        "archived": kind.archived_at is not None, "attributes": [attribute_out(row, keys) for row in rows],
    }  # fmt: skip


def _types(request: AgentRequest) -> Any:
    return TicketType.objects.visible_to(request.auth).prefetch_related("attributes")


def given_parts(body: Schema, rows: Any) -> dict[str, Any]:
    """What was sent of a definition, with the attribute that it depends on as a row."""
    given = {k: v for k, v in body.model_dump(exclude_unset=True).items() if v is not None}
    given.pop("archived", None)
    if "depends_on" in given:
        key = given["depends_on"]
        found = rows.filter(key=key).first() if key else None
        if key and found is None:
            raise Refused(_("There is no attribute “%(key)s” here.") % {"key": key}, field="depends_on")
        given["depends_on"] = found
        given.setdefault("depends_values", [])
    return given


def _type(request: AgentRequest, type_id: int) -> TicketType:
    found: TicketType = looking_up.found(_types(request), pk=type_id)
    return found


def _attribute(request: AgentRequest, type_id: int, key: str) -> Attribute:
    rows = Attribute.objects.visible_to(request.auth).filter(type=_type(request, type_id))
    found: Attribute = looking_up.found(rows, key=key)
    return found


TYPE = Edition(_type, parts=lambda row: row.attributes.order_by("pk"))
ATTRIBUTE = Edition(_attribute)


@router.get("/ticket-types", response=list[TypeFull], summary="List types of tickets with their attributes")
@needs("desk.use")
def list_types(request: AgentRequest, archived: bool = False) -> list[dict[str, Any]]:
    """`archived` shows those that are no longer offered too."""
    rows = _types(request)
    return [_out(kind) for kind in (rows if archived else rows.filter(archived_at=None))]


@router.post("/ticket-types", response={201: TypeFull}, summary="Create a type of tickets")
@needs("tickets.manage_types")
@once
def create_type(request: AgentRequest, body: TypeIn) -> Status[Any]:
    """All or nothing: the type and its attributes in the given order."""
    given = {k: v for k, v in body.model_dump(exclude_unset=True).items() if v is not None}
    given.pop("attributes", None)
    kind = save_type(None, by=request.auth, **given)
    for each in body.attributes:
        rows = Attribute.objects.visible_to(request.auth).filter(type=kind)
        save_attribute(kind, None, by=request.auth, **given_parts(each, rows))
    return Status(201, _out(looking_up.found(_types(request), pk=kind.pk)))


@router.put(
    "/ticket-types/{int:type_id}/attributes/order", response={204: None}, summary="Order its attributes"
)
@needs("tickets.manage_types")
def order_attributes(request: AgentRequest, type_id: int, body: OrderIn) -> None:
    """An attribute stands below the one that it depends on; 422 otherwise."""
    reorder_attributes(looking_up.found(_types(request), pk=type_id), body.ids, by=request.auth)


@router.get("/ticket-types/{int:type_id}", response=TypeFull, summary="Read a type")
@needs("desk.use")
@TYPE
def read_type(request: AgentRequest, type_id: int) -> dict[str, Any]:
    """Retired attributes too: old tickets hold them."""
    return _out(looking_up.found(_types(request), pk=type_id))


@router.patch("/ticket-types/{int:type_id}", response=TypeFull, summary="Change a type")
@needs("tickets.manage_types")
@once
@TYPE
def change_type(request: AgentRequest, type_id: int, body: TypeChange) -> dict[str, Any]:
    """The category stays once there are tickets of the type. `archived` offers it no longer, or again."""
    kind = looking_up.found(_types(request), pk=type_id)
    given = {k: v for k, v in body.model_dump(exclude_unset=True).items() if v is not None}
    archived = given.pop("archived", None)
    if given:
        save_type(kind, by=request.auth, **given)
    if archived is not None:
        set_type_archived(kind, archived, by=request.auth)
    return _out(looking_up.found(_types(request), pk=type_id))


@router.post(
    "/ticket-types/{int:type_id}/attributes", response={201: AttributeOut}, summary="Add an attribute"
)
@needs("tickets.manage_types")
@once
def create_attribute(request: AgentRequest, type_id: int, body: AttributeIn) -> Status[Any]:
    """The database is not changed by it: tickets go on while you add."""
    kind = looking_up.found(_types(request), pk=type_id)
    rows = Attribute.objects.visible_to(request.auth).filter(type=kind)
    made = save_attribute(kind, None, by=request.auth, **given_parts(body, rows))
    return Status(201, attribute_out(made, {row.pk: row.key for row in rows}))


@router.get(
    "/ticket-types/{int:type_id}/attributes/{key}", response=AttributeOut, summary="Read an attribute"
)
@needs("desk.use")
@ATTRIBUTE
def read_attribute(request: AgentRequest, type_id: int, key: str) -> dict[str, Any]:
    rows = Attribute.objects.visible_to(request.auth).filter(type=type_id)
    return attribute_out(_attribute(request, type_id, key), {row.pk: row.key for row in rows})


@router.patch(
    "/ticket-types/{int:type_id}/attributes/{key}", response=AttributeOut, summary="Change an attribute"
)
@needs("tickets.manage_types")
@once
@ATTRIBUTE
def change_attribute(request: AgentRequest, type_id: int, key: str, body: AttributeChange) -> dict[str, Any]:
    """A choice that is left out of `options` is retired: tickets that have it keep it."""
    kind = looking_up.found(_types(request), pk=type_id)
    rows = Attribute.objects.visible_to(request.auth).filter(type=kind)
    attribute = looking_up.found(rows, key=key)
    given = given_parts(body, rows)
    if given:
        attribute = save_attribute(kind, attribute, by=request.auth, **given)
    if body.archived is not None:
        set_attribute_archived(attribute, body.archived, by=request.auth)
    return attribute_out(attribute, {row.pk: row.key for row in rows})
