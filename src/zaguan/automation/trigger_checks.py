"""Triggers from outside: known, complete, and each with a turn of its own."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext as _

from zaguan.automation.base import cleaned
from zaguan.automation.models import TriggerRow
from zaguan.automation.trigger_times import TIME, time_in_words
from zaguan.automation.triggers import trigger_named
from zaguan.lib.errors import Refused
from zaguan.people.models import Agent

MOST = 10


def checked_triggers(rows: Iterable[TriggerRow], viewer: Agent) -> list[TriggerRow]:
    """Triggers from outside, ready to be stored; raises Refused for none, an unknown one or a wrong value."""
    given = list(rows)
    if not given:
        raise Refused(_("Choose when the rule acts."), field="when")
    if len(given) > MOST:
        raise Refused(_("A rule has up to %(count)d triggers.") % {"count": MOST}, field="when")
    found = []
    for row in given:
        trigger = trigger_named(str(row.get("trigger", "")))
        values = cleaned(trigger.form, trigger.label, trigger.key, row.get("values") or {}, viewer)
        found.append({"trigger": trigger.key, "values": values})
    _refuse_same_moment(found)
    return found


def _refuse_same_moment(rows: Iterable[TriggerRow]) -> None:
    """A rule acts once for each moment that it counts from: a second length of time would never have its turn."""
    seen = set()
    for row in rows:
        if row["trigger"] != TIME:
            continue
        moment = (row["values"]["base"], row["values"].get("attribute"))
        if moment in seen:
            raise Refused(
                _("A rule acts once for each moment. Make a second rule for: %(time)s.")
                % {"time": time_in_words(row["values"])},
                field="when",
            )
        seen.add(moment)
