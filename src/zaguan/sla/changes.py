"""Who changed a calendar or a policy, when, and what stood there before: in words, from what was recorded."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils.dates import WEEKDAYS
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from zaguan.events.models import EventRecord
from zaguan.people import reference as people
from zaguan.people.events import SettingChanged
from zaguan.sla.calendars import calendars
from zaguan.sla.models import Calendar, Policy
from zaguan.sla.preview import in_words
from zaguan.sla.public_holidays import countries, regions
from zaguan.sla.terms import Target
from zaguan.sla.words import cause_label, target_label
from zaguan.tickets import reference
from zaguan.ui.times import hours_span, span

SHOWN = 50
_LABELS: dict[str, Promise] = {
    "name": gettext_lazy("Name"),
    "zone": gettext_lazy("Time zone"),
    "country": gettext_lazy("Closed on the public holidays of"),
    "region": gettext_lazy("Region"),
    "optional_days": gettext_lazy("Also on customary days"),
    "is_default": gettext_lazy("Default"),
    "archived": gettext_lazy("Archived"),
    "teams": gettext_lazy("Teams"),
    "holiday": gettext_lazy("Holiday"),
    "other_hours": gettext_lazy("Other hours"),
    "feed": gettext_lazy("Feed"),
    "feed_days": gettext_lazy("Days of a feed"),
    "description": gettext_lazy("Description"),
    "query": gettext_lazy("Filter"),
    "calendar": gettext_lazy("Calendar"),
    "active": gettext_lazy("Active"),
}
NOTHING = "–"


@dataclass(frozen=True, slots=True)
class Part:
    """One thing that was different; `old` or `new` is "–" where there was nothing, or is nothing any more."""

    label: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Change:
    """What somebody changed at once; `who` is "" for the desk itself, such as a feed that was read."""

    id: int
    at: datetime
    who: str
    agent_id: int | None
    parts: tuple[Part, ...]


def changes_of(row: Calendar | Policy, *, before: int = 0, count: int = SHOWN) -> list[Change]:
    """The newest first; `before` goes on below a change."""
    what = "calendar" if isinstance(row, Calendar) else "sla_policy"
    rows = EventRecord.objects.filter(
        kind=SettingChanged.kind, ticket_id__isnull=True, data__what=what, data__id=row.pk
    )
    found = (rows.filter(pk__lt=before) if before else rows).order_by("-pk")[:count]
    return [_change(each, row) for each in found]


def _change(event: EventRecord, row: Calendar | Policy) -> Change:
    agent_id = event.actor_id if event.actor_kind == "agent" else None
    agent = people.agents.get(agent_id)
    parts = tuple(
        part for name, pair in event.data.get("changes", {}).items() for part in _parts(name, pair, row)
    )
    return Change(event.pk, event.at, agent.name if agent else "", agent_id, parts)


def _parts(name: str, pair: list[Any], row: Calendar | Policy) -> Iterator[Part]:
    old, new = pair
    if name == "week":
        for day in range(7):
            yield from _part(str(WEEKDAYS[day]), (old or {}).get(str(day), ""), (new or {}).get(str(day), ""))
    elif name == "targets":
        before, after = ({one["kind"]: one for one in side or ()} for side in (old, new))
        for kind in dict.fromkeys((*before, *after)):
            yield from _part(target_label(kind), _target(before.get(kind)), _target(after.get(kind)))
    elif name == "region":
        known = dict(regions(row.country)) if isinstance(row, Calendar) else {}
        yield from _part(str(_LABELS[name]), known.get(old, old), known.get(new, new))
    else:
        say = _SAYING.get(name, _plain)
        yield from _part(str(_LABELS.get(name, name)), say(old), say(new))


def _part(label: str, old: Any, new: Any) -> Iterator[Part]:
    if old != new:
        yield Part(label, str(old or NOTHING), str(new or NOTHING))


def _plain(value: Any) -> str:
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(value, list):
        return ", ".join(str(each) for each in value)
    return "" if value is None else str(value)


def _country(code: Any) -> str:
    return dict(countries()).get(code, str(code or ""))


def _calendar(number: Any) -> str:
    if number is None:
        return _("That of the ticket’s team")
    found = calendars.get(number)
    return found.name if found else str(number)


def _dated(text: Any) -> str:
    """2026-12-08 Feria, or 2026-08-01/2026-08-31 08:00–15:00, with the days as people write them."""
    days, _blank, rest = str(text or "").partition(" ")
    if not days:
        return ""
    written = " – ".join(in_words(date.fromisoformat(day)) for day in dict.fromkeys(days.split("/")))
    return f"{written}: {_('Closed') if rest == NOTHING else rest}"


def _target(row: dict[str, Any] | None) -> str:
    """How long, by which time, what pauses it, and when it warns."""
    if row is None:
        return ""
    target, urgencies = Target.of(row), reference.urgencies.all()
    written = hours_span if target.in_business_time else span
    said = [written(target.seconds)] if target.seconds else []
    for number, seconds in target.by_urgency.items():
        said.append(f"{urgencies[number].label if number in urgencies else number}: {written(seconds)}")
    said.append(_("opening time") if target.in_business_time else _("all time"))
    if target.pauses:
        said.append(_("pauses: %(causes)s") % {"causes": ", ".join(map(cause_label, target.pauses))})
    if target.warn_percent is not None:
        said.append(_("warns at %(share)s %%") % {"share": target.warn_percent})
    elif target.warn_before is not None:
        said.append(_("warns %(time)s before") % {"time": span(target.warn_before)})
    return " · ".join(said)


_SAYING: dict[str, Callable[[Any], str]] = {
    "country": _country,
    "calendar": _calendar,
    "holiday": _dated,
    "other_hours": _dated,
}
