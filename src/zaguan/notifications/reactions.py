"""Events of tickets and conversations → notifications; in the worker, and safe when run twice."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db import transaction

from zaguan.conversations.events import (
    CallLogged,
    DeliveryChanged,
    MessageReceived,
    MessageSent,
    MessageWithdrawn,
    NoteAdded,
    SideMessageReceived,
)
from zaguan.conversations.models import Message
from zaguan.events.base import Actor, Event, on
from zaguan.events.recording import cause
from zaguan.lib.text import excerpt
from zaguan.notifications import choosing
from zaguan.notifications.bundling import bundle_again
from zaguan.notifications.choosing import Act, Hearers
from zaguan.notifications.models import Notification
from zaguan.notifications.sending import News, tell
from zaguan.people.models import Agent, Contact
from zaguan.people.reference import agents
from zaguan.tickets.events import StatusChanged, TicketAssigned, TicketOpened
from zaguan.tickets.models import Ticket
from zaguan.tickets.moving_events import TicketMergedAway

CONTACT = Act(Actor("contact"))
_SHORT = 140


def told_of(
    number: int | None, hear: Callable[[Ticket], Hearers], act: Act | None = None, **pieces: Any
) -> None:
    """Tell whom `hear` names for the ticket, but nobody of their own act."""
    ticket = choosing.ticket_of(number)
    hearers = hear(ticket) if ticket is not None else {}
    event_id = cause()
    if ticket is None or not hearers or not choosing.is_news(event_id):
        return
    done = act or choosing.act_of(event_id)
    heard = {agent: kind for agent, kind in hearers.items() if agent not in done.behind}
    if heard:
        who = {"who": name_of(done.actor)}
        tell(heard, News(ticket, event_id, who | pieces, quietly=done.in_bulk))


def name_of(actor: Actor) -> str:
    """How the one who did it is called; "" for machines."""
    if actor.kind == "agent":
        found = agents.get(actor.id)
        return found.name if found else ""
    if actor.kind == "contact" and actor.id is not None:
        return Contact.objects.filter(pk=actor.id).values_list("name", flat=True).first() or ""
    return ""


def _said(message_id: int) -> dict[str, Any]:
    """Who wrote a message, and how it begins."""
    columns = ("reply_text", "text", "sender_name", "sender_address")
    row = Message.objects.filter(pk=message_id, withdrawn_at=None).values_list(*columns).first()
    if row is None:
        return {"message": message_id}
    own, whole, name, address = row
    found = {"message": message_id, "said": excerpt(own or whole, _SHORT)}
    return found | ({"who": name or address} if name or address else {})


def _may_be_heard(event: MessageReceived) -> bool:
    """A machine's words are told to nobody; nobody has or follows what has just come, except a team that wants it."""
    return not event.machine and (not event.opened or choosing.anybody_wants("customer_team"))


@on(MessageReceived, wanted=_may_be_heard)
def tell_of_a_customers_message(event: MessageReceived) -> None:
    """Not of what machines write: a bounce is told as what could not be delivered."""
    if event.machine:
        return
    ticket = choosing.ticket_of(event.ticket_id)
    hearers = choosing.customer_wrote(ticket) if ticket is not None else {}
    if hearers and choosing.is_news(cause()):
        tell(hearers, News(ticket, cause(), _said(event.message_id)))


@on(MessageSent, NoteAdded, CallLogged, wanted=lambda event: not getattr(event, "automatic", False))
def tell_of_a_colleagues_words(event: Event) -> None:
    """An answer, a note or a call of a colleague; whoever is mentioned in it hears that."""
    assert isinstance(event, MessageSent | NoteAdded | CallLogged)
    if isinstance(event, MessageSent) and event.automatic:
        return
    mentioned = event.mentioned if isinstance(event, NoteAdded) else []
    pieces = _said(event.message_id)
    pieces.pop("who", None)
    what = "answer" if isinstance(event, MessageSent) else "note"
    told_of(event.ticket_id, lambda t: choosing.colleague_wrote(t, mentioned), what=what, **pieces)


def _new_assignee(event: Event) -> int | None:
    assert isinstance(event, TicketAssigned | TicketOpened)
    return event.assignees[1] if isinstance(event, TicketAssigned) else event.assignee_id


@on(TicketAssigned, TicketOpened, wanted=lambda event: _new_assignee(event) is not None)
def tell_the_assignee(event: Event) -> None:
    """Whoever has the ticket from now on."""
    new = _new_assignee(event)
    if new is not None:
        because = getattr(event, "because", None) or {}
        why = {name: because[name] for name in ("route", "reasons") if because.get("route")}
        told_of(event.ticket_id, lambda t: {new: "assigned"} if t.assignee_id == new else {}, **why)


@on(StatusChanged)
def tell_of_a_status(event: StatusChanged) -> None:
    """Not of what a customer's own message did: that message is told."""
    act = choosing.act_of(cause())
    if act.actor.kind != "contact":
        told_of(event.ticket_id, lambda t: choosing.concerned(t, "status"), act, status=event.statuses[1])


@on(DeliveryChanged, wanted=lambda event: event.state == "failed")
def tell_what_was_not_delivered(event: DeliveryChanged) -> None:
    """Only of what failed for good."""
    if event.state != "failed":
        return
    author = Message.objects.filter(pk=event.message_id).values_list("agent_id", flat=True).first()
    told_of(
        event.ticket_id,
        lambda t: choosing.could_not_deliver(t, author),
        Act(Actor("system")),
        address=event.address,
        reason=event.reason[:200],
        message=event.message_id,
    )


@on(SideMessageReceived, wanted=lambda event: not event.machine)
def tell_of_help_from_outside(event: SideMessageReceived) -> None:
    """An answer of somebody who was asked."""
    if event.machine:
        return
    side = Message.objects.filter(pk=event.message_id).values_list("thread__side__agent_id", flat=True)
    asked_by, pieces = side.first(), _said(event.message_id)
    told_of(
        event.ticket_id,
        lambda t: choosing.outside_answered(t, asked_by, event.mentioned),
        Act(Actor("contact")),
        **({"who": event.sender} | pieces),
    )


@on(MessageWithdrawn)
def forget_what_was_taken_back(event: MessageWithdrawn) -> None:
    """Its words go out of the bells as well."""
    for row in Notification.objects.filter(ticket=event.ticket_id, pieces__message=event.message_id):
        row.pieces.pop("said", None)
        row.save(update_fields=["pieces"])


@on(TicketMergedAway)
def carry_over(event: TicketMergedAway) -> None:
    """What was told of a merged ticket leads to the one that stays."""
    with transaction.atomic():
        moved = Notification.objects.filter(ticket=event.ticket_id).values_list("agent_id", flat=True)
        # As telling locks them, so that no bundle is made meanwhile.
        list(
            Agent.objects.select_for_update(of=("self",), no_key=True)
            .filter(pk__in=list(moved))
            .order_by("pk")
        )
        Notification.objects.filter(ticket=event.ticket_id).update(ticket=event.into)
        bundle_again(event.into)
