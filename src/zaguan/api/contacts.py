"""Contacts and how to reach them."""

from datetime import datetime
from typing import Any, Literal

from django.db.models import Q
from django.http import Http404
from django.utils.translation import gettext as _
from ninja import Router, Schema, Status

from zaguan.api import looking_up
from zaguan.api.access import AgentRequest, needs, once
from zaguan.api.editions import Edition
from zaguan.api.opening import PersonIn
from zaguan.api.organisations import organisation_for
from zaguan.api.paging import Paged, newest_first
from zaguan.api.shapes import PersonOut, person
from zaguan.people.duplicates import suggestions
from zaguan.people.editing import add_identity, change_contact, remove_identity, set_blocked
from zaguan.people.identifying import clear_bounce
from zaguan.people.making import make_contact
from zaguan.people.merging import merge_contacts, separate
from zaguan.people.models import Contact, ContactMerge, Identity

router = Router(tags=["people"])


class IdentityOut(Schema):
    id: int
    kind: str
    value: str
    verified: bool
    bounced_at: datetime | None


class ContactOut(Schema):
    id: str
    name: str
    organisation: PersonOut | None
    language: str
    time_zone: str
    notes: str
    blocked_at: datetime | None
    identities: list[IdentityOut]
    created_at: datetime


class ContactIn(PersonIn):
    profile: dict[str, Any] = {}


class ContactChange(Schema):
    name: str | None = None
    organisation: str | None = None
    language: str | None = None
    time_zone: str | None = None
    notes: str | None = None
    blocked: bool | None = None


class IdentityIn(Schema):
    """A further address ("email") or number ("phone")."""

    kind: Literal["email", "phone"] = "email"
    value: str


class SuggestionOut(Schema):
    contact: ContactOut
    reason: str


class MergeIn(Schema):
    """The contact that becomes part of this one, and the fields whose value is taken from it, profile fields by key."""

    other: str
    take: list[Literal["name", "organisation", "language", "time_zone", "notes"]] = []
    profile: list[str] = []


class MergeOut(Schema):
    id: int
    contact: ContactOut


def contact_out(contact: Contact) -> dict[str, Any]:
    fields = ("name", "language", "time_zone", "notes", "blocked_at", "created_at")
    return {f: getattr(contact, f) for f in fields} | {
        "id": contact.public_id,
        "organisation": person(contact.organisation),
        "identities": list(contact.identities.all()),
    }


def _contact(request: AgentRequest, public_id: str) -> Contact:
    rows = (
        Contact.objects.visible_to(request.auth).select_related("organisation").prefetch_related("identities")
    )
    found = rows.filter(public_id=public_id).first()
    if found is None:
        raise Http404(_("There is no such contact."))
    return found


# What mails do to an address is no change of anybody's.
_BY_ITSELF = ("bounced_at", "bounce_reason", "muted_until", "verified")
EDITION = Edition(_contact, parts=lambda row: row.identities.order_by("pk"), besides=_BY_ITSELF)


@router.get("/contacts", response=Paged[ContactOut], summary="List contacts")
@needs("people.view")
def list_contacts(
    request: AgentRequest, email: str = "", name: str = "", cursor: str = "", size: int = 50
) -> dict[str, Any]:
    """By exact address, or by the beginning of the name."""
    rows = (
        Contact.objects.visible_to(request.auth).select_related("organisation").prefetch_related("identities")
    )
    if email:
        rows = rows.filter(Q(identities__kind="email") & Q(identities__value=email.strip().lower()))
    if name:
        rows = rows.filter(name__istartswith=name)
    page, after = newest_first(rows, cursor, size)
    return {"items": [contact_out(c) for c in page], "next_cursor": after}


