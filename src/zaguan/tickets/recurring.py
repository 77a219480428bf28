"""When something happens again and again: rules of RFC 5545 on a wall clock, their dates, and how they read."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import islice
from zoneinfo import ZoneInfo

from dateutil.rrule import rrulestr
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from zaguan.lib.errors import Refused

FREQUENCIES = ("DAILY", "WEEKLY", "MONTHLY", "YEARLY")
DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_PARTS = {"FREQ", "INTERVAL", "COUNT", "UNTIL", "BYDAY", "BYMONTHDAY", "BYMONTH", "BYSETPOS", "WKST"}
# A rule without an end is looked at this far ahead.
_FAR = timedelta(days=366 * 30)


def zone_named(name: str) -> ZoneInfo:
    """A zone by its IANA name; raises Refused for an unknown one."""
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        raise Refused(_("“%(zone)s” is no time zone.") % {"zone": name[:60]}, field="zone") from None


def parts_of(rule: str) -> dict[str, str]:
    """The parts of a rule, upper case; raises Refused for what is none, or repeats more often than daily."""
    text = rule.strip().upper().removeprefix("RRULE:")
    pairs = [part.partition("=")[::2] for part in text.split(";") if part]
    parts = dict(pairs)
    if parts.get("FREQ") not in FREQUENCIES or not set(parts) <= _PARTS or len(parts) != len(pairs):
        raise Refused(_("This is no rule for repeating, such as FREQ=WEEKLY;BYDAY=MO."), field="rule")
    return parts


def written(rule: str) -> str:
    """The rule as it is stored; raises Refused for one that gives no dates at all."""
    parts = parts_of(rule)
    for name in {"INTERVAL", "COUNT"} & set(parts):
        _number(parts[name])
    return ";".join(f"{name}={value}" for name, value in parts.items())


def occurrences(
    starts_at: datetime, zone: str, rule: str, *, after: datetime | None = None
) -> Iterator[datetime]:
    """The times, from the first one or after a moment. The clock on the wall decides: 9 o'clock stays 9 o'clock.

    A time that a change of clocks leaves out happens an hour later; one that comes twice happens the first time.
    """
    place = zone_named(zone)
    start = starts_at.astimezone(place).replace(tzinfo=None, microsecond=0)
    for moment in _walls(start, rule, place):
        at = moment.replace(tzinfo=place).astimezone(UTC)
        if after is None or at > after:
            yield at


def _walls(start: datetime, rule: str, place: ZoneInfo) -> Iterator[datetime]:
    if not rule:
        yield start
        return
    parts = parts_of(rule)
    until = _until(parts.pop("UNTIL", ""), place)
    far = min(until, start + _FAR) if until else start + _FAR
    # Counted here: a rule that never comes true would else be looked for until the year 9999.
    count = _number(parts.pop("COUNT", "")) if "COUNT" in parts else None
    try:
        rules = rrulestr(";".join(f"{n}={v}" for n, v in parts.items()), dtstart=start).replace(until=far)
    except (ValueError, TypeError, IndexError):
        raise Refused(
            _("This is no rule for repeating, such as FREQ=WEEKLY;BYDAY=MO."), field="rule"
        ) from None
    yield from islice(rules, count)


def _number(text: str) -> int:
    if not text.isdecimal() or not 0 < int(text) < 10_000:
        raise Refused(_("This is no rule for repeating, such as FREQ=WEEKLY;BYDAY=MO."), field="rule")
    return int(text)


def _until(text: str, place: ZoneInfo) -> datetime | None:
    """The end on the wall clock: a day counts whole, a time with Z is meant in UTC."""
    if not text:
        return None
    for form in ("%Y%m%dT%H%M%SZ", "%Y%m%dT%H%M%S", "%Y%m%d"):
        try:
            moment = datetime.strptime(text, form)  # noqa: DTZ007 (a wall clock has no zone)
        except ValueError:
            continue
        if form.endswith("Z"):
            return moment.replace(tzinfo=UTC).astimezone(place).replace(tzinfo=None)
        return moment + timedelta(days=1, seconds=-1) if form == "%Y%m%d" else moment
    raise Refused(_("This is no rule for repeating, such as FREQ=WEEKLY;BYDAY=MO."), field="rule")


def next_dates(
    starts_at: datetime, zone: str, rule: str, *, after: datetime | None, most: int = 5
) -> list[datetime]:
    """The next few times; empty when it is over."""
    return list(islice(occurrences(starts_at, zone, rule, after=after), most))


def in_words(rule: str, starts_at: datetime, zone: str) -> str:
    """How it reads: “Every 2 weeks on Monday and Thursday, at 09:00”."""
    local = starts_at.astimezone(zone_named(zone))
    time = date_format(local, "H:i")
    if not rule:
        day = date_format(local, "DATE_FORMAT")
        return _("Once, on %(day)s at %(time)s") % {"day": day, "time": time}
    parts = parts_of(rule)
    words = _("%(often)s, at %(time)s") % {"often": _often(parts, local), "time": time}
    if parts.get("COUNT"):
        count = _number(parts["COUNT"])
        times = ngettext("%(count)d time", "%(count)d times", count) % {"count": count}
        words = _("%(words)s, %(times)s") % {"words": words, "times": times}
    end = _until(parts.get("UNTIL", ""), zone_named(zone))
    if end:
        words = _("%(words)s, until %(day)s") % {"words": words, "day": date_format(end, "DATE_FORMAT")}
    return words


def _often(parts: dict[str, str], local: datetime) -> str:
    every = _number(parts.get("INTERVAL", "1"))
    days, values = _days(parts.get("BYDAY", "")), {"count": every}
    if parts["FREQ"] == "DAILY":
        text = ngettext("Every day", "Every %(count)d days", every) % values
        return _("%(often)s, only on %(days)s") % {"often": text, "days": days} if days else text
    if parts["FREQ"] == "WEEKLY":
        if parts.get("BYDAY") == "MO,TU,WE,TH,FR" and every == 1:
            return _("Every working day")
        text = ngettext("Every week", "Every %(count)d weeks", every) % values
        return _("%(often)s on %(days)s") % {"often": text, "days": days or date_format(local, "l")}
    which = days or _("day %(day)s") % {"day": parts.get("BYMONTHDAY", str(local.day)).replace(",", ", ")}
    if parts["FREQ"] == "MONTHLY":
        text = ngettext("Every month", "Every %(count)d months", every) % values
        return _("%(often)s on %(days)s") % {"often": text, "days": which}
    text = ngettext("Every year", "Every %(count)d years", every) % values
    day = days or date_format(local, "MONTH_DAY_FORMAT")
    return _("%(often)s on %(days)s") % {"often": text, "days": day}


def _days(text: str) -> str:
    """“Monday and Thursday”, “the last Friday”."""
    names = [_day(each) for each in text.split(",") if each[-2:] in DAYS]
    if len(names) < 2:
        return "".join(names)
    return _("%(first)s and %(last)s") % {"first": ", ".join(names[:-1]), "last": names[-1]}


def _day(text: str) -> str:
    # The first of January 2024 was a Monday.
    name = date_format(datetime(2024, 1, 1 + DAYS.index(text[-2:]), tzinfo=UTC), "l")
    places = {
        "1": _("the first %(day)s"),
        "2": _("the second %(day)s"),
        "3": _("the third %(day)s"),
        "4": _("the fourth %(day)s"),
        "-1": _("the last %(day)s"),
    }
    place = places.get(text[:-2].removeprefix("+"))
    return place % {"day": name} if place else name
