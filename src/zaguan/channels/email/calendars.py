"""An invitation in a few readable lines: what, when, where, by whom."""

from __future__ import annotations

import re
from datetime import datetime

from django.utils.translation import gettext as _

_FOLD = re.compile(r"\r?\n[ \t]")
_LINE = re.compile(r"([A-Za-z-]{1,40})((?:;(?:[^:\";]|\"[^\"]*\")*)*):(.*)")
_ESCAPE = re.compile(r"\\([\\;,nN])")
_READ = 200_000


def describe(text: str) -> str:
    """The invitation in words, or "" when it is none."""
    event = _event(text[:_READ])
    if not event:
        return ""
    lines = [_method(event.get("METHOD", ("", ""))[1]), _value(event, "SUMMARY")]
    when = " – ".join(part for part in (_when(event, "DTSTART"), _when(event, "DTEND")) if part)
    if when:
        lines.append(_("When: %(when)s") % {"when": when})
    if _value(event, "LOCATION"):
        lines.append(_("Where: %(where)s") % {"where": _value(event, "LOCATION")})
    organiser = _person(event)
    if organiser:
        lines.append(_("Organiser: %(who)s") % {"who": organiser})
    if _value(event, "DESCRIPTION"):
        lines += ["", _value(event, "DESCRIPTION")]
    return "\n".join(lines).strip()


def _event(text: str) -> dict[str, tuple[str, str]]:
    """The properties of the first event (or task) and the method of the calendar."""
    found: dict[str, tuple[str, str]] = {}
    depth: list[str] = []
    for line in _FOLD.sub("", text).splitlines():
        match = _LINE.match(line)
        if not match:
            continue
        name, params, value = match[1].upper(), match[2], match[3].strip()
        if name == "BEGIN":
            depth.append(value.upper())
        elif name == "END":
            if depth and depth.pop() in ("VEVENT", "VTODO") and "DTSTART" in found:
                break
        elif name == "METHOD" or (depth and depth[-1] in ("VEVENT", "VTODO")):
            found.setdefault(name, (params, value))
    return found


def _value(event: dict[str, tuple[str, str]], name: str) -> str:
    value = event.get(name, ("", ""))[1]
    return _ESCAPE.sub(lambda match: "\n" if match[1] in "nN" else match[1], value).strip()


def _method(method: str) -> str:
    return {
        "REQUEST": _("Invitation"),
        "CANCEL": _("Cancelled"),
        "REPLY": _("Answer to an invitation"),
        "COUNTER": _("Another time was proposed"),
    }.get(method.upper(), _("Calendar entry"))


def _when(event: dict[str, tuple[str, str]], name: str) -> str:
    params, value = event.get(name, ("", ""))
    zone = re.search(r"TZID=\"?([^\";:]+)", params)
    try:
        if len(value) == 8:
            return datetime.strptime(value, "%Y%m%d").strftime("%Y-%m-%d")  # noqa: DTZ007 (a day has no zone)
        moment = datetime.strptime(value.rstrip("Z"), "%Y%m%dT%H%M%S")  # noqa: DTZ007 (its zone is told beside)
    except ValueError:
        return value
    told = "UTC" if value.endswith("Z") else zone[1] if zone else ""
    return f"{moment:%Y-%m-%d %H:%M} {told}".strip()


def _person(event: dict[str, tuple[str, str]]) -> str:
    params, value = event.get("ORGANIZER", ("", ""))
    name = re.search(r"CN=\"?([^\";:]+)", params)
    address = re.sub(r"(?i)^mailto:", "", value)
    return f"{name[1]} <{address}>" if name and name[1] != address else address
