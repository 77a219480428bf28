"""The tab of the timeline: the ticket's life as a picture one can zoom, and as a table (A11.3)."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.formats import date_format
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from zaguan.conversations.timeline import Point, Span, Timeline, timeline_of
from zaguan.desk.access import AgentRequest
from zaguan.desk.ticket.sheet import Sheet
from zaguan.desk.ticket.tab_register import Tab, register
from zaguan.ui.times import span as span_words

WIDTH, LEFT = 640, 104
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
ZOOMS = {"all": None, "month": 30 * DAY, "week": 7 * DAY, "day": DAY, "hour": HOUR}
ROWS = {"in": 176, "out": 204, "note": 232, "call": 260, "promise": 288}
_STEPS = (
    5 * timedelta(minutes=1),
    15 * timedelta(minutes=1),
    HOUR,
    3 * HOUR,
    6 * HOUR,
    DAY,
    2 * DAY,
    7 * DAY,
    30 * DAY,
    91 * DAY,
    365 * DAY,
)


@dataclass(frozen=True)
class Axis:
    """From a moment to a place in the picture."""

    start: datetime
    end: datetime

    def x(self, at: datetime) -> float:
        share = (at - self.start) / max(self.end - self.start, timedelta(seconds=1))
        return round(LEFT + (WIDTH - LEFT) * min(max(share, 0.0), 1.0), 1)

    def bars(self, spans: list[Span]) -> list[dict[str, Any]]:
        shown = [s for s in spans if s.end >= self.start and s.start <= self.end]
        return [
            {
                "x": self.x(s.start),
                "width": max(round(self.x(s.end) - self.x(s.start), 1), 1.5),
                "span": s,
                "words": _words(s),
            }
            for s in shown
        ]

    def dots(self, points: list[Point]) -> list[dict[str, Any]]:
        shown = [p for p in points if self.start <= p.at <= self.end]
        return [
            {"x": self.x(p.at), "y": ROWS.get(p.kind, 260), "point": p, "words": KINDS()[p.kind]}
            for p in shown
        ]

    def ticks(self) -> list[dict[str, Any]]:
        step = next((s for s in _STEPS if (self.end - self.start) / s <= 5), _STEPS[-1])
        here = timezone.localtime(self.start).replace(minute=0, second=0, microsecond=0)
        at = here.replace(hour=0) if step >= DAY else here
        found: list[dict[str, Any]] = []
        while at <= self.end and len(found) < 20:
            if at >= self.start:
                words = at.strftime("%H:%M") if step < DAY and at.hour + at.minute else date_format(at, "j M")
                found.append({"x": self.x(at), "words": words})
            at += step
        return found


def KINDS() -> dict[str, str]:  # noqa: N802 (a table in the reader's language)
    """What each point is."""
    return {
        "promise": _("Promised until"),
        "in": _("Received"),
        "out": _("Sent"),
        "note": _("Internal note"),
        "call": _("Call"),
    }


def turn_words(kind: str) -> str:
    """Whose turn it was."""
    words = {"us": _("Our turn"), "customer": _("The customer's turn"), "third": _("A third party's turn")}
    return words.get(kind, _("Nobody's turn"))


def _words(span: Span) -> str:
    label = span.label or turn_words(span.kind)
    return f"{label} · {span_words((span.end - span.start).total_seconds())}"


def _context(request: AgentRequest, sheet: Sheet) -> dict[str, Any]:
    whole = timeline_of(sheet.ticket)
    zoom = request.GET.get("zoom", "all")
    zoom = zoom if zoom in ZOOMS else "all"
    axis = _window(whole, ZOOMS[zoom], request.GET.get("until", ""))
    labels = {"all": _("All"), "month": _("Month"), "week": _("Week"), "day": _("Day"), "hour": _("Hour")}

    def address(name: str, until: datetime) -> str:
        return f"{sheet.url}?{urlencode({'tab': 'timeline', 'zoom': name, 'until': until.isoformat()})}"

    width = axis.end - axis.start
    return {
        "line": whole,
        "axis": axis,
        "zoom": zoom,
        "zooms": [(name, labels[name], address(name, axis.end)) for name in ZOOMS],
        "before": address(zoom, axis.start) if axis.start > whole.start else "",
        "after": address(zoom, min(axis.end + width, whole.end)) if axis.end < whole.end else "",
        "in_words": _in_words(whole),
        "kind_words": KINDS(),
        "turn_words": turn_words,
        "width": WIDTH,
        "left": LEFT,
        "rows": ROWS,
    }


def _window(whole: Timeline, width: timedelta | None, until: str) -> Axis:
    """What is in view: all of it, or a stretch that ends at `until`."""
    edge = (whole.end - whole.start) * 0.01 + timedelta(minutes=1)
    if width is None:
        return Axis(whole.start - edge, whole.end + edge)
    asked = None
    with suppress(ValueError):
        asked = parse_datetime(until)
    end = whole.end if asked is None or timezone.is_naive(asked) else min(asked, whole.end)
    end = max(end, min(whole.start + width, whole.end))
    return Axis(end - width, end)


def _in_words(whole: Timeline) -> list[tuple[datetime, str, str]]:
    """The same as rows: when, what, how long or who."""
    rows = [
        (
            s.start,
            _("Status: %(status)s") % {"status": s.label},
            span_words((s.end - s.start).total_seconds()),
        )
        for s in whole.statuses
    ]
    rows += [
        (
            s.start,
            _("Assigned to %(name)s") % {"name": s.label},
            span_words((s.end - s.start).total_seconds()),
        )
        for s in whole.assignees
    ]
    rows += [(p.at, KINDS()[p.kind], p.label) for p in whole.points]
    return sorted(rows, key=lambda row: row[0])


register(
    Tab(
        key="timeline",
        label=gettext_lazy("Timeline"),
        icon="chart-gantt",
        template="desk/ticket/tabs/timeline.jinja",
        context=_context,
        position=80,
        wide=True,
    )
)
