"""Approvals → notifications of those who were asked and of who asked; mail to contacts with their link."""

from __future__ import annotations

from zaguan.events.base import on
from zaguan.events.tasks import enqueue
from zaguan.lib.text import excerpt
from zaguan.notifications import choosing
from zaguan.notifications.choosing import Hearers
from zaguan.notifications.mailing_approvals import MAIL
from zaguan.notifications.reactions import told_of
from zaguan.tickets.approval_events import ApprovalAnswered, ApprovalAsked, ApprovalDue
from zaguan.tickets.models import Approver, Ticket

_SHORT = 140


@on(ApprovalAsked)
def tell_who_is_asked(event: ApprovalAsked) -> None:
    """The agents among them."""
    asked = dict.fromkeys(event.agents, "approval_asked")
    told_of(event.ticket_id, lambda ticket: asked, said=excerpt(event.question, _SHORT))


@on(ApprovalAsked, same_transaction=True)
def write_to_contacts(event: ApprovalAsked) -> None:
    """One job for each mail: a retry sends none of the others again."""
    by_mail = Approver.objects.filter(pk__in=event.approvers, agent=None)
    for number in by_mail.values_list("pk", flat=True):
        enqueue(MAIL, approver=number)


@on(ApprovalAnswered, wanted=lambda event: event.state != "waiting")
def tell_how_it_was_decided(event: ApprovalAnswered) -> None:
    """Who asked; of what a rule asked, whoever has the ticket."""
    if event.state == "waiting":
        return

    def hear(ticket: Ticket) -> Hearers:
        if event.asked_by is not None:
            return {event.asked_by: "approval_decided"}
        return choosing.responsible(ticket, "approval_decided")

    said = event.comment or event.question
    told_of(event.ticket_id, hear, decision=event.state, said=excerpt(said, _SHORT))


@on(ApprovalDue)
def tell_that_it_is_due(event: ApprovalDue) -> None:
    """Who has not answered, and who asked."""
    numbers = [*event.agents, *([event.asked_by] if event.asked_by is not None else [])]
    hearers = dict.fromkeys(numbers, "approval_due")
    said = excerpt(event.question, _SHORT)
    told_of(event.ticket_id, lambda ticket: hearers, at=event.due_at, said=said)
