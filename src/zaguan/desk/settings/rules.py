"""Settings → Rules: the list in its order, and the page on which one is written in words."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.db.models import Count
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from zaguan.automation.base import all_actions
from zaguan.automation.models import Rule, RuleRun, RuleTrial
from zaguan.automation.rule_words import in_words, problems_of
from zaguan.automation.rules import checked_definition, delete_rule, reorder_rules, save_rule, set_active
from zaguan.automation.trying import begin_trial
from zaguan.desk.access import AgentRequest, needs
from zaguan.desk.settings.chapters import settings_page
from zaguan.desk.settings.ordering import dragged, moved
from zaguan.desk.settings.rule_form import Edited, edited
from zaguan.desk.settings.rule_parts import offered_conditions, offered_triggers
from zaguan.lib.errors import Refused
from zaguan.lib.folding import fold
from zaguan.lib.numbers import whole
from zaguan.people.models import Agent

CHAPTER = "automation"
RECENT = timedelta(days=7)


def rule_for(request: AgentRequest, pk: int) -> Rule:
    """One that was not deleted, else 404."""
    return get_object_or_404(Rule.objects.visible_to(request.user).kept(), pk=pk)


@require_GET
@needs("automation.manage_rules")
def rules(request: AgentRequest) -> HttpResponse:
    """All of them in their order, in words, with what they did in the last seven days; `?q=` searches."""
    typed = request.GET.get("q", "")
    seen = Rule.objects.visible_to(request.user).kept().select_related("author")
    found = [r for r in seen if fold(typed) in fold(" ".join([r.name, *r.names.values(), r.description]))]
    acted = acted_lately(request.user, found)
    rows = [
        {"rule": rule, "words": in_words(rule), "acted": acted.get(rule.pk, 0), "problems": problems_of(rule)}
        for rule in found
    ]
    return settings_page(request, "desk/settings/rules.jinja", CHAPTER, rows=rows, typed=typed)


def acted_lately(viewer: Agent, found: Iterable[Rule]) -> dict[int, int]:
    """How often each acted in the last seven days, on tickets that the viewer may know of."""
    since = timezone.now() - RECENT
    runs = RuleRun.objects.visible_to(viewer).filter(
        rule__in=[rule.pk for rule in found], at__gte=since, outcome=RuleRun.Outcome.DONE
    )
    return {row["rule"]: row["times"] for row in runs.values("rule").annotate(times=Count("pk"))}


@require_http_methods(["GET", "POST"])
@needs("automation.manage_rules")
def edit_rule(request: AgentRequest, rule_id: int = 0) -> HttpResponse:
    """Change a rule, make one, or delete it. Adding and moving parts shows the page again with all that was typed."""
    found, do = rule_for(request, rule_id) if rule_id else None, request.POST.get("do", "")
    if found and do == "delete":
        delete_rule(found, by=request.user)
        messages.success(request, _("The rule is deleted. What it did stays in the history."))
        return HttpResponseRedirect(reverse("desk:settings-automation"))
    made = edited(request.user, found, request.POST if request.method == "POST" else None)
    if request.method == "POST" and not made.was_moved and do != "words":
        write = _try if do == "try" else _save
        saved = made.form.carry_out(lambda **data: write(request, made, data))
        if isinstance(saved, RuleTrial):
            return HttpResponseRedirect(reverse("desk:trial", args=[saved.pk]))
        if saved:
            return _after(request, saved, do)
    return settings_page(request, "desk/settings/rule_form.jinja", CHAPTER, **_context(request, made))


def _save(request: AgentRequest, made: Edited, data: dict[str, Any]) -> Rule:
    if not made.are_valid:
        raise Refused(_("One of the parts is not complete."))
    despite = "despite" in request.POST
    version = whole(request.POST.get("version", ""))
    return save_rule(
        request.user, made.rule, by=request.user, version=version, despite_loops=despite, **data, **made.parts
    )


def _try(request: AgentRequest, made: Edited, data: dict[str, Any]) -> RuleTrial:
    """A dry run of what is typed; the rule itself stays as it is."""
    if not made.are_valid:
        raise Refused(_("One of the parts is not complete."))
    return begin_trial(request.user, made.rule, checked_definition(request.user, **data, **made.parts))


def _after(request: AgentRequest, rule: Rule, do: str) -> HttpResponse:
    """Where saving leads: to the list, or on to switching it on."""
    if do == "on":
        return switched(request, rule, active=True)
    messages.success(request, _("Saved."))
    return HttpResponseRedirect(reverse("desk:settings-automation"))


def switched(request: AgentRequest, rule: Rule, *, active: bool) -> HttpResponse:
    """Switch it; a rule that would go round in circles is shown with the circle instead."""
    despite = "despite" in request.POST
    try:
        set_active(request.user, rule, active, by=request.user, despite_loops=despite)
    except Refused as refused:
        messages.error(request, refused.sentence)
        return HttpResponseRedirect(reverse("desk:edit-rule", args=[rule.pk]))
    said = _("“%(name)s” acts from now on.") if active else _("“%(name)s” is switched off.")
    messages.success(request, said % {"name": rule.label})
    return HttpResponseRedirect(reverse("desk:settings-automation"))


def _context(request: AgentRequest, made: Edited) -> dict[str, Any]:
    allowed = [action for action in all_actions() if request.user.can(action.permission)]
    return {
        "made": made,
        "form": made.form,
        "row": made.rule,
        "steps": made.steps.rows,
        "actions": allowed,
        "triggers": offered_triggers(),
        "conditions": offered_conditions(made.when),
        "new": _("New rule"),
    }


@require_POST
@needs("automation.manage_rules")
def words(request: AgentRequest) -> HttpResponse:
    """How what is being typed reads, with what is wrong with it and on how many tickets it would look now."""
    found = whole(request.POST.get("rule", ""))
    made = edited(request.user, rule_for(request, found) if found else None, request.POST)
    return render(request, "desk/settings/rule_words.jinja", {"made": made, "request": request})


@require_POST
@needs("automation.manage_rules")
def move_rule(request: AgentRequest, rule_id: int) -> HttpResponse:
    """Up, down, on, off."""
    found, do = rule_for(request, rule_id), request.POST.get("do")
    if do in ("on", "off"):
        return switched(request, found, active=do == "on")
    ids = Rule.objects.visible_to(request.user).kept().values_list("pk", flat=True)
    reorder_rules(moved(ids, found.pk, do), by=request.user)
    return HttpResponseRedirect(reverse("desk:settings-automation"))


@require_POST
@needs("automation.manage_rules")
def order_rules(request: AgentRequest) -> HttpResponse:
    """A whole new order, as dragging leaves it: `order` are numbers separated by commas."""
    reorder_rules(dragged(request), by=request.user)
    return HttpResponseRedirect(reverse("desk:settings-automation"))
