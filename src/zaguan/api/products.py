"""Products, the pieces of them that customers have, and which tickets are about them."""

from datetime import date
from typing import Any

from ninja import Router, Schema, Status
from pydantic import Field

from zaguan.api import looking_up
from zaguan.api.access import AgentRequest, needs, once
from zaguan.api.editions import Edition
from zaguan.api.organisations import organisation_for
from zaguan.api.paging import Paged, newest_first
from zaguan.api.shapes import PersonOut, person
from zaguan.people.models import Contact
from zaguan.tickets.models import Product, ProductItem, Ticket
from zaguan.tickets.products import delete_item, put_items, save_item, serial_key

router = Router(tags=["products"])


class ProductOut(Schema):
    id: int
    code: str
    name: str


class ItemIn(Schema):
    """A piece of a product (its id, code or name)."""

    product: int | str
    serial: str = Field("", max_length=120)
    purchased_on: date | None = None
    warranty_until: date | None = None
    contact: str | None = None
    organisation: str | None = None
    notes: str = Field("", max_length=500)


class ItemChange(Schema):
    product: int | str | None = None
    serial: str | None = Field(None, max_length=120)
    purchased_on: date | None = None
    warranty_until: date | None = None
    contact: str | None = None
    organisation: str | None = None
    notes: str | None = Field(None, max_length=500)


class ItemOut(Schema):
    id: str
    product: ProductOut
    serial: str
    purchased_on: date | None
    warranty_until: date | None
    contact: PersonOut | None
    organisation: PersonOut | None
    notes: str


class PutIn(Schema):
    item: str


def item_out(item: ProductItem) -> dict[str, Any]:
    plain = ("serial", "purchased_on", "warranty_until", "notes")
    return {name: getattr(item, name) for name in plain} | {
        "id": item.public_id,
        "product": {"id": item.product_id, "code": item.product.code, "name": item.product.label},
        "contact": person(item.contact),
        "organisation": person(item.organisation),
    }


def _rows(request: AgentRequest) -> Any:
    return ProductItem.objects.visible_to(request.auth).select_related("product", "contact", "organisation")


def _item(request: AgentRequest, public_id: str) -> ProductItem:
    found: ProductItem = looking_up.found(_rows(request), public_id=public_id)
    return found


def _values(request: AgentRequest, given: dict[str, Any]) -> dict[str, Any]:
    if given.get("product") is not None:
        every = list(Product.objects.visible_to(request.auth))
        by_code = next((p for p in every if p.code.lower() == str(given["product"]).lower()), None)
        given["product"] = by_code or looking_up.one(every, given["product"], "product")
    if given.get("contact"):
        given["contact"] = looking_up.found(
            Contact.objects.visible_to(request.auth), public_id=given["contact"]
        )
    if given.get("organisation"):
        given["organisation"] = organisation_for(request, given["organisation"])
    return given


PIECE = Edition(_item)


@router.get("/products", response=list[ProductOut], summary="List the catalogue of products")
@needs("desk.use")
def list_products(request: AgentRequest) -> Any:
    rows = Product.objects.visible_to(request.auth).filter(archived_at=None)
    return [{"id": p.pk, "code": p.code, "name": p.label} for p in rows]


@router.get("/product-items", response=Paged[ItemOut], summary="List pieces of products")
@needs("people.view")
def list_items(
    request: AgentRequest, serial: str = "", contact: str = "", cursor: str = "", size: int = 50
) -> dict[str, Any]:
    """By the beginning of the serial number, or whose they are."""
    rows = _rows(request)
    if serial:
        rows = rows.filter(serial_key__startswith=serial_key(serial))
    if contact:
        rows = rows.filter(contact__public_id=contact)
    page, after = newest_first(rows, cursor, size)
    return {"items": [item_out(item) for item in page], "next_cursor": after}


@router.post("/product-items", response={201: ItemOut}, summary="Record a piece that a customer has")
@needs("people.edit")
@once
def create_item(request: AgentRequest, body: ItemIn) -> Status[Any]:
    values = _values(request, body.model_dump(exclude_none=True))
    return Status(201, item_out(save_item(None, by=request.auth, **values)))


@router.get("/product-items/{public_id}", response=ItemOut, summary="Read a piece of a product")
@needs("people.view")
@PIECE
def read_item(request: AgentRequest, public_id: str) -> dict[str, Any]:
    return item_out(_item(request, public_id))


@router.patch("/product-items/{public_id}", response=ItemOut, summary="Change what is known of a piece")
@needs("people.edit")
@once
@PIECE
def patch_item(request: AgentRequest, public_id: str, body: ItemChange) -> dict[str, Any]:
    given = body.model_dump(exclude_unset=True)
    empty = ("purchased_on", "warranty_until", "contact", "organisation")
    given = {name: value for name, value in given.items() if value is not None or name in empty}
    save_item(_item(request, public_id), by=request.auth, **_values(request, given))
    return item_out(_item(request, public_id))


@router.delete(
    "/product-items/{public_id}", response={204: None}, summary="Forget a piece that no ticket is about"
)
@needs("people.edit")
@PIECE
def remove_item(request: AgentRequest, public_id: str) -> None:
    delete_item(_item(request, public_id), by=request.auth)


def _of(ticket: Ticket, request: AgentRequest) -> list[dict[str, Any]]:
    return [item_out(item) for item in _rows(request).filter(tickets=ticket).order_by("pk")]


@router.get(
    "/tickets/{int:number}/products", response=list[ItemOut], summary="List the pieces that a ticket is about"
)
@needs("people.view")
def list_items_of_ticket(request: AgentRequest, number: int) -> Any:
    return _of(looking_up.ticket_for(request.auth, number), request)


@router.post(
    "/tickets/{int:number}/products",
    response={201: list[ItemOut]},
    summary="Say that a ticket is about a piece",
)
@needs("tickets.edit")
@once
def put_item(request: AgentRequest, number: int, body: PutIn) -> Status[Any]:
    ticket = looking_up.ticket_for(request.auth, number)
    put_items(ticket, add=[_item(request, body.item)], by=request.auth)
    return Status(201, _of(ticket, request))


@router.delete(
    "/tickets/{int:number}/products/{public_id}",
    response={204: None},
    summary="Say that a ticket is not about a piece",
)
@needs("tickets.edit")
def take_item(request: AgentRequest, number: int, public_id: str) -> None:
    ticket = looking_up.ticket_for(request.auth, number)
    put_items(ticket, remove=[_item(request, public_id)], by=request.auth)
