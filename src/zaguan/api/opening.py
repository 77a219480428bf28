"""What a machine sends to open a ticket, and how it becomes one."""

from __future__ import annotations

from typing import Any, Literal

from django.db import IntegrityError, transaction
from django.db.transaction import TransactionManagementError
from django.utils.html import escape, linebreaks
from django.utils.translation import gettext as _
from ninja import Field, Schema
from ninja.errors import HttpError

from zaguan.api import looking_up
from zaguan.conversations.entering import enter
from zaguan.conversations.models import Inbox
from zaguan.conversations.noting import add_note
from zaguan.conversations.replying import Outgoing, reply
from zaguan.lib.errors import Refused
from zaguan.lib.html import clean, text_of
from zaguan.lib.savepoints import without_savepoints
from zaguan.people.models import Agent
from zaguan.tickets.editing import tag_named
from zaguan.tickets.models import Ticket
from zaguan.tickets.opening import NewTicket, open_ticket
from zaguan.tickets.statuses import set_status


class PersonIn(Schema):
    email: str
    name: str = ""


class ContextIn(Schema):
    """Where on a network the words were written: the post (title, excerpt), the place below it, the permalink (https)."""

    url: str = Field("", max_length=2000)
    network: str = Field("", max_length=40)
    title: str = Field("", max_length=200)
    excerpt: str = Field("", max_length=500)
    position: str = Field("", max_length=80)


class TicketIn(Schema):
    """A new ticket.

    `text` or `html` is its first message, said by the `author`: "customer" (the requester wrote it), "agent"
    (sent to the requester), or "note" (internal).
    """

    subject: str = Field(min_length=1, max_length=300)
    text: str = ""
    html: str = ""
    # Only of what the customer said.
    context: ContextIn | None = None
    author: Literal["customer", "agent", "note"] = "customer"
    requester: PersonIn | str | None = None
    channel: str = Field("api", max_length=20, pattern="^[a-z_]+$")
    inbox: str | None = None
    team: int | str | None = None
    assignee: int | str | None = None
    status: int | str | None = None
    category: int | str | None = None
    urgency: int | str | None = None
    service: int | str | None = None
    # A type of ticket by name or id, and its attributes by key; without one it is a conversation.
    type: int | str | None = None
    attributes: dict[str, Any] = {}
    tags: list[str] = []
    copies: list[PersonIn] = []
    is_internal: bool = False
    is_important: bool = False


def open_from(agent: Agent, body: TicketIn) -> Ticket:
    """Open the ticket with its first message; raises Refused by field, and then nothing is stored."""
    try:
        with transaction.atomic(), without_savepoints():
            return _open(agent, body)
    except (IntegrityError, TransactionManagementError):
        # Two at once made the same contact or tag; with savepoints the verbs find the other one's.
        with transaction.atomic():
            return _open(agent, body)


def _open(agent: Agent, body: TicketIn) -> Ticket:
    inbox = looking_up.inbox(agent, body.inbox)
    ticket = open_ticket(_new(agent, body, inbox), by=agent)
    if not ticket.is_known_to(agent):
        raise Refused(_("You would not see this ticket. Choose a team of yours."), field="team")
    _say(agent, body, ticket, inbox)
    status = looking_up.status(agent, body.status)
    if status is not None:
        # Afterwards and by the verb: the customer's words would reopen it, and resolving leaves its dates.
        set_status(ticket, status, by=agent)
    return ticket


def _new(agent: Agent, body: TicketIn, inbox: Inbox | None) -> NewTicket:
    wanted = body.requester.model_dump() if isinstance(body.requester, PersonIn) else body.requester
    lists = looking_up.lists(agent, {n: getattr(body, n) for n in ("category", "urgency", "service")})
    team = looking_up.team(agent, body.team) or (inbox.team if inbox else None)
    return NewTicket(
        subject=body.subject,
        requester=looking_up.requester(agent, wanted),
        channel=inbox.kind if inbox else body.channel,
        inbox_id=inbox.pk if inbox else None,
        account=inbox.name if inbox else "",
        team=team,
        assignee=looking_up.agent(agent, body.assignee),
        type=looking_up.ticket_type(body.type),
        attributes=body.attributes,
        is_internal=body.is_internal,
        is_important=body.is_important,
        tags=[tag_named(name) for name in body.tags],
        copies=[(c.email, c.name) for c in body.copies],
        **lists,
    )


def _say(agent: Agent, body: TicketIn, ticket: Ticket, inbox: Inbox | None) -> None:
    html = body.html or (linebreaks(escape(body.text)) if body.text else "")
    if not html:
        return
    if body.author == "note" or ticket.requester is None:
        _need(agent, "conversations.note")
        add_note(ticket, html, by=agent)
    elif body.author == "agent":
        _need(agent, "conversations.reply")
        reply(ticket, Outgoing(html=html, mode="new", inbox=inbox), by=agent)
    else:
        cleaned = clean(body.html).html if body.html else ""
        enter(
            ticket, ticket.requester, body.text or text_of(cleaned), by=ticket.requester, html=cleaned,
            channel=ticket.channel, opened=True, context=body.context.model_dump() if body.context else None,
        )  # fmt: skip


def _need(agent: Agent, permission: str) -> None:
    if not agent.can(permission):
        raise HttpError(403, permission)
