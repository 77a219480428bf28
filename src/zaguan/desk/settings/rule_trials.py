"""The dry run of a rule: on which of the last tickets it would have acted, and what would be different there."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from zaguan.automation.models import Rule, RuleTrial
from zaguan.automation.rule_words import words_of
from zaguan.automation.trying import USUAL, begin_trial, stop_trial
from zaguan.desk.access import AgentRequest, needs
from zaguan.desk.settings.chapters import settings_page
from zaguan.desk.settings.rules import CHAPTER, rule_for
from zaguan.lib.numbers import whole

SIZES = (100, USUAL, 2000, 5000)


@require_http_methods(["GET", "POST"])
@needs("automation.manage_rules")
def begin(request: AgentRequest, rule_id: int) -> HttpResponse:
    """GET shows what would be tried; POST tries it on the last tickets that the viewer may know of."""
    rule = rule_for(request, rule_id)
    if request.method == "POST":
        last = whole(request.POST.get("last", "")) or USUAL
        made = begin_trial(request.user, rule, last=last)
        return HttpResponseRedirect(reverse("desk:trial", args=[made.pk]))
    return settings_page(request, "desk/settings/rule_trial.jinja", CHAPTER, **_around(request, rule, None))


@require_GET
@needs("automation.manage_rules")
def trial(request: AgentRequest, pk: int) -> HttpResponse:
    """How far it is, and what it found."""
    found = get_object_or_404(RuleTrial.objects.visible_to(request.user).select_related("rule"), pk=pk)
    return settings_page(
        request, "desk/settings/rule_trial.jinja", CHAPTER, **_around(request, found.rule, found)
    )


@require_POST
@needs("automation.manage_rules")
def stop(request: AgentRequest, pk: int) -> HttpResponse:
    """No further tickets; what was found stays."""
    found = get_object_or_404(RuleTrial.objects.visible_to(request.user), pk=pk)
    stop_trial(found)
    return HttpResponseRedirect(reverse("desk:trial", args=[found.pk]))


def _around(request: AgentRequest, rule: Rule | None, found: RuleTrial | None) -> dict[str, Any]:
    snapshot: dict[str, Any] = found.snapshot if found else {}
    if rule is not None and found is None:
        snapshot = {name: getattr(rule, name) for name in ("query", "when", "conditions", "steps")}
    sizes = [(size, _("The last %(count)s tickets") % {"count": size}) for size in SIZES]
    rows = [{**hit, "at": parse_datetime(hit["at"])} for hit in found.found] if found else []
    return {
        "rule": rule,
        "trial": found,
        "words": words_of(snapshot),
        "sizes": sizes,
        "usual": USUAL,
        "rows": rows,
    }
