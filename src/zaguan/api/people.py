"""Contacts, organisations, agents and teams."""

from datetime import datetime
from typing import Any

from django.db.models import Q
from django.http import Http404
from django.utils.translation import gettext as _
from ninja import Router, Schema, Status

from zaguan.api.access import AgentRequest, needs, once
from zaguan.api.opening import PersonIn
from zaguan.api.paging import Paged, newest_first
from zaguan.api.shapes import NameOut, PersonOut, person
from zaguan.people.editing import change_contact, change_organisation, create_organisation
from zaguan.people.identifying import contact_for_email
from zaguan.people.models import Agent, Contact, Organisation, Team

router = Router(tags=["people"])


class IdentityOut(Schema):
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


class ContactChange(Schema):
    name: str | None = None
    organisation: str | None = None
    language: str | None = None
    time_zone: str | None = None
    notes: str | None = None


class OrganisationOut(Schema):
    id: str
    name: str
    domains: list[str]
    notes: str
    created_at: datetime


class OrganisationIn(Schema):
    name: str
    domains: list[str] = []
    notes: str = ""


class AgentOut(NameOut):
    email: str
    role: str
    teams: list[int]


def contact_out(contact: Contact) -> dict[str, Any]:
    fields = ("name", "language", "time_zone", "notes", "blocked_at", "created_at")
    return {f: getattr(contact, f) for f in fields} | {
        "id": contact.public_id,
        "organisation": person(contact.organisation),
        "identities": list(contact.identities.all()),
    }


def organisation_out(organisation: Organisation) -> dict[str, Any]:
    return {f: getattr(organisation, f) for f in ("name", "notes", "created_at")} | {
        "id": organisation.public_id,
        "domains": [d.name for d in organisation.domains.all()],
    }


def _contact(request: AgentRequest, public_id: str) -> Contact:
    rows = (
        Contact.objects.visible_to(request.auth).select_related("organisation").prefetch_related("identities")
    )
    found = rows.filter(public_id=public_id).first()
    if found is None:
        raise Http404(_("There is no such contact."))
    return found


def _organisation(request: AgentRequest, public_id: str) -> Organisation:
    rows = Organisation.objects.visible_to(request.auth).prefetch_related("domains")
    found = rows.filter(public_id=public_id).first()
    if found is None:
        raise Http404(_("There is no such organisation."))
    return found


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
def create_contact(request: AgentRequest, body: PersonIn) -> Status[Any]:
    contact = contact_for_email(body.email, body.name, by=request.auth, origin="api")
    return Status(201, contact_out(_contact(request, contact.public_id)))


@router.get("/contacts/{public_id}", response=ContactOut, summary="Read a contact")
@needs("people.view")
def read_contact(request: AgentRequest, public_id: str) -> dict[str, Any]:
    return contact_out(_contact(request, public_id))


@router.patch("/contacts/{public_id}", response=ContactOut, summary="Change a contact")
@needs("people.edit")
@once
def patch_contact(request: AgentRequest, public_id: str, body: ContactChange) -> dict[str, Any]:
    contact = _contact(request, public_id)
    values = body.model_dump(exclude_unset=True)
    if "organisation" in values:
        chosen = values["organisation"]
        values["organisation"] = _organisation(request, chosen) if chosen else None
    change_contact(contact, by=request.auth, **values)
    return contact_out(_contact(request, public_id))


@router.get("/organisations", response=Paged[OrganisationOut], summary="List organisations")
@needs("people.view")
def list_organisations(
    request: AgentRequest, name: str = "", cursor: str = "", size: int = 50
) -> dict[str, Any]:
    rows = Organisation.objects.visible_to(request.auth).prefetch_related("domains")
    if name:
        rows = rows.filter(name__istartswith=name)
    page, after = newest_first(rows, cursor, size)
    return {"items": [organisation_out(o) for o in page], "next_cursor": after}


@router.post("/organisations", response={201: OrganisationOut}, summary="Create an organisation")
@needs("people.edit")
@once
def post_organisation(request: AgentRequest, body: OrganisationIn) -> Status[Any]:
    made = create_organisation(body.name, by=request.auth, domains=body.domains, notes=body.notes)
    return Status(201, organisation_out(_organisation(request, made.public_id)))


@router.patch("/organisations/{public_id}", response=OrganisationOut, summary="Change an organisation")
@needs("people.edit")
@once
def patch_organisation(request: AgentRequest, public_id: str, body: OrganisationIn) -> dict[str, Any]:
    found = _organisation(request, public_id)
    change_organisation(found, by=request.auth, **body.model_dump(exclude_unset=True))
    return organisation_out(_organisation(request, public_id))


@router.get("/agents", response=list[AgentOut], summary="List agents")
@needs("desk.use")
def list_agents(request: AgentRequest) -> list[dict[str, Any]]:
    rows = (
        Agent.objects.visible_to(request.auth)
        .filter(is_active=True)
        .select_related("role")
        .prefetch_related("teams")
    )
    return [
        {
            "id": a.pk,
            "name": a.name,
            "email": a.email,
            "role": a.role.name,
            "teams": [t.pk for t in a.teams.all()],
        }
        for a in rows
    ]


@router.get("/teams", response=list[NameOut], summary="List teams")
@needs("desk.use")
def list_teams(request: AgentRequest) -> Any:
    return Team.objects.visible_to(request.auth).filter(archived_at=None)
