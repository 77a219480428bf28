"""How the addresses of types, attributes and profiles are called, and what they are about."""

from __future__ import annotations

from typing import Any

from tests.walk.entries import Entry, button, form, page
from zaguan.people.profiles import save_field
from zaguan.testing.world import World
from zaguan.tickets.attribute_catalogue import save_attribute, save_type
from zaguan.tickets.models import Ticket
from zaguan.tickets.types import set_type

_TYPE = {"name": "Otro", "category": "customer", "icon": "wrench"}
_FIELD = {"name": "Color", "format": "text"}
_ORDER: dict[str, Any] = {"ids": []}
_KIND = "/ticket-types/<int:type_id>"
_FIELDS = "/profile-fields/<subject>"


def scene_of_types(world: World, ticket: Ticket) -> dict[str, Any]:
    """A type that the ticket is not of yet, with one attribute, and one field about contacts."""
    kind = save_type(None, by=world.bo, name="Pedido", category="customer", icon="package")
    attribute = save_attribute(kind, None, by=world.bo, name="Talla", format="text", key="talla")
    save_field("contact", None, by=world.bo, name="Socio", format="text", key="socio")
    other = save_field("contact", None, by=world.bo, name="VIP", format="boolean")
    current = save_type(None, by=world.bo, name="Incidencia", category="customer", icon="bug")
    set_type(ticket, current, by=world.ana)
    return {
        "type": kind.pk, "attribute": attribute.pk, "attribute-key": "talla", "people-subject": "contact",
        "people-field": other.pk, "people-key": "socio",
    }  # fmt: skip


DESK: dict[str, Entry] = {
    "desk:settings-types": page(),
    "desk:new-types": form(post=_TYPE),
    "desk:edit-types": form("type", post=_TYPE),
    "desk:move-types": button("type", post={"do": "up"}),
    "desk:new-attribute": form("type", post=_FIELD),
    "desk:edit-attribute": form("type", "attribute", post={"name": "Talla"}),
    "desk:move-attribute": button("type", post={"order": ""}),
    "desk:settings-contact-fields": page(),
    "desk:settings-organisation-fields": page(),
    "desk:new-people-field": form("people-subject", post=_FIELD),
    "desk:edit-people-field": form("people-subject", "people-field", post={"name": "VIP"}),
    "desk:move-people-field": button("people-subject", post={"order": ""}),
    "desk:contact-profile": form("contact", post={"attributes.socio": "A 1"}),
    "desk:organisation-profile": form("organisation"),
    "desk:set-attributes": button("ticket", hidden=True, post={"attributes.description": "Sí"}),
    "desk:turn": form("ticket", hidden=True, post={"type": "{type}"}),
}

API: dict[str, Entry] = {
    "GET /ticket-types": Entry(get={}),
    "POST /ticket-types": Entry(body=_TYPE),
    f"GET {_KIND}": Entry(on=("type",), get={}),
    f"PATCH {_KIND}": Entry(on=("type",), body={"description": "Lo que piden"}),
    f"POST {_KIND}/attributes": Entry(on=("type",), body=_FIELD),
    f"PUT {_KIND}/attributes/order": Entry(on=("type",), body=_ORDER),
    f"PATCH {_KIND}/attributes/<key>": Entry(on=("type", "attribute-key"), body={"hint": "En la etiqueta"}),
    f"GET {_FIELDS}": Entry(on=("people-subject",), get={}),
    f"POST {_FIELDS}": Entry(on=("people-subject",), body=_FIELD),
    f"PUT {_FIELDS}/order": Entry(on=("people-subject",), body=_ORDER),
    f"PATCH {_FIELDS}/<key>": Entry(on=("people-subject", "people-key"), body={"hint": "En la tarjeta"}),
    "GET /contacts/<contact_id>/profile": Entry(on=("contact",), get={}),
    "PATCH /contacts/<contact_id>/profile": Entry(on=("contact",), body={"socio": "A 1"}),
    "GET /organisations/<organisation_id>/profile": Entry(on=("organisation",), get={}),
    "PATCH /organisations/<organisation_id>/profile": Entry(on=("organisation",), body={}),
}
