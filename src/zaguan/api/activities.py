"""Activities: calls, appointments, tasks and visits."""

from datetime import datetime
from typing import Any, Literal

from ninja import Router, Schema, Status
from pydantic import Field

from zaguan.api import looking_up
from zaguan.api.access import AgentRequest, needs, once
from zaguan.api.moments import Moment
from zaguan.api.organisations import organisation_for
from zaguan.api.paging import Paged, newest_first
from zaguan.api.shapes import NameOut, PersonOut, named, person
from zaguan.people.models import Contact
from zaguan.tickets.activities import change_activity, delete_activity, finish, plan
from zaguan.tickets.models import Activity

router = Router(tags=["activities"])
Kind = Literal["call", "appointment", "task", "visit"]


class ActivityIn(Schema):
    """For a ticket, a contact or an organisation; the owner is the caller unless named."""

    kind: Kind = "task"
    subject: str = Field(max_length=200)
    starts_at: Moment
    ends_at: Moment | None = None
    notes: str = ""
    place: str = Field("", max_length=200)
    owner: int | str | None = None
    remind_minutes: int | None = Field(None, ge=0)
    ticket: int | None = None
    contact: str | None = None
    organisation: str | None = None


class ActivityChange(Schema):
    kind: Kind | None = None
    subject: str | None = Field(None, max_length=200)
    starts_at: Moment | None = None
    ends_at: Moment | None = None
    notes: str | None = None
    place: str | None = Field(None, max_length=200)
    owner: int | str | None = None
    remind_minutes: int | None = Field(None, ge=0)
    done: bool | None = None


class ActivityOut(Schema):
    id: int
    kind: str
    subject: str
    notes: str
    place: str
    owner: NameOut
    ticket: int | None
    contact: PersonOut | None
    organisation: PersonOut | None
    starts_at: datetime
    ends_at: datetime | None
    remind_minutes: int | None
    done_at: datetime | None
    done_by: NameOut | None


RELATED = ("owner", "contact", "organisation", "done_by")


def activity_out(activity: Activity) -> dict[str, Any]:
    plain = ("id", "kind", "subject", "notes", "place", "starts_at", "ends_at", "remind_minutes", "done_at")
    return {name: getattr(activity, name) for name in plain} | {
        "owner": named(activity.owner),
        "ticket": activity.ticket_id,
        "contact": person(activity.contact),
        "organisation": person(activity.organisation),
        "done_by": named(activity.done_by),
    }


def _activity(request: AgentRequest, activity_id: int) -> Activity:
    rows = Activity.objects.visible_to(request.auth).select_related(*RELATED)
    found: Activity = looking_up.found(rows, pk=activity_id)
    return found


def _contact(request: AgentRequest, public_id: str) -> Contact:
    found: Contact = looking_up.found(Contact.objects.visible_to(request.auth), public_id=public_id)
    return found


@router.get("/activities", response=Paged[ActivityOut], summary="List activities")
@needs("desk.use")
def list_activities(
    request: AgentRequest,
    owner: str = "",
    ticket: int | None = None,
    contact: str = "",
    organisation: str = "",
    done: bool | None = None,
    cursor: str = "",
    size: int = 50,
) -> dict[str, Any]:
    """`owner=me` for one's own."""
    rows = Activity.objects.visible_to(request.auth).select_related(*RELATED)
    if owner:
        chosen = request.auth if owner == "me" else looking_up.agent(request.auth, owner)
        rows = rows.filter(owner=chosen)
    if ticket is not None:
        rows = rows.filter(ticket=looking_up.ticket_for(request.auth, ticket))
    if contact:
        rows = rows.filter(contact=_contact(request, contact))
    if organisation:
        rows = rows.filter(organisation=organisation_for(request, organisation))
    if done is not None:
        rows = rows.filter(done_at__isnull=not done)
    page, after = newest_first(rows, cursor, size)
    return {"items": [activity_out(each) for each in page], "next_cursor": after}


@router.post("/activities", response={201: ActivityOut}, summary="Plan an activity")
@needs("tickets.plan_activities")
@once
def create_activity(request: AgentRequest, body: ActivityIn) -> Status[Any]:
    values = body.model_dump(exclude={"ticket", "contact", "organisation"}, exclude_none=True)
    values["owner"] = looking_up.agent(request.auth, body.owner) if body.owner else request.auth
    if body.ticket is not None:
        values["ticket"] = looking_up.ticket_for(request.auth, body.ticket)
    if body.contact:
        values["contact"] = _contact(request, body.contact)
    if body.organisation:
        values["organisation"] = organisation_for(request, body.organisation)
    return Status(201, activity_out(plan(by=request.auth, **values)))


@router.get("/activities/{int:activity_id}", response=ActivityOut, summary="Read an activity")
@needs("desk.use")
def read_activity(request: AgentRequest, activity_id: int) -> dict[str, Any]:
    return activity_out(_activity(request, activity_id))


@router.patch(
    "/activities/{int:activity_id}",
    response=ActivityOut,
    summary="Change an activity, or say that it is done",
)
@needs("tickets.plan_activities")
@once
def patch_activity(request: AgentRequest, activity_id: int, body: ActivityChange) -> dict[str, Any]:
    activity = _activity(request, activity_id)
    values = body.model_dump(exclude_unset=True)
    done = values.pop("done", None)
    if "owner" in values:
        values["owner"] = looking_up.agent(request.auth, body.owner) or activity.owner
    empty = ("ends_at", "remind_minutes")
    values = {name: value for name, value in values.items() if value is not None or name in empty}
    if values:
        change_activity(activity, by=request.auth, **values)
    if done is not None:
        finish(activity, by=request.auth, done=done)
    return activity_out(_activity(request, activity_id))


@router.delete("/activities/{int:activity_id}", response={204: None}, summary="Take an activity off the plan")
@needs("tickets.plan_activities")
def remove_activity(request: AgentRequest, activity_id: int) -> None:
    delete_activity(_activity(request, activity_id), by=request.auth)
