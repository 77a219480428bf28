"""What is written down about contacts and organisations: the fields, and their values (A14.1)."""

from typing import Any, Literal

from ninja import Body, Router, Status

from zaguan.api import looking_up
from zaguan.api.access import AgentRequest, needs, once
from zaguan.api.editions import Edition
from zaguan.api.lists import OrderIn
from zaguan.api.types import AttributeChange, AttributeIn, AttributeOut, attribute_out, given_parts
from zaguan.people.models import Contact, Organisation, ProfileField
from zaguan.people.profiles import by_key, reorder_fields, save_field, set_field_archived, set_profile

router = Router(tags=["profiles"])
Subject = Literal["contact", "organisation"]


def _rows(request: AgentRequest, subject: str) -> Any:
    return ProfileField.objects.visible_to(request.auth).filter(subject=subject)


def _out(row: ProfileField, rows: Any) -> dict[str, Any]:
    return attribute_out(row, {each.pk: each.key for each in rows})


def _field(request: AgentRequest, subject: str, key: str) -> ProfileField:
    found: ProfileField = looking_up.found(_rows(request, subject), key=key)
    return found


def _contact(request: AgentRequest, contact_id: str) -> Contact:
    return looking_up.found(Contact.objects.visible_to(request.auth), public_id=contact_id)


def _organisation(request: AgentRequest, organisation_id: str) -> Organisation:
    return looking_up.found(Organisation.objects.visible_to(request.auth), public_id=organisation_id)


def _sheets(row: Contact | Organisation) -> Any:
    return (row.sheet,) if hasattr(row, "sheet") else ()


FIELD = Edition(_field)
CONTACT, ORGANISATION = Edition(_contact, parts=_sheets), Edition(_organisation, parts=_sheets)


@router.get("/profile-fields/{subject}", response=list[AttributeOut], summary="List the fields about people")
@needs("desk.use")
def list_fields(request: AgentRequest, subject: Subject) -> list[dict[str, Any]]:
    """In their order; retired ones too."""
    rows = _rows(request, subject)
    return [_out(row, rows) for row in rows]


@router.post("/profile-fields/{subject}", response={201: AttributeOut}, summary="Add a field about people")
@needs("tickets.manage_types")
@once
def create_field(request: AgentRequest, subject: Subject, body: AttributeIn) -> Status[Any]:
    """Any format but files."""
    rows = _rows(request, subject)
    made = save_field(subject, None, by=request.auth, **given_parts(body, rows))
    return Status(201, _out(made, rows))


@router.put("/profile-fields/{subject}/order", response={204: None}, summary="Put the fields in order")
@needs("tickets.manage_types")
def order_fields(request: AgentRequest, subject: Subject, body: OrderIn) -> None:
    """Ids in the wanted order; those left out come last."""
    reorder_fields(subject, body.ids, by=request.auth)


@router.get("/profile-fields/{subject}/{key}", response=AttributeOut, summary="Read a field about people")
@needs("desk.use")
@FIELD
def read_field(request: AgentRequest, subject: Subject, key: str) -> dict[str, Any]:
    return _out(_field(request, subject, key), _rows(request, subject))


@router.patch("/profile-fields/{subject}/{key}", response=AttributeOut, summary="Change a field about people")
@needs("tickets.manage_types")
@once
@FIELD
def change_field(request: AgentRequest, subject: Subject, key: str, body: AttributeChange) -> dict[str, Any]:
    """`archived` asks for it no longer, or again."""
    rows = _rows(request, subject)
    found = looking_up.found(rows, key=key)
    given = given_parts(body, rows)
    if given:
        found = save_field(subject, found, by=request.auth, **given)
    if body.archived is not None:
        set_field_archived(found, body.archived, by=request.auth)
    return _out(found, rows)


@router.get(
    "/contacts/{contact_id}/profile", response=dict[str, Any], summary="What is written down about a contact"
)
@needs("people.view")
@CONTACT
def contact_profile(request: AgentRequest, contact_id: str) -> dict[str, Any]:
    """Values by key."""
    return by_key(looking_up.found(Contact.objects.visible_to(request.auth), public_id=contact_id))


@router.patch(
    "/contacts/{contact_id}/profile", response=dict[str, Any], summary="Write something down about a contact"
)
@needs("people.edit")
@once
@CONTACT
def change_contact_profile(
    request: AgentRequest, contact_id: str, body: Body[dict[str, Any]]
) -> dict[str, Any]:
    """Values by key, null to empty one; those left out stay."""
    found = looking_up.found(Contact.objects.visible_to(request.auth), public_id=contact_id)
    return by_key(set_profile(found, body, by=request.auth))


@router.get(
    "/organisations/{organisation_id}/profile",
    response=dict[str, Any],
    summary="What is written down about an organisation",
)
@needs("people.view")
@ORGANISATION
def organisation_profile(request: AgentRequest, organisation_id: str) -> dict[str, Any]:
    """Values by key."""
    return by_key(looking_up.found(Organisation.objects.visible_to(request.auth), public_id=organisation_id))


@router.patch(
    "/organisations/{organisation_id}/profile",
    response=dict[str, Any],
    summary="Write something down about an organisation",
)
@needs("people.edit")
@once
@ORGANISATION
def change_organisation_profile(
    request: AgentRequest, organisation_id: str, body: Body[dict[str, Any]]
) -> dict[str, Any]:
    """Values by key, null to empty one; those left out stay."""
    found = looking_up.found(Organisation.objects.visible_to(request.auth), public_id=organisation_id)
    return by_key(set_profile(found, body, by=request.auth))
