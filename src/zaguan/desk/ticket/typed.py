"""What was typed into a form as the value it stands for; Refused at its field for what cannot be read."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.translation import gettext as _

from zaguan.desk.access import AgentRequest
from zaguan.lib.durations import minutes_in
from zaguan.lib.errors import Refused
from zaguan.lib.numbers import whole


def day_in(request: AgentRequest, name: str) -> date | None:
    """A day, None when the field is empty."""
    text = request.POST.get(name, request.GET.get(name, "")).strip()
    try:
        found = parse_date(text) if text else None
    except ValueError:
        found = None
    if text and found is None:
        raise Refused(_("“%(text)s” is not a day.") % {"text": text}, field=name)
    return found


def moment_in(request: AgentRequest, name: str) -> datetime | None:
    """A day and a time of the agent's own clock, None when the field is empty."""
    text = request.POST.get(name, request.GET.get(name, "")).strip()
    try:
        found = parse_datetime(text) if text else None
    except ValueError:
        found = None
    if text and found is None:
        raise Refused(_("“%(text)s” is not a day with a time.") % {"text": text}, field=name)
    return timezone.make_aware(found) if found and timezone.is_naive(found) else found


def clock_on(request: AgentRequest, name: str, day: date) -> datetime | None:
    """A time of day, of the agent's own clock, on that day."""
    text = request.POST.get(name, "").strip()
    try:
        found = datetime.strptime(text, "%H:%M").time() if text else None  # noqa: DTZ007 (a time of day has no zone)
    except ValueError:
        raise Refused(_("“%(text)s” is not a time. Write 09:00.") % {"text": text}, field=name) from None
    return timezone.make_aware(datetime.combine(day, found)) if found else None


def length_in(request: AgentRequest, name: str) -> int | None:
    """A length in minutes, None when the field is empty."""
    text = request.POST.get(name, "").strip()
    found = minutes_in(text)
    if text and found is None:
        raise Refused(_("“%(text)s” is no length of time. Write 25 or 1:25.") % {"text": text}, field=name)
    return found


def row_in(request: AgentRequest, name: str, rows: Any) -> Any:
    """The row of a queryset whose id was chosen, None for none."""
    text = request.POST.get(name, "").strip()
    if not text:
        return None
    found = rows.filter(pk=whole(text) or 0).first()
    if found is None:
        raise Refused(_("This choice is no longer there. Reload the page."), field=name)
    return found


def written(moment: datetime | None) -> str:
    """A moment as a field for day and time wants it, by the agent's own clock."""
    return timezone.localtime(moment).strftime("%Y-%m-%dT%H:%M") if moment else ""
