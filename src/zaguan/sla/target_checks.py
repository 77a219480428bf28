"""What a target may say, checked before it becomes part of a policy."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from zaguan.lib.errors import Refused
from zaguan.sla.terms import KINDS, PAUSING, Target
from zaguan.tickets import reference

LEAST, MOST = 60, 366 * 86400


def checked_targets(rows: Sequence[Mapping[str, Any]]) -> list[Target]:
    """The targets in the order in which people read them. Raises Refused for what makes no sense."""
    found = [_checked(row) for row in rows]
    if not found:
        raise Refused(_("Promise something: give at least one target a time."), field="targets")
    if len({target.kind for target in found}) < len(found):
        raise Refused(_("Each target stands once in a policy."), field="targets")
    return sorted(found, key=lambda target: KINDS.index(target.kind))


def _checked(row: Mapping[str, Any]) -> Target:
    kind = row.get("kind")
    if kind not in KINDS:
        raise Refused(
            _("A target is for the first answer, the next one, an update or the resolution."), field="targets"
        )
    pauses = tuple(side for side in PAUSING if side in (row.get("pauses") or ()))
    target = Target(
        kind=kind,
        seconds=_seconds(row.get("seconds")),
        by_urgency=_by_urgency(row.get("by_urgency") or {}),
        in_business_time=bool(row.get("in_business_time", True)),
        pauses=pauses,
        warn_percent=row.get("warn_percent"),
        warn_before=row.get("warn_before") if row.get("warn_percent") is None else None,
    )
    if not target.seconds and not any(target.by_urgency.values()):
        raise Refused(_("Give each target a time, at least for one urgency."), field="targets")
    if target.warn_percent is not None and not 1 <= target.warn_percent <= 99:
        raise Refused(_("Warn between 1 and 99 percent of the time."), field="targets")
    if target.warn_before is not None and not 0 < target.warn_before <= MOST:
        raise Refused(_("Warn at least a minute before the time is over."), field="targets")
    return target


def _by_urgency(given: Mapping[Any, Any]) -> dict[int, int]:
    known = reference.urgencies.all()
    found = {int(key): _seconds(value) for key, value in given.items()}
    if unknown := set(found) - set(known):
        raise Refused(
            _("There is no urgency with the number %(number)s.") % {"number": min(unknown)}, field="targets"
        )
    return found


def _seconds(value: Any) -> int:
    seconds = int(value or 0)
    if seconds and not LEAST <= seconds <= MOST:
        raise Refused(_("A target lies between one minute and a year."), field="targets")
    return seconds
