"""A ticket as it will be: what a template or a schedule keeps of it, and how it becomes one."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field, fields
from typing import Any

from django.db import transaction
from django.utils.html import escape
from django.utils.translation import gettext as _

from zaguan.conversations.attachments import copy_waiting
from zaguan.conversations.models import Attachment, Inbox
from zaguan.conversations.noting import add_note
from zaguan.conversations.outgoing import Outgoing
from zaguan.conversations.planned_work import add_work
from zaguan.conversations.starting import start_ticket
from zaguan.events.base import SYSTEM
from zaguan.lib.attributes.definition import Format
from zaguan.people.models import Agent, Contact, Team
from zaguan.tickets.attribute_fitting import fitting
from zaguan.tickets.attributes import definitions_of
from zaguan.tickets.editing import tag_named
from zaguan.tickets.models import Category, Service, Status, Ticket, TicketType, Urgency
from zaguan.tickets.opening import NewTicket


@dataclass(kw_only=True)
class Plan:
    """Plain values, as JSON keeps them; ids name rows. `kind` says whether `html` is a "reply" or a "note"."""

    subject: str = ""
    is_internal: bool = False
    channel: str = ""
    requester: int | None = None
    inbox: int | None = None
    team: int | None = None
    assignee: int | None = None
    category: int | None = None
    urgency: int | None = None
    service: int | None = None
    type: int | None = None
    attributes: dict[str, Any] = field(default_factory=dict)
    status: int | None = None
    is_important: bool = False
    tags: list[str] = field(default_factory=list)
    copies: list[list[str]] = field(default_factory=list)
    kind: str = "note"
    html: str = ""
    files: list[str] = field(default_factory=list)
    # The expected solution, so long after the ticket opens; working time as `planned_work.kept_time` gives it.
    promise_minutes: int | None = None
    promise_public: bool = False
    time: dict[str, Any] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """Only what is said."""
        return {name: value for name, value in asdict(self).items() if value not in (None, "", [], {}, False)}

    @classmethod
    def of(cls, values: dict[str, Any]) -> Plan:
        """From what was kept; what a later version no longer knows is left out."""
        known = {each.name for each in fields(cls)}
        return cls(**{name: value for name, value in values.items() if name in known})


def new_ticket(plan: Plan) -> NewTicket:
    """What the ticket opens with. What is gone by now is left open; who has left does not get it."""
    inbox = Inbox.objects.filter(pk=plan.inbox or 0, is_active=True).first()
    return NewTicket(
        subject=plan.subject,
        requester=Contact.objects.filter(pk=plan.requester or 0).first(),
        channel=plan.channel or "web",
        inbox_id=inbox.pk if inbox else None,
        account=inbox.name if inbox else "",
        team=Team.objects.filter(pk=plan.team or 0, archived_at=None).first(),
        assignee=Agent.objects.filter(pk=plan.assignee or 0, is_active=True).select_related("role").first(),
        category=_row(Category, plan.category),
        urgency=_row(Urgency, plan.urgency),
        service=_row(Service, plan.service),
        type=_row(TicketType, plan.type),
        attributes=dict(plan.attributes) if plan.type else {},
        is_internal=plan.is_internal,
        is_important=plan.is_important,
        tags=[tag_named(name) for name in plan.tags],
        copies=[(copy[0], copy[1] if len(copy) > 1 else "") for copy in plan.copies],
    )


@transaction.atomic
def begin(
    plan: Plan, *, by: Any, idempotency_key: str | None = None, unfit: list[str] | None = None
) -> Ticket:
    """Open it now, with its first mail or note, its promise and its working time.

    With `unfit`, attributes that its type no longer takes, and what is missing, do not stop it: they are told there
    and in a note on the ticket. Raises Refused for all else that cannot be.
    """
    files = list(copy_waiting(plan.files))
    new = new_ticket(plan)
    new.attributes = _with_files(new, by=by)
    if unfit is not None:
        _let_fit(new, plan, unfit, by=by)
    is_mail = plan.kind == "reply" and not plan.is_internal and bool(plan.html)
    outgoing = Outgoing(
        html=plan.html,
        mode="new",
        subject=plan.subject,
        inbox=Inbox.objects.filter(pk=plan.inbox or 0).first(),
        attachments=files,
        status=_row(Status, plan.status),
        cc=new.copies,
    )
    ticket = start_ticket(
        new,
        by=by,
        outgoing=outgoing if is_mail else None,
        note_html="" if is_mail else plan.html,
        note_attachments=() if is_mail else files,
        idempotency_key=idempotency_key,
    )
    add_work(
        ticket, promise=plan.promise_minutes, public=plan.promise_public, time=plan.time, by=by, unfit=unfit
    )
    if unfit:
        add_note(ticket, _told(unfit), by=SYSTEM)
        ticket.refresh_from_db()
    return ticket


def _with_files(new: NewTicket, *, by: Any) -> dict[str, Any]:
    """The attributes with files of their own: what is planned may open again."""
    given = dict(new.attributes)
    for definition in definitions_of(new.type.pk if new.type else None):
        if definition.format == Format.FILE and isinstance(given.get(definition.key), list):
            copies = list(copy_waiting(given[definition.key]))
            if not isinstance(by, Agent):
                Attachment.objects.filter(pk__in=[copy.pk for copy in copies]).update(uploaded_by=None)
            given[definition.key] = [copy.public_id for copy in copies]
    return given


def _let_fit(new: NewTicket, plan: Plan, unfit: list[str], *, by: Any) -> None:
    if new.type is not None:
        fit = fitting(new.type, new.attributes, new.subject, by=by)
        new.attributes, new.is_incomplete = fit.values, True
        unfit += fit.refused.values()
        unfit += [_("“%(name)s” is missing.") % {"name": name} for name in fit.missing]
    elif plan.type:
        new.attributes = {}
        gone = TicketType.objects.filter(pk=plan.type).first()
        name = gone.label if gone else str(plan.type)
        unfit.append(_("The type “%(type)s” is no longer offered.") % {"type": name})
        labels = {d.key: d.label for d in definitions_of(plan.type)}
        unfit += [f"{labels.get(key, key)}: {value}" for key, value in plan.attributes.items()]


def _told(unfit: list[str]) -> str:
    lines = "".join(f"<li>{escape(sentence)}</li>" for sentence in unfit)
    first = _("This ticket was planned, and not everything fits any more. Please complete it:")
    return f"<p>{escape(first)}</p><ul>{lines}</ul>"


def files_of(plan: Plan) -> list[Attachment]:
    """The uploads of a plan, for showing."""
    return list(Attachment.objects.filter(public_id__in=plan.files, message=None))


def _row(model: Any, pk: int | None) -> Any:
    return model._default_manager.filter(pk=pk or 0, archived_at=None).first()
