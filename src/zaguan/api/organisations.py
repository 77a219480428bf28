"""Organisations and their mail domains."""

from datetime import datetime
from typing import Any

from django.http import Http404
from django.utils.translation import gettext as _
from ninja import Router, Schema, Status

from zaguan.api.access import AgentRequest, needs, once
from zaguan.api.editions import Edition
from zaguan.api.paging import Paged, newest_first
from zaguan.people.editing import change_organisation
from zaguan.people.making import make_organisation
from zaguan.people.models import Organisation

router = Router(tags=["people"])


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


class NewOrganisationIn(OrganisationIn):
    profile: dict[str, Any] = {}


def organisation_out(organisation: Organisation) -> dict[str, Any]:
    return {f: getattr(organisation, f) for f in ("name", "notes", "created_at")} | {
        "id": organisation.public_id,
        "domains": [d.name for d in organisation.domains.all()],
    }


def organisation_for(request: AgentRequest, public_id: str) -> Organisation:
    rows = Organisation.objects.visible_to(request.auth).prefetch_related("domains")
    found = rows.filter(public_id=public_id).first()
    if found is None:
        raise Http404(_("There is no such organisation."))
    return found


EDITION = Edition(organisation_for, parts=lambda row: row.domains.order_by("pk"))


@router.get("/organisations/{public_id}", response=OrganisationOut, summary="Read an organisation")
@needs("people.view")
@EDITION
def read_organisation(request: AgentRequest, public_id: str) -> dict[str, Any]:
    return organisation_out(organisation_for(request, public_id))


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
def post_organisation(request: AgentRequest, body: NewOrganisationIn) -> Status[Any]:
    """`profile`: values by key, among them those that are required of agents."""
    made = make_organisation(body.name, body.profile, by=request.auth, domains=body.domains, notes=body.notes)
    return Status(201, organisation_out(organisation_for(request, made.public_id)))


@router.patch("/organisations/{public_id}", response=OrganisationOut, summary="Change an organisation")
@needs("people.edit")
@once
@EDITION
def patch_organisation(request: AgentRequest, public_id: str, body: OrganisationIn) -> dict[str, Any]:
    found = organisation_for(request, public_id)
    change_organisation(found, by=request.auth, **body.model_dump(exclude_unset=True))
    return organisation_out(organisation_for(request, public_id))
