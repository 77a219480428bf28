"""How approvals read in a ticket's history."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from zaguan.events.models import EventRecord
from zaguan.tickets.history_lines import Line, Names, tells
from zaguan.tickets.work_lines import moment


def _values(row: EventRecord, who: str) -> dict[str, Any]:
    people = ", ".join(row.data.get("people", []))
    return {"who": who, "people": people, "question": row.data.get("question", "")}


@tells("tickets.ApprovalAsked")
def _asked(row: EventRecord, who: str, names: Names) -> Line:
    values = _values(row, who)
    if row.data.get("also"):
        return Line(_("%(who)s asked %(people)s too for approval: “%(question)s”") % values)
    if len(row.data.get("people", [])) > 1 and row.data.get("needs") == "all":
        return Line(_("%(who)s asked for the approval of all of these: %(people)s. “%(question)s”") % values)
    return Line(_("%(who)s asked for approval by %(people)s: “%(question)s”") % values)


@tells("tickets.ApprovalAnswered")
def _answered(row: EventRecord, who: str, names: Names) -> Line:
    values = _values(row, who) | {"comment": row.data.get("comment", "")}
    sentences = {
        ("approved", False): _("%(who)s approved “%(question)s”."),
        ("approved", True): _("%(who)s approved “%(question)s”: %(comment)s"),
        ("rejected", False): _("%(who)s rejected “%(question)s”."),
        ("rejected", True): _("%(who)s rejected “%(question)s”: %(comment)s"),
    }
    return Line(sentences[row.data["answer"], bool(values["comment"])] % values)


@tells("tickets.ApprovalWithdrawn")
def _withdrawn(row: EventRecord, who: str, names: Names) -> Line:
    values = _values(row, who) | {"reason": row.data.get("reason", "")}
    if values["reason"]:
        return Line(_("%(who)s withdrew the approval “%(question)s”: %(reason)s") % values)
    return Line(_("%(who)s withdrew the approval “%(question)s”.") % values)


@tells("tickets.ApprovalDue")
def _due(row: EventRecord, who: str, names: Names) -> Line:
    values = _values(row, who) | {"when": moment(row.data["due_at"])}
    return Line(_("The approval “%(question)s” was due on %(when)s and still waits.") % values)
