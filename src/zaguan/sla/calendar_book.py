"""Make, change, archive and delete calendars, and say who works by which."""

from __future__ import annotations

from typing import Any
from zoneinfo import available_timezones

from django.db import transaction
from django.db.models import F, ProtectedError
from django.utils import timezone
from django.utils.translation import gettext as _

from zaguan.events.recording import record
from zaguan.lib.errors import Refused
from zaguan.people.events import SettingChanged
from zaguan.people.models import Team
from zaguan.sla import public_holidays, spans_of_day
from zaguan.sla.calendars import forget
from zaguan.sla.models import Calendar, PolicyVersion, TeamCalendar
from zaguan.sla.models.calendars import new_edition


def lock(calendar: Calendar) -> Calendar:
    """The row as it is now, held until the transaction ends."""
    found: Calendar = Calendar.objects.select_for_update().get(pk=calendar.pk)
    return found


def changed(calendar: Calendar, changes: dict[str, Any], *, by: Any) -> None:
    """Its hours are made anew, here at once and elsewhere within two seconds, and the change is written down."""
    calendar.edition = new_edition()
    calendar.save(update_fields=["edition"])
    forget()
    transaction.on_commit(forget)
    record(SettingChanged(what="calendar", id=calendar.pk, name=calendar.name, changes=changes), by=by)


@transaction.atomic
def save_calendar(calendar: Calendar | None, *, by: Any, **values: Any) -> Calendar:
    """Create or change a calendar: name, zone, week, country, region, optional_days."""
    saved = lock(calendar) if calendar else Calendar()
    values = _checked(saved, values)
    changes = {
        k: [_told(k, getattr(saved, k)), _told(k, v)] for k, v in values.items() if getattr(saved, k) != v
    }
    if saved.pk and not changes:
        return saved
    for name, value in values.items():
        setattr(saved, name, value)
    saved.save()
    changed(saved, changes, by=by)
    return saved


def _checked(calendar: Calendar, values: dict[str, Any]) -> dict[str, Any]:
    found = {name: value for name, value in values.items() if value is not None}
    found["name"] = str(found.get("name", calendar.name)).strip()[:80]
    if not found["name"]:
        raise Refused(_("Give it a name."), field="name")
    if Calendar.objects.filter(name__iexact=found["name"]).exclude(pk=calendar.pk).exists():
        raise Refused(_("Another calendar has this name."), field="name")
    if found.get("zone", calendar.zone) not in available_timezones():
        raise Refused(_("There is no such time zone."), field="zone")
    if "week" in found:
        found["week"] = checked_week(found["week"])
    country = found.get("country", calendar.country)
    region = found.get("region", calendar.region if country == calendar.country else "")
    if not public_holidays.is_known(country, region):
        raise Refused(_("The public holidays of this region are not known."), field="region")
    return found | {"country": country, "region": region}


def checked_week(week: Any) -> dict[str, Any]:
    """The hours of each weekday in order. Refused when two overlap, also over midnight."""
    if not isinstance(week, dict) or set(week) - {str(day) for day in range(7)}:
        raise Refused(_("A week has the days 0 (Monday) to 6 (Sunday)."), field="week")
    found = {str(day): spans_of_day.checked(week.get(str(day), []), f"day_{day}") for day in range(7)}
    for day in range(7):
        late = (
            max((end for _start, end in spans_of_day.seconds(found[str(day)])), default=0) - spans_of_day.DAY
        )
        early = min((start for start, _end in spans_of_day.seconds(found[str((day + 1) % 7)])), default=late)
        if late > early:
            raise Refused(_("The night runs into the hours of the next day."), field=f"day_{day}")
    return found


def _told(name: str, value: Any) -> Any:
    """As the history keeps it."""
    if name == "week":
        return {day: spans_of_day.write(pairs) for day, pairs in value.items() if pairs}
    return value


@transaction.atomic
def make_default(calendar: Calendar, *, by: Any) -> None:
    """Whatever names no calendar goes by this one from now on."""
    calendar = lock(calendar)
    if calendar.archived_at:
        raise Refused(_("This calendar is archived. Bring it back first."))
    if calendar.is_default:
        return
    Calendar.objects.filter(is_default=True).update(is_default=False)
    Calendar.objects.filter(pk=calendar.pk).update(is_default=True)
    changed(calendar, {"is_default": [False, True]}, by=by)


def uses_of(calendar: Calendar) -> list[str]:
    """Who works by it, in words: teams and policies."""
    teams = Team.objects.filter(pk__in=TeamCalendar.objects.filter(calendar=calendar).values("team"))
    found = [
        _("team %(name)s") % {"name": name} for name in teams.order_by("name").values_list("name", flat=True)
    ]
    rows = PolicyVersion.objects.filter(
        calendar=calendar, number=F("policy__version"), policy__archived_at=None
    )
    return found + [_("policy %(name)s") % {"name": row.name} for row in rows.order_by("name")]


def _refuse_used(calendar: Calendar) -> None:
    if calendar.is_default:
        raise Refused(_("This is the default calendar. Make another one the default first."))
    if used := uses_of(calendar):
        raise Refused(_("This calendar is in use: %(names)s.") % {"names": ", ".join(used)})


@transaction.atomic
def set_archived(calendar: Calendar, archived: bool, *, by: Any) -> None:
    """Retire a calendar that nobody uses, or bring it back."""
    calendar = lock(calendar)
    if archived:
        _refuse_used(calendar)
    calendar.archived_at = timezone.now() if archived else None
    calendar.save(update_fields=["archived_at"])
    changed(calendar, {"archived": [not archived, archived]}, by=by)


@transaction.atomic
def delete_calendar(calendar: Calendar, *, by: Any) -> None:
    """Delete a calendar that nobody uses, with its holidays and feeds."""
    calendar = lock(calendar)
    _refuse_used(calendar)
    key = calendar.pk
    try:
        with transaction.atomic():
            calendar.delete()
    except ProtectedError:
        raise Refused(_("Deadlines were counted by this calendar. Archive it instead.")) from None
    forget()
    transaction.on_commit(forget)
    record(
        SettingChanged(what="calendar", id=key, name=calendar.name, changes={"deleted": [False, True]}), by=by
    )


@transaction.atomic
def set_teams(calendar: Calendar, teams: list[Team], *, by: Any) -> None:
    """These teams work by it; those that no longer do go by the default one."""
    calendar = lock(calendar)
    if calendar.archived_at and teams:
        raise Refused(_("This calendar is archived. Bring it back first."), field="teams")
    rows = TeamCalendar.objects.filter(calendar=calendar)
    before = sorted(rows.values_list("team__name", flat=True))
    after = sorted(team.name for team in teams)
    if before == after:
        return
    rows.exclude(team__in=teams).delete()
    for team in teams:
        TeamCalendar.objects.update_or_create(team=team, defaults={"calendar": calendar})
    changed(calendar, {"teams": [before, after]}, by=by)
