"""How time, activities, checklists, products and promises read in a ticket's history."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from zaguan.events.models import EventRecord
from zaguan.tickets.history_lines import Difference, Line, Names, tells
from zaguan.tickets.models import Activity, TimeEntry
from zaguan.tickets.time_totals import hours


def moment(text: str) -> str:
    """An ISO time as the reader's clock and language write it, "" for none."""
    at = parse_datetime(text) if text else None
    return date_format(timezone.localtime(at), "SHORT_DATETIME_FORMAT") if at else ""


@tells("tickets.TimeLogged")
def _logged(row: EventRecord, who: str, names: Names) -> Line:
    values = {"who": who, "time": hours(row.data["minutes"]), "activity": row.data.get("activity", "")}
    if values["activity"]:
        return Line(_("%(who)s logged %(time)s of work: %(activity)s.") % values)
    return Line(_("%(who)s logged %(time)s of work.") % values)


@tells("tickets.TimeChanged")
def _time_changed(row: EventRecord, who: str, names: Names) -> Line:
    values = {"who": who, "time": hours(row.data["minutes"])}
    if row.data.get("deleted"):
        return Line(_("%(who)s took away %(time)s of work.") % values)
    return Line(_("%(who)s changed logged work, now %(time)s.") % values)


@tells("tickets.TimeDecided")
def _time_decided(row: EventRecord, who: str, names: Names) -> Line:
    state = TimeEntry.State(row.data["state"])
    values = {"who": who, "time": hours(row.data["minutes"]), "reason": row.data.get("reason", "")}
    sentences = {
        TimeEntry.State.SUBMITTED: _("%(who)s submitted %(time)s of work."),
        TimeEntry.State.APPROVED: _("%(who)s approved %(time)s of work."),
        TimeEntry.State.REJECTED: _("%(who)s rejected %(time)s of work: %(reason)s"),
        TimeEntry.State.OPEN: _("%(who)s took %(time)s of work back."),
    }
    return Line(sentences[state] % values)


@tells("tickets.HourBankLow")
def _bank_low(row: EventRecord, who: str, names: Names) -> Line:
    values = {"bank": row.data["name"], "left": hours(row.data["left"])}
    return Line(_("Of the hours “%(bank)s”, %(left)s are left.") % values)


def _planned_values(row: EventRecord, who: str, names: Names) -> dict[str, Any]:
    return {
        "who": who,
        "what": row.data["subject"],
        "owner": names.agent(row.data.get("owner_id")),
        "when": moment(row.data.get("starts_at", "")),
    }


@tells("tickets.ActivityPlanned")
def _planned(row: EventRecord, who: str, names: Names) -> Line:
    values = _planned_values(row, who, names)
    sentences = {
        Activity.Kind.CALL: _("%(who)s planned a call for %(owner)s on %(when)s: %(what)s"),
        Activity.Kind.APPOINTMENT: _("%(who)s planned an appointment for %(owner)s on %(when)s: %(what)s"),
        Activity.Kind.TASK: _("%(who)s planned a task for %(owner)s, due on %(when)s: %(what)s"),
        Activity.Kind.VISIT: _("%(who)s planned a visit for %(owner)s on %(when)s: %(what)s"),
    }
    return Line(sentences[Activity.Kind(row.data["kind_of_activity"])] % values)


@tells("tickets.ActivityChanged")
def _activity_changed(row: EventRecord, who: str, names: Names) -> Line:
    values = _planned_values(row, who, names)
    if row.data.get("deleted"):
        return Line(_("%(who)s took off the plan: %(what)s") % values)
    return Line(_("%(who)s changed the plan: %(what)s") % values)


@tells("tickets.ActivityDone")
def _activity_done(row: EventRecord, who: str, names: Names) -> Line:
    values = _planned_values(row, who, names)
    if row.data.get("done", True):
        return Line(_("%(who)s has done: %(what)s") % values)
    return Line(_("%(who)s says it is not done yet: %(what)s") % values)


@tells("tickets.Reminded")
def _reminded(row: EventRecord, who: str, names: Names) -> Line:
    values = {
        "agent": names.agent(row.data["agent_id"]),
        "what": row.data["subject"],
        "when": moment(row.data["at"]),
    }
    if row.data["about"] == "promise":
        return Line(_("%(agent)s was reminded of the promise for %(when)s.") % values)
    return Line(_("%(agent)s was reminded: %(what)s, %(when)s.") % values)


@tells("tickets.ChecklistChanged")
def _checklist(row: EventRecord, who: str, names: Names) -> Line | None:
    sentences = {
        "added": _("%(who)s put on the checklist: %(what)s"),
        "removed": _("%(who)s took off the checklist: %(what)s"),
        "done": _("%(who)s ticked off: %(what)s"),
        "undone": _("%(who)s unticked: %(what)s"),
    }
    for name, sentence in sentences.items():
        if row.data.get(name):
            return Line(sentence % {"who": who, "what": ", ".join(row.data[name])})
    return None


@tells("tickets.ProductItemsChanged")
def _products(row: EventRecord, who: str, names: Names) -> Line:
    added, removed = (", ".join(row.data.get(name, [])) for name in ("added", "removed"))
    difference = (Difference("products", _("Products"), removed, added),)
    if added and removed:
        sentence = _("%(who)s added the products %(added)s and removed %(removed)s.")
    elif added:
        sentence = _("%(who)s added the products %(added)s.")
    else:
        sentence = _("%(who)s removed the products %(removed)s.")
    return Line(sentence % {"who": who, "added": added, "removed": removed}, difference)


@tells("tickets.PromiseChanged")
def _promise(row: EventRecord, who: str, names: Names) -> Line:
    old, new = (moment(text) for text in row.data["promised_at"])
    values = {"who": who, "old": old, "new": new, "reason": row.data.get("reason", "")}
    difference = (Difference("promise", _("Promise"), old, new),)
    if old == new:
        shown = (
            _("%(who)s let the customer see the promise.")
            if row.data.get("public")
            else _("%(who)s hid the promise from the customer.")
        )
        return Line(shown % values)
    if not old:
        return Line(_("%(who)s promised a solution by %(new)s.") % values, difference)
    if not new:
        return Line(_("%(who)s took back the promise of %(old)s: %(reason)s") % values, difference)
    return Line(_("%(who)s moved the promise from %(old)s to %(new)s: %(reason)s") % values, difference)
