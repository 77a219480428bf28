"""Who had how much time on whose side, over a range of days."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from zaguan.lib.errors import Refused
from zaguan.people.models import Agent
from zaguan.sla.business_time import between
from zaguan.sla.calendars import calendar_of_team, hours_of
from zaguan.sla.models import Interval, IntervalQuerySet
from zaguan.sla.sides import Side
from zaguan.tickets import reference

GROUPS = {"agent": "assignee_id", "team": "team_id", "status": "status_id"}
# Read one by one, since opening hours are no business of the database: some seconds at most.
MOST = 300_000


@dataclass(frozen=True, kw_only=True)
class Asked:
    """Both days belong to it, in the reader's zone."""

    first: date
    last: date
    by: str = "agent"
    agent: int | None = None
    team: int | None = None
    side: str = ""


@dataclass(slots=True)
class Line:
    """The time of an agent, team or status by side, in seconds."""

    label: str
    key: int | None
    elapsed: dict[Side, int] = field(default_factory=lambda: dict.fromkeys(Side, 0))
    business: dict[Side, int] = field(default_factory=lambda: dict.fromkeys(Side, 0))
    tickets: set[int] = field(default_factory=set)

    def add(self, side: Side, elapsed: int, business: int, ticket: int) -> None:
        """Count one stretch."""
        self.elapsed[side] += elapsed
        self.business[side] += business
        self.tickets.add(ticket)


def month_until(today: date) -> tuple[date, date]:
    """What is asked at first: from the first of the month."""
    return today.replace(day=1), today


def report(viewer: Agent, asked: Asked) -> tuple[list[Line], Line]:
    """The lines, the longest first, and their sum. Raises Refused for more than can be read at once."""
    start, end = _edges(asked)
    rows = _rows(viewer, asked, start, end)
    found = list(
        rows.values_list(GROUPS[asked.by], "side", "team_id", "ticket_id", "started_at", "ended_at")[
            : MOST + 1
        ]
    )
    if len(found) > MOST:
        raise Refused(_("That is too much for one report: choose fewer days, or one team."), field="first")
    lines: dict[int | None, Line] = {}
    whole, names = Line(_("Total"), None), _names(asked.by)
    for key, side, team, ticket, started_at, ended_at in found:
        begins, ends = max(started_at, start), min(ended_at or end, end)
        elapsed = max(0, int((ends - begins).total_seconds()))
        business = between(hours_of(calendar_of_team(team)), begins, ends)
        line = lines.setdefault(
            key, Line(names.get(key, _("Nobody assigned") if asked.by == "agent" else "–"), key)
        )
        for each in (line, whole):
            each.add(Side(side), elapsed, business, ticket)
    return sorted(lines.values(), key=lambda line: -sum(line.elapsed.values())), whole


def _edges(asked: Asked) -> tuple[datetime, datetime]:
    if asked.last < asked.first:
        raise Refused(_("The last day comes before the first."), field="last")
    start = timezone.make_aware(datetime.combine(asked.first, time.min))
    end = timezone.make_aware(datetime.combine(asked.last + timedelta(days=1), time.min))
    # What is still running counts until now.
    return start, min(end, timezone.now().replace(microsecond=0))


def _rows(viewer: Agent, asked: Asked, start: datetime, end: datetime) -> IntervalQuerySet:
    rows = Interval.objects.visible_to(viewer).filter(
        Q(ended_at__gt=start) | Q(ended_at=None), started_at__lt=end
    )
    if not viewer.can("tickets.see_all_time"):
        rows = rows.filter(assignee_id=viewer.pk)
    wanted = {"assignee_id": asked.agent, "team_id": asked.team, "side": asked.side or None}
    return rows.filter(**{name: value for name, value in wanted.items() if value is not None})


def _names(by: str) -> dict[int | None, str]:
    names: dict[int | None, str] = defaultdict(str)
    if by == "status":
        return names | reference.status_labels()
    kept = reference.agents if by == "agent" else reference.teams
    return names | {pk: row.name for pk, row in kept.all().items()}
