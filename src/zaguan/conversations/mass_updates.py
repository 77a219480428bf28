"""One message to everybody who waits for a tracker, each in their own conversation (A13.12): plan, start, stop."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from zaguan.conversations.bodies import refuse_empty, written
from zaguan.conversations.events import MassUpdateStarted, MassUpdateStopped
from zaguan.conversations.informing import TASK
from zaguan.conversations.models import MassRecipient, MassUpdate
from zaguan.conversations.texts_by_language import cleaned_texts
from zaguan.events.recording import record
from zaguan.events.tasks import enqueue
from zaguan.lib.errors import Refused
from zaguan.people.models import Agent, Identity
from zaguan.tickets.categories import Category
from zaguan.tickets.changing import lock
from zaguan.tickets.models import Link, Phase, Ticket

State, Update = MassRecipient.State, MassUpdate.State
# Time to think better of it.
UNDO_SECONDS = 60
MOST_A_MINUTE = 6000


@transaction.atomic
def plan_update(
    tracker: Ticket | int,
    html: str,
    *,
    by: Agent,
    per_minute: int = 0,
    translations: Mapping[str, str] | None = None,
) -> MassUpdate:
    """Write down a message and whom it would reach now; nothing is sent before it is started.

    `html` is for everybody whose language is not among the `translations`. Reached are the affected conversations that `by` may know of; those that cannot get it are listed with the reason.
    Raises Refused for what is no tracker, for an empty text and where nobody is affected.
    """
    fresh = lock(tracker)
    if fresh.kind != Category.TRACKER:
        raise Refused(_("Only a tracker has affected customers to inform."))
    body = written(html, ())
    refuse_empty(body, ())
    update = MassUpdate.objects.create(
        tracker=fresh, agent=by, html=body.html, text=body.text, per_minute=_pace(per_minute),
        translations=cleaned_texts(translations or {}), created_at=timezone.now(),
    )  # fmt: skip
    if not take_in_new(update):
        raise Refused(_("No conversation is linked to this tracker, so there is nobody to inform."))
    return update


def _pace(per_minute: int) -> int:
    if not 0 <= per_minute <= MOST_A_MINUTE:
        values = {"most": MOST_A_MINUTE}
        raise Refused(_("Choose 0 to %(most)s messages a minute.") % values, field="per_minute")
    return per_minute


def affected(update: MassUpdate) -> QuerySet[Ticket]:
    """The conversations that are linked now, as far as the writer may know of them."""
    linked = Link.objects.filter(source=update.tracker_id, kind=Link.Kind.TRACKED)
    seen = Ticket.objects.visible_to(update.agent) if update.agent else Ticket.objects.none()
    return seen.filter(pk__in=linked.values("target_id"))


@transaction.atomic
def take_in_new(update: MassUpdate) -> int:
    """Add conversations that were linked since it was planned; returns how many there are now."""
    known = MassRecipient.objects.filter(update=update)
    found = affected(update).exclude(pk__in=known.values("ticket_id")).select_related("requester")
    now = timezone.now()
    tickets = list(found.order_by("pk"))
    reachable = _reachable(tickets)
    MassRecipient.objects.bulk_create(
        [_recipient(update, ticket, now, reachable=ticket.requester_id in reachable) for ticket in tickets],
        batch_size=500,
    )
    return known.count()


def _reachable(tickets: list[Ticket]) -> set[int]:
    """Requesters with a mail address."""
    people = [ticket.requester_id for ticket in tickets if ticket.requester_id]
    found: set[int] = set()
    for start in range(0, len(people), 500):
        some = Identity.objects.filter(contact__in=people[start : start + 500], kind="email")
        found.update(some.values_list("contact_id", flat=True))
    return found


def _recipient(update: MassUpdate, ticket: Ticket, now: Any, *, reachable: bool) -> MassRecipient:
    reason = ""
    if ticket.phase == Phase.CLOSED:
        reason = _("The conversation is closed.")
    elif ticket.is_internal:
        reason = _("The ticket is internal.")
    elif not reachable:
        reason = _("There is no mail address of the customer.")
    state = State.SKIPPED if reason else State.WAITING
    return MassRecipient(update=update, ticket=ticket, state=state, reason=reason, changed_at=now)


@transaction.atomic
def change_update(
    update: MassUpdate, *, html: str, per_minute: int = 0, translations: Mapping[str, str] | None = None
) -> MassUpdate:
    """Other texts or another pace, as long as it is a draft; without `translations` these stay."""
    fresh = _locked(update)
    _refuse_begun(fresh)
    body = written(html, ())
    refuse_empty(body, ())
    fresh.html, fresh.text, fresh.per_minute = body.html, body.text, _pace(per_minute)
    if translations is not None:
        fresh.translations = cleaned_texts(translations)
    fresh.save(update_fields=["html", "text", "per_minute", "translations"])
    return fresh


@transaction.atomic
def leave_out(update: MassUpdate, tickets: Iterable[int], *, out: bool = True) -> int:
    """Leave conversations out, or take them in again; returns how many changed."""
    _refuse_begun(_locked(update))
    before, after = (State.WAITING, State.EXCLUDED) if out else (State.EXCLUDED, State.WAITING)
    rows = MassRecipient.objects.filter(update=update, ticket__in=list(tickets), state=before)
    return rows.update(state=after, changed_at=timezone.now())


@transaction.atomic
def start_update(update: MassUpdate, *, by: Agent, wait: int = UNDO_SECONDS) -> MassUpdate:
    """Let it go out in a minute; until then it can be taken back. Starting twice starts once."""
    fresh = _locked(update)
    if fresh.state == Update.STARTED:
        return fresh
    _refuse_begun(fresh)
    waiting = MassRecipient.objects.filter(update=fresh, state=State.WAITING).count()
    if not waiting:
        raise Refused(_("Nobody is left to get this message."))
    fresh.state, fresh.agent = Update.STARTED, by
    fresh.starts_at = timezone.now() + timedelta(seconds=wait)
    fresh.save(update_fields=["state", "agent", "starts_at"])
    enqueue(TASK, run_at=fresh.starts_at, key=f"inform-{fresh.pk}", update=fresh.pk)
    event = MassUpdateStarted(ticket_id=fresh.tracker_id, update_id=fresh.pk, recipients=waiting)
    record(event, by=by)
    return fresh


@transaction.atomic
def stop_update(update: MassUpdate, *, by: Any) -> MassUpdate:
    """Before anything left: a draft again. Later: whoever waits does not get it."""
    fresh = _locked(update)
    if fresh.state != Update.STARTED:
        raise Refused(_("This message is not on its way."))
    sent = MassRecipient.objects.filter(update=fresh).exclude(message=None).count()
    fresh.state = Update.STOPPED if sent else Update.DRAFT
    fresh.starts_at = fresh.starts_at if sent else None
    fresh.finished_at = timezone.now() if sent else None
    fresh.save(update_fields=["state", "starts_at", "finished_at"])
    record(MassUpdateStopped(ticket_id=fresh.tracker_id, update_id=fresh.pk, sent=sent), by=by)
    return fresh


def _locked(update: MassUpdate) -> MassUpdate:
    return MassUpdate.objects.select_for_update(of=("self",)).get(pk=update.pk)


def _refuse_begun(update: MassUpdate) -> None:
    if update.state != Update.DRAFT:
        raise Refused(_("This message was started already."))
