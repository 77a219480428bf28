"""Ask for approval, approve or reject, withdraw; who was asked, and nobody else, decides."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from zaguan.events.base import actor_of
from zaguan.events.recording import record
from zaguan.lib.errors import Refused
from zaguan.people.models import Agent, Contact
from zaguan.tickets.approval_events import ApprovalAnswered, ApprovalAsked, ApprovalWithdrawn
from zaguan.tickets.approval_reminding import plan_reminder
from zaguan.tickets.approval_state import settle
from zaguan.tickets.approvers import approvers_for, refuse_self
from zaguan.tickets.changing import lock, refuse_closed
from zaguan.tickets.models import Approval, Approver, Ticket

LONGEST = 2000
State = Approval.State


@dataclass(frozen=True, kw_only=True)
class Asking:
    """What is asked. `team`: everybody in the ticket's team besides, but not who asks."""

    question: str
    agents: Sequence[Agent] = ()
    contacts: Sequence[Contact] = ()
    team: bool = False
    needs: str = Approval.Needs.ONE
    holds: bool = False
    due_at: datetime | None = None


@transaction.atomic
def ask(ticket: Ticket | int, asking: Asking, *, by: Any) -> Approval:
    """Ask for approval. Raises Refused for nobody to ask, oneself, or who may not see the ticket."""
    fresh = lock(ticket)
    refuse_closed(fresh)
    question, now = asking.question.strip(), timezone.now()
    due_at = asking.due_at
    if due_at is not None and timezone.is_naive(due_at):
        due_at = timezone.make_aware(due_at)
    _check(fresh, question, asking, due_at, now)
    people = approvers_for(fresh, asking.agents, asking.contacts, team=asking.team, by=by)
    actor = actor_of(by)
    made = Approval.objects.create(
        ticket=fresh,
        question=question,
        asked_by=by if isinstance(by, Agent) else None,
        rule_id=actor.id if actor.kind == "rule" else None,
        needs=asking.needs,
        holds=asking.holds,
        due_at=due_at,
        created_at=now,
    )
    _add(made, people)
    settle(fresh)
    record(_asked(made, people), by=by)
    plan_reminder(made)
    return made


def _check(ticket: Ticket, question: str, asking: Asking, due_at: datetime | None, now: datetime) -> None:
    if not question:
        raise Refused(_("Say what shall be approved."), field="question")
    if len(question) > LONGEST:
        raise Refused(
            _("The question is too long: %(most)d letters at most.") % {"most": LONGEST}, field="question"
        )
    if asking.needs not in Approval.Needs.values:
        raise Refused(_("Say whether one of them is enough, or all are needed."), field="needs")
    if due_at is not None and due_at <= now:
        raise Refused(_("Choose a time in the future."), field="due_at")
    if asking.holds and ticket.is_done:
        raise Refused(_("The ticket is resolved already: nothing is left to be held."), field="holds")
    if Approval.objects.filter(ticket=ticket, state=State.WAITING, question=question).exists():
        raise Refused(_("The same was asked already and still waits."), field="question")


def _add(approval: Approval, people: Iterable[Approver]) -> None:
    for each in people:
        each.approval = approval
        each.save()


def _asked(approval: Approval, people: list[Approver], *, also: bool = False) -> ApprovalAsked:
    return ApprovalAsked(
        ticket_id=approval.ticket_id,
        approval_id=approval.pk,
        question=approval.question,
        approvers=[each.pk for each in people],
        agents=[each.agent_id for each in people if each.agent_id is not None],
        people=[each.name for each in people],
        needs=approval.needs,
        holds=approval.holds,
        due_at=approval.due_at.isoformat() if approval.due_at else "",
        also=also,
    )


@transaction.atomic
def ask_also(
    approval: Approval, *, by: Any, agents: Sequence[Agent] = (), contacts: Sequence[Contact] = ()
) -> Approval:
    """Ask somebody else too; so one may be asked about what one asked for oneself, by another person."""
    ticket, fresh = _locked(approval)
    refuse_self(agents, by)
    people = approvers_for(ticket, agents, contacts, team=False, by=by, known=fresh)
    _add(fresh, people)
    settle(ticket)
    record(_asked(fresh, people, also=True), by=by)
    return fresh


@transaction.atomic
def decide(approval: Approval, approve: bool, *, by: Agent | Contact, comment: str = "") -> Approval:
    """Say yes or no. A no decides at once, a yes when one is enough or the others have said it too."""
    ticket, fresh = _locked(approval)
    of = {"agent": by} if isinstance(by, Agent) else {"contact": by}
    own = fresh.approvers.filter(**of).order_by("answer", "id").first()
    if own is None:
        raise Refused(_("Only who was asked can decide this."))
    if own.answer:
        raise Refused(_("You have answered this already."))
    now = timezone.now()
    own.answer = Approver.Answer.APPROVED if approve else Approver.Answer.REJECTED
    own.comment, own.answered_at = comment.strip()[:1000], now
    own.save(update_fields=["answer", "comment", "answered_at"])
    open_ = fresh.needs == Approval.Needs.ALL and fresh.approvers.filter(answer="").exists()
    if not approve:
        _end(fresh, State.REJECTED, now)
    elif not open_:
        _end(fresh, State.APPROVED, now)
    settle(ticket)
    event = ApprovalAnswered(
        ticket_id=ticket.pk,
        approval_id=fresh.pk,
        question=fresh.question,
        answer=own.answer,
        state=fresh.state,
        comment=own.comment,
        asked_by=fresh.asked_by_id,
    )
    record(event, by=by)
    return fresh


@transaction.atomic
def withdraw(approval: Approval, *, by: Any, reason: str = "") -> Approval:
    """Ask no longer; what was answered so far stays to be read."""
    ticket, fresh = _locked(approval)
    _withdraw(ticket, fresh, by=by, reason=reason)
    return fresh


def withdraw_all(ticket: Ticket, *, by: Any, reason: str = "") -> None:
    """What still waits on a ticket that is closed. Call with the lock held."""
    for each in Approval.objects.filter(ticket=ticket, state=State.WAITING).order_by("id"):
        _withdraw(ticket, each, by=by, reason=reason)


def _withdraw(ticket: Ticket, approval: Approval, *, by: Any, reason: str) -> None:
    approval.reason = reason.strip()[:300]
    _end(approval, State.WITHDRAWN, timezone.now())
    settle(ticket)
    event = ApprovalWithdrawn(
        ticket_id=ticket.pk, approval_id=approval.pk, question=approval.question, reason=approval.reason
    )
    record(event, by=by)


def _locked(approval: Approval) -> tuple[Ticket, Approval]:
    """The ticket first, as everybody does. Raises Refused for what is decided."""
    ticket = lock(approval.ticket_id)
    fresh = Approval.objects.select_for_update().get(pk=approval.pk)
    if ticket.is_hidden:
        raise Refused(_("Ticket %(number)s is no longer there.") % {"number": ticket.pk})
    if fresh.state == State.WITHDRAWN:
        raise Refused(_("This is no longer asked: the approval was withdrawn."))
    if not fresh.is_waiting:
        raise Refused(_("This is decided already: %(state)s.") % {"state": State(fresh.state).label})
    return ticket, fresh


def _end(approval: Approval, state: str, now: datetime) -> None:
    approval.state, approval.decided_at = state, now
    approval.save(update_fields=["state", "decided_at", "reason"])