@router.post(
    "/contacts", response={201: ContactOut}, summary="Create a contact, or find the one with this address"
)
@needs("people.edit")
@once
def create_contact(request: AgentRequest, body: ContactIn) -> Status[Any]:
    """`profile`: values by key; a new contact needs those that are required of agents, one that is found does not."""
    contact = make_contact(body.email, body.name, body.profile, by=request.auth, origin="api")
    return Status(201, contact_out(_contact(request, contact.public_id)))


@router.get("/contacts/{public_id}", response=ContactOut, summary="Read a contact")
@needs("people.view")
@EDITION
def read_contact(request: AgentRequest, public_id: str) -> dict[str, Any]:
    return contact_out(_contact(request, public_id))


@router.patch("/contacts/{public_id}", response=ContactOut, summary="Change a contact")
@needs("people.edit")
@once
@EDITION
def patch_contact(request: AgentRequest, public_id: str, body: ContactChange) -> dict[str, Any]:
    contact = _contact(request, public_id)
    values = body.model_dump(exclude_unset=True)
    if "organisation" in values:
        chosen = values["organisation"]
        values["organisation"] = organisation_for(request, chosen) if chosen else None
    blocked = values.pop("blocked", None)
    if values:
        change_contact(contact, by=request.auth, **values)
    if blocked is not None:
        set_blocked(contact, blocked, by=request.auth)
    return contact_out(_contact(request, public_id))


def _identity(contact: Contact, identity_id: int) -> Identity:
    found: Identity = looking_up.found(contact.identities.all(), pk=identity_id)
    return found


@router.post("/contacts/{public_id}/identities", response={201: ContactOut}, summary="Add an address")
@needs("people.edit")
@once
def create_identity(request: AgentRequest, public_id: str, body: IdentityIn) -> Status[Any]:
    add_identity(_contact(request, public_id), body.kind, body.value, by=request.auth)
    return Status(201, contact_out(_contact(request, public_id)))


@router.delete(
    "/contacts/{public_id}/identities/{int:identity_id}", response={204: None}, summary="Remove an address"
)
@needs("people.edit")
@EDITION
def delete_identity(request: AgentRequest, public_id: str, identity_id: int) -> None:
    remove_identity(_identity(_contact(request, public_id), identity_id), by=request.auth)


@router.post(
    "/contacts/{public_id}/identities/{int:identity_id}/clear",
    response=ContactOut,
    summary="Say that an address that bounced works again",
)
@needs("people.edit")
@once
def clear_identity(request: AgentRequest, public_id: str, identity_id: int) -> dict[str, Any]:
    clear_bounce(_identity(_contact(request, public_id), identity_id), by=request.auth)
    return contact_out(_contact(request, public_id))


@router.get(
    "/contacts/{public_id}/duplicates",
    response=list[SuggestionOut],
    summary="Contacts that may be the same person, with the reason",
)
@needs("people.view")
def duplicates(request: AgentRequest, public_id: str) -> list[dict[str, Any]]:
    found = suggestions(_contact(request, public_id), request.auth)
    return [{"contact": contact_out(each.contact), "reason": each.reason} for each in found]


@router.post("/contacts/{public_id}/merge", response=MergeOut, summary="Merge another contact into this one")
@needs("people.edit")
@once
def merge(request: AgentRequest, public_id: str, body: MergeIn) -> dict[str, Any]:
    kept, other = _contact(request, public_id), _contact(request, body.other)
    made = merge_contacts(
        kept, other, by=request.auth, take=frozenset(body.take), profile=frozenset(body.profile)
    )
    return {"id": made.pk, "contact": contact_out(_contact(request, public_id))}


@router.post("/contact-merges/{int:merge_id}/undo", response=ContactOut, summary="Undo a merge")
@needs("people.edit")
@once
def undo_merge(request: AgentRequest, merge_id: int) -> dict[str, Any]:
    """Within the days of `undo_contact_days` (GET /retention)."""
    found = looking_up.found(ContactMerge.objects.visible_to(request.auth), pk=merge_id)
    return contact_out(_contact(request, separate(found, by=request.auth).public_id))
