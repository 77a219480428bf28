"""What each view of the inbox shows, before anybody types a filter."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import reduce
from operator import or_

from django.db.models import BooleanField, Case, Q, Value, When

from zaguan.people.models import Agent, Role
from zaguan.tickets.models import DONE_RANK, HIDDEN_RANK, RANKS, Phase, View
from zaguan.tickets.ordering import UNFINISHED
from zaguan.tickets.shapes import works_elsewhere
from zaguan.tickets.tagged import is_rare, wearing

# Neither merged nor in the trash: TicketQuerySet.visible_to says it too.
KNOWN = Q(rank__lt=HIDDEN_RANK)


class UnknownView(LookupError):  # noqa: N818 (it is a 404, not an error)
    """There is no such view, or not for this agent."""


@dataclass(frozen=True, kw_only=True)
class Selection:
    """`narrow`: few tickets, found by the condition itself and not by walking the list."""

    where: Q = field(default_factory=Q)
    # Leave out resolved and closed ones, unless the filter asks for them.
    unfinished: bool = True
    narrow: bool = False
    # All of it is the viewer's own, so that no scope needs to be asked.
    own: bool = False
    team_id: int | None = None
    # What the number beside the view counts, within it.
    counted: Q = field(default_factory=Q)
    # A saved view brings its own filter and order.
    query: str = ""
    order: str = "active"
    # The same condition for every agent but for ids, so that its SQL is made once.
    steady: bool = True


Builder = Callable[[Agent, str], Selection]
_builders: dict[str, Builder] = {}


def selection(name: str) -> Callable[[Builder], Builder]:
    """Register how the view `name`, or `name:…` with an argument, is built."""

    def attach(builder: Builder) -> Builder:
        _builders[name] = builder
        return builder

    return attach


def selection_for(viewer: Agent, view: str) -> Selection:
    """The selection behind a view's key ("mine", "team:3"); raises UnknownView."""
    name, _colon, argument = view.partition(":")
    builder = _builders.get(name)
    if builder is None:
        raise UnknownView(view)
    try:
        return builder(viewer, argument)
    except (ValueError, View.DoesNotExist) as error:
        raise UnknownView(view) from error


def scope(viewer: Agent, chosen: Selection) -> list[Q]:
    """Disjoint conditions that together are Ticket.visible_to(viewer), each of which an index can follow."""
    if not viewer.can("desk.use"):
        return []
    if chosen.own or viewer.scope == Role.Scope.ALL:
        return [Q()]
    if viewer.scope == Role.Scope.OWN:
        return [Q(assignee_id=viewer.pk)]
    teams = sorted(viewer.team_ids())
    if chosen.team_id is not None:
        return [Q()] if chosen.team_id in teams else [Q(assignee_id=viewer.pk)]
    parts = [*(Q(team_id=team) for team in teams), Q(team_id=None)]
    if works_elsewhere(viewer):
        parts.append(Q(assignee_id=viewer.pk) & ~Q(team_id=None) & ~Q(team_id__in=teams))
    return parts


def unindexed(parts: list[Q]) -> Q:
    """Any of the parts, written so that the database asks it of what it found otherwise, and never starts from it."""
    whole = reduce(or_, parts)
    if not whole:
        return whole
    return Q(Case(When(whole, then=Value(True)), default=Value(False), output_field=BooleanField()))


@selection("mine")
def _mine(viewer: Agent, argument: str) -> Selection:
    return Selection(where=Q(assignee_id=viewer.pk), own=True)


@selection("following")
def _following(viewer: Agent, argument: str) -> Selection:
    return Selection(where=Q(followers__agent_id=viewer.pk), narrow=True)


@selection("unassigned")
def _unassigned(viewer: Agent, argument: str) -> Selection:
    return Selection(where=Q(assignee=None))


@selection("all")
def _all(viewer: Agent, argument: str) -> Selection:
    return Selection(unfinished=False)


@selection("open")
def _open(viewer: Agent, argument: str) -> Selection:
    return Selection()


@selection("done")
def _done(viewer: Agent, argument: str) -> Selection:
    return Selection(where=Q(rank__gte=DONE_RANK), unfinished=False)


@selection("important")
def _important(viewer: Agent, argument: str) -> Selection:
    return Selection(where=Q(is_important=True))


@selection("snoozed")
def _snoozed(viewer: Agent, argument: str) -> Selection:
    # Only snoozed tickets have this rank, and the list's index knows it.
    return Selection(where=Q(rank=RANKS[Phase.SNOOZED]))


@selection("team")
def _team(viewer: Agent, argument: str) -> Selection:
    return Selection(where=Q(team_id=int(argument)), team_id=int(argument))


@selection("inbox")
def _inbox(viewer: Agent, argument: str) -> Selection:
    return Selection(where=Q(inbox_id=int(argument)))


@selection("tag")
def _tag(viewer: Agent, argument: str) -> Selection:
    return Selection(where=wearing([int(argument)]), narrow=is_rare(int(argument)), steady=False)


@selection("contact")
def _contact(viewer: Agent, argument: str) -> Selection:
    return Selection(where=Q(requester_id=int(argument)), unfinished=False, narrow=True, order="recent")


@selection("organisation")
def _organisation(viewer: Agent, argument: str) -> Selection:
    return Selection(where=Q(organisation_id=int(argument)), unfinished=False, narrow=True, order="recent")


@selection("saved")
def _saved(viewer: Agent, argument: str) -> Selection:
    view = View.objects.visible_to(viewer).get(pk=int(argument))
    return Selection(unfinished=False, query=view.query, order=view.order, steady=False)


def where(chosen: Selection, *, says_status: bool) -> Q:
    """The selection's condition; a filter that names a status decides itself what is shown. Nothing out of sight is."""
    return chosen.where & (UNFINISHED if chosen.unfinished and not says_status else KNOWN)
