"""How macros and rules read in a ticket's history."""

from __future__ import annotations

from django.utils.translation import gettext as _

from zaguan.automation import held_back
from zaguan.automation.models import Rule
from zaguan.events.models import EventRecord
from zaguan.people.reference import Kept
from zaguan.tickets.history_lines import Line, Names, names_rules, tells

# Deleted ones too: what they did stays told.
rules: Kept[Rule] = Kept(lambda: Rule.objects.only("name", "names"))


def name_of_rule(number: int | None) -> str:
    """What a rule is called, "" for one that nobody knows."""
    found = rules.get(number)
    return found.label if found else ""


names_rules(name_of_rule)


@tells("automation.MacroApplied")
def _applied(row: EventRecord, who: str, names: Names) -> Line:
    return Line(_("%(who)s applied the macro “%(name)s”.") % {"who": who, "name": row.data.get("name", "")})


@tells("automation.MacroUndone")
def _undone(row: EventRecord, who: str, names: Names) -> Line:
    return Line(_("%(who)s took back the macro “%(name)s”.") % {"who": who, "name": row.data.get("name", "")})


@tells("automation.RuleApplied")
def _acted(row: EventRecord, who: str, names: Names) -> Line:
    return Line(_("The rule “%(name)s” acted.") % {"name": row.data.get("name", "")})


@tells("automation.RuleBraked")
def _braked(row: EventRecord, who: str, names: Names) -> Line:
    values = {"name": row.data.get("name", ""), "reason": held_back.said(row.data.get("reason", ""))}
    return Line(_("The rule “%(name)s” was stopped: %(reason)s") % values)
