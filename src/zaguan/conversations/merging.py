"""Tickets that turn out to be one: merged, and parted again (A3.3, R12)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from zaguan.conversations.moving import COLUMNS, recount
from zaguan.events.recording import record
from zaguan.lib.errors import Refused
from zaguan.people.models import Agent
from zaguan.tickets.attribute_joining import check_choices, empty_again, fill
from zaguan.tickets.changing import lock
from zaguan.tickets.merging import MOST, check_mergeable, join, may_be_undone, part
from zaguan.tickets.models import MERGED_RANK, CarbonCopy, Merge, Phase, Status, Ticket
from zaguan.tickets.moving_events import MergeUndone, TicketMergedAway, TicketsMerged
from zaguan.tickets.putting_away import bring_back, header_of, put_away, take_header
from zaguan.tickets.statuses import default_status, restore_status

# Since when a ticket is done, and what was changed on the survivor beside what moved.
_DONE = ("resolved_at", "closed_at", "closes_at")
COPIES, _REOPENED = "copies", "reopened"


@transaction.atomic
def merge(
    survivor: Ticket | int,
    others: Iterable[Ticket | int],
    *,
    by: Any,
    different_people: bool = False,
    copy_requesters: bool = False,
    attributes: Mapping[str, int] | None = None,
) -> Ticket:
    """Let `others` go into `survivor`: their messages stand in it in order, their numbers and addresses lead to it.

    `copy_requesters` puts those who asked in the others in copy. `attributes` says of which ticket (by number) an
    attribute (by key) takes its value; without it the survivor keeps what it has and gets what it lacks. Raises Refused for tickets of different customers
    unless `different_people` says that this is known, and for a customer's ticket into an internal one.
    """
    staying, going = _locked(survivor, others)
    check_mergeable(staying, going)
    check_choices(attributes or {}, [staying, *going])
    strangers = [t for t in going if t.requester_id and t.requester_id != staying.requester_id]
    if strangers and staying.requester_id and not different_people:
        raise Refused(
            _("These tickets are of different customers. Confirm who will see what."),
            field="different_people",
        )
    waits = any(not t.is_done for t in going)
    made = [_merge_one(staying, ticket, take=attributes or {}, by=by) for ticket in going]
    for merged in made if copy_requesters else ():
        _copy_requester(merged)
    recount(staying)
    if staying.is_done and waits:
        # Somebody still waits: their words must not lie in a ticket that nobody works on.
        restore_status(staying, default_status(Phase.OPEN), by=by)
        _note(made[0], _REOPENED, staying.status_id)
    record(TicketsMerged(ticket_id=staying.pk, merged=[t.pk for t in going]), by=by)
    return staying


def _locked(survivor: Ticket | int, others: Iterable[Ticket | int]) -> tuple[Ticket, list[Ticket]]:
    """In the order of their numbers, so that two merges never wait for one another."""
    first = survivor if isinstance(survivor, int) else survivor.pk
    numbers = {each if isinstance(each, int) else each.pk for each in others}
    if not numbers or numbers == {first}:
        raise Refused(_("Choose another ticket to merge with."), field="tickets")
    if len(numbers) > MOST:
        raise Refused(_("At most %(count)s tickets become one at a time.") % {"count": MOST}, field="tickets")
    found = {number: lock(number) for number in sorted(numbers | {first})}
    return found[first], [found[number] for number in sorted(numbers)]


def _merge_one(staying: Ticket, ticket: Ticket, *, take: Mapping[str, int], by: Any) -> Merge:
    survivor_header = header_of(staying, *COLUMNS, "status", "status_reason", *_DONE)
    columns = header_of(ticket, *COLUMNS)
    moved = join(ticket, staying)
    moved["attributes"] = fill(staying, ticket, take=take, by=by)
    header = columns | put_away(ticket, MERGED_RANK, into=staying)
    made = Merge.objects.create(
        survivor=staying,
        merged=ticket,
        agent=by if isinstance(by, Agent) else None,
        at=timezone.now(),
        moved=moved,
        header=header,
        survivor_header=survivor_header,
    )
    record(TicketMergedAway(ticket_id=ticket.pk, into=staying.pk), by=by)
    return made


def _copy_requester(merge: Merge) -> None:
    """Who asked in the other ticket hears of it from now on, until the merge is taken back."""
    staying, stranger = merge.survivor, merge.merged.requester
    if stranger is None or stranger.pk == staying.requester_id:
        return
    known = stranger.identities.filter(kind="email").order_by("-is_primary", "id").first()
    if known is None or staying.copies.filter(email__iexact=known.value).exists():
        return
    CarbonCopy.objects.create(ticket=staying, email=known.value, name=stranger.name[:160])
    _note(merge, COPIES, [*merge.moved.get(COPIES, []), known.value])


def _note(merge: Merge, key: str, value: Any) -> None:
    """Keep what else is to be put back."""
    merge.moved[key] = value
    merge.save(update_fields=["moved"])


@transaction.atomic
def undo_merge(merge: Merge, *, by: Any) -> Ticket:
    """Put everything back: messages, threads, drafts, tags, copies, links, attributes and what the list showed.

    What was written since stays in the survivor. Raises Refused after the time for it, or when a later merge is in the way.
    """
    staying, ticket = (lock(n) for n in sorted((merge.survivor_id, merge.merged_id)))
    if staying.pk != merge.survivor_id:
        staying, ticket = ticket, staying
    fresh = Merge.objects.select_for_update(of=("self",)).get(pk=merge.pk)
    if not may_be_undone(fresh):
        raise Refused(_("This merge can no longer be taken back."))
    if staying.merged_into_id is not None:
        raise Refused(
            _("Ticket %(number)s was merged itself since. Take that back first.") % {"number": staying.pk}
        )
    part(fresh.moved, ticket, staying)
    empty_again(staying, fresh.moved.get("attributes", {}), by=by)
    bring_back(ticket, fresh.header)
    recount(staying)
    _settle(staying, fresh, by=by)
    fresh.undone_at = timezone.now()
    fresh.save(update_fields=["undone_at"])
    record(MergeUndone(ticket_id=staying.pk, other_id=ticket.pk, outwards=True), by=by)
    record(MergeUndone(ticket_id=ticket.pk, other_id=staying.pk, outwards=False), by=by)
    return ticket


def _settle(staying: Ticket, merge: Merge, *, by: Any) -> None:
    """When nothing was said since, the survivor shows exactly what it showed before."""
    before = merge.survivor_header
    if (staying.message_count, staying.note_count) != (before["message_count"], before["note_count"]):
        return
    names: Sequence[str] = COLUMNS
    if merge.moved.get(_REOPENED) == staying.status_id and staying.status_id != before["status"]:
        # It was done, and opened for the other one's sake only.
        was = Status.objects.get(pk=before["status"])
        restore_status(staying, was, by=by, reason=before["status_reason"])
        names = [*COLUMNS, *(name for name in _DONE if name in before)]
    if staying.status_id == before["status"]:
        bring_back(staying, {name: before[name] for name in names})
    else:
        take_header(staying, {name: before[name] for name in ("first_answered_at", "last_customer_at")})
