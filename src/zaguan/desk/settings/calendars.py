"""Settings → Calendars: opening hours, holidays, feeds, and who works by which."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from zaguan.desk.access import AgentRequest, needs
from zaguan.desk.forms import DeskForm
from zaguan.desk.settings.calendar_forms import (
    CalendarForm,
    FeedForm,
    HolidayForm,
    OtherHoursForm,
    TeamsForm,
    initial_of,
)
from zaguan.desk.settings.chapters import settings_page
from zaguan.desk.settings.time import DAYS
from zaguan.lib.numbers import whole
from zaguan.people.models import Agent, Team
from zaguan.sla import calendar_book as book
from zaguan.sla import calendar_days as days
from zaguan.sla import spans_of_day
from zaguan.sla.changes import SHOWN, changes_of
from zaguan.sla.feeds import add_feed, read_feed, remove_feed
from zaguan.sla.models import Calendar, HolidayFeed, OtherHours
from zaguan.sla.preview import Preview, in_words, span_in_words

CHAPTER = "calendars"
NEXT_DAYS = 14


@require_GET
@needs("sla.manage")
def calendars(request: AgentRequest) -> HttpResponse:
    """Every calendar with how it stands just now, archived ones last."""
    found = Calendar.objects.visible_to(request.user).prefetch_related("feeds", "team_rows__team")
    rows = [
        (row, Preview(row).now(), [each.team.name for each in row.team_rows.all()])
        for row in sorted(found, key=lambda row: (row.archived_at is not None, not row.is_default, row.name))
    ]
    return settings_page(request, "desk/settings/calendars.jinja", CHAPTER, rows=rows)


@require_http_methods(["GET", "POST"])
@needs("sla.manage")
def edit_calendar(request: AgentRequest, calendar_id: int = 0) -> HttpResponse:
    """Change the week and what goes with it, or make a calendar; `section` names the form that was sent."""
    calendar = _calendar(request, calendar_id) if calendar_id else None
    sent = request.POST.get("section", "week") if request.method == "POST" else ""
    forms = _forms(request, calendar, sent)
    # Regions of another country are offered before anything is saved.
    if sent in forms and request.POST.get("do") != "regions":
        saved = _save(request.user, calendar, sent, forms[sent])
        if saved:
            messages.success(request, _("Saved."))
            return _to(calendar or saved)
    context: dict[str, Any] = {"calendar": calendar, "forms": forms}
    if calendar:
        context |= _shown(calendar)
    return settings_page(request, "desk/settings/calendar.jinja", CHAPTER, **context)


def _shown(calendar: Calendar) -> dict[str, Any]:
    preview = Preview(calendar)
    return {
        "preview": preview,
        "next_days": preview.days(preview.today, NEXT_DAYS),
        "uses": book.uses_of(calendar),
        "changes": changes_of(calendar),
        "most_changes": SHOWN,
        "holidays": [(row, in_words(row.day)) for row in calendar.holidays.all()],
        "other_hours": [(row, span_in_words(row), _told(row)) for row in calendar.exceptions.all()],
    }


def _told(row: OtherHours) -> str:
    days = ", ".join(str(DAYS[day]) for day in row.weekdays)
    return " · ".join(filter(None, (spans_of_day.write(row.hours) or _("Closed"), days, row.name)))


def _calendar(request: AgentRequest, calendar_id: int) -> Calendar:
    found: Calendar = get_object_or_404(Calendar.objects.visible_to(request.user), pk=calendar_id)
    return found


def _forms(request: AgentRequest, calendar: Calendar | None, sent: str) -> dict[str, DeskForm]:
    def given(name: str) -> Any:
        return request.POST if sent == name else None

    if given("week") is not None and request.POST.get("do") == "regions":
        found: dict[str, DeskForm] = {"week": CalendarForm(initial=request.POST.dict())}
    else:
        found = {
            "week": CalendarForm(given("week"), initial=initial_of(calendar) if calendar else _blank(request))
        }
    if calendar is None:
        return found
    teams = {"teams": list(calendar.team_rows.values_list("team", flat=True))}
    return found | {
        "holiday": HolidayForm(given("holiday"), auto_id="holiday_%s"),
        "hours": OtherHoursForm(given("hours"), auto_id="hours_%s"),
        "feed": FeedForm(given("feed"), auto_id="feed_%s"),
        "teams": TeamsForm(request.user, given("teams"), initial=teams, auto_id="teams_%s"),
    }


def _blank(request: AgentRequest) -> dict[str, Any]:
    """A new calendar begins like the default one."""
    first = Calendar.objects.visible_to(request.user).filter(is_default=True).first()
    return initial_of(first) | {"name": ""} if first else {}


def _save(by: Agent, calendar: Calendar | None, section: str, form: DeskForm) -> Any:
    if calendar is None or section == "week":
        return form.carry_out(lambda **data: book.save_calendar(calendar, by=by, **data))
    verbs: dict[str, Callable[..., Any]] = {
        "holiday": lambda **data: days.add_holiday(calendar, by=by, **data),
        "hours": lambda **data: days.add_other_hours(calendar, by=by, **data),
        "feed": lambda url: read_feed(add_feed(calendar, url, by=by), by=by),
        "teams": lambda teams: _teams(calendar, teams, by),
    }
    return form.carry_out(verbs[section])


def _teams(calendar: Calendar, teams: list[Team], by: Agent) -> bool:
    book.set_teams(calendar, teams, by=by)
    return True


def _to(calendar: Calendar) -> HttpResponse:
    return HttpResponseRedirect(reverse("desk:edit-calendar", args=[calendar.pk]))


@require_POST
@needs("sla.manage")
def change_calendar(request: AgentRequest, calendar_id: int) -> HttpResponse:
    """Make it the default, archive, bring back, delete; take away a day or a feed, or read a feed now."""
    calendar, by, do = _calendar(request, calendar_id), request.user, request.POST.get("do", "")
    row = whole(request.POST.get("row", "")) or 0
    verbs: dict[str, Callable[[], Any]] = {
        "default": lambda: book.make_default(calendar, by=by),
        "archive": lambda: book.set_archived(calendar, True, by=by),
        "restore": lambda: book.set_archived(calendar, False, by=by),
        "delete": lambda: book.delete_calendar(calendar, by=by),
        "remove-holiday": lambda: days.remove_holiday(get_object_or_404(calendar.holidays, pk=row), by=by),
        "remove-hours": lambda: days.remove_other_hours(
            get_object_or_404(calendar.exceptions, pk=row), by=by
        ),
        "remove-feed": lambda: remove_feed(get_object_or_404(calendar.feeds, pk=row), by=by),
        "read-feed": lambda: _read(request, get_object_or_404(calendar.feeds, pk=row)),
    }
    if do not in verbs:
        raise Http404
    verbs[do]()
    if do != "read-feed":
        messages.success(request, _("Saved."))
    return HttpResponseRedirect(reverse("desk:settings-calendars")) if do == "delete" else _to(calendar)


def _read(request: AgentRequest, feed: HolidayFeed) -> None:
    found = read_feed(feed, by=request.user)
    if found.error:
        messages.error(request, found.error)
    else:
        messages.success(request, _("The feed was read."))
