"""Which tickets a bulk change is about: those chosen one by one, or all of a view as it stands now."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext as _

from zaguan.automation.runs import MOST
from zaguan.lib.errors import Refused
from zaguan.people.models import Agent
from zaguan.tickets.filtering import parse
from zaguan.tickets.models import Ticket, TicketQuerySet
from zaguan.tickets.selections import UnknownView, selection_for, where


def tickets_of_view(viewer: Agent, view: str, query: str = "") -> TicketQuerySet:
    """Everything that a view shows with this filter. Raises Refused for one that cannot be read: all would be changed."""
    try:
        chosen = selection_for(viewer, view)
    except UnknownView:
        raise Refused(_("There is no such view."), field="view") from None
    asked = parse(f"{chosen.query} {query}".strip(), viewer)
    if asked.problems:
        raise Refused(asked.problems[0], field="q")
    condition = where(chosen, says_status=asked.says_status) & asked.q
    return Ticket.objects.visible_to(viewer).filter(condition)


def numbers_of_view(viewer: Agent, view: str, query: str = "") -> list[int]:
    """Their numbers; one more than may be changed at once when there are more."""
    return list(tickets_of_view(viewer, view, query).order_by("pk").values_list("pk", flat=True)[: MOST + 1])


def visible_numbers(viewer: Agent, numbers: Iterable[int]) -> list[int]:
    """Those of the numbers that the viewer may know of, in the order given."""
    wanted = list(dict.fromkeys(numbers))[: MOST + 1]
    seen = set(Ticket.objects.visible_to(viewer).filter(pk__in=wanted).values_list("pk", flat=True))
    return [number for number in wanted if number in seen]
