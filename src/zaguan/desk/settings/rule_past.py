"""What a rule was and what it did: versions with their differences in words, and the log of its runs."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from zaguan.automation.models import RuleRun, RuleVersion
from zaguan.automation.rule_log import runs_of, told
from zaguan.automation.rule_words import differences, words_of
from zaguan.automation.rules import restore_version
from zaguan.automation.webhook_log import webhooks_of
from zaguan.desk.access import AgentRequest, needs
from zaguan.desk.settings.chapters import settings_page
from zaguan.desk.settings.rules import CHAPTER, rule_for
from zaguan.lib.errors import Refused
from zaguan.lib.numbers import whole

SHOWN = 50


@require_GET
@needs("automation.manage_rules")
def versions(request: AgentRequest, rule_id: int) -> HttpResponse:
    """Every version, the latest first, with what it changed of the one before."""
    rule = rule_for(request, rule_id)
    before = whole(request.GET.get("before", "")) or rule.version + 1
    seen = RuleVersion.objects.visible_to(request.user).filter(rule=rule, number__lt=before)
    found = list(seen.select_related("agent")[: SHOWN + 1])
    rows = [
        {
            "version": version,
            "changed": differences(found[at + 1].snapshot if at + 1 < len(found) else {}, version.snapshot),
            "words": words_of(version.snapshot),
            "is_first": version.number == 1,
        }
        for at, version in enumerate(found[:SHOWN])
    ]
    older = found[SHOWN - 1].number if len(found) > SHOWN else None
    return settings_page(
        request, "desk/settings/rule_versions.jinja", CHAPTER, rule=rule, rows=rows, older=older
    )


@require_POST
@needs("automation.manage_rules")
def restore(request: AgentRequest, rule_id: int) -> HttpResponse:
    """Make it as it was; whether it is active stays."""
    rule = rule_for(request, rule_id)
    number = whole(request.POST.get("version", "")) or 0
    try:
        restore_version(request.user, rule, number, by=request.user)
        messages.success(request, _("The rule is as in version %(number)s again.") % {"number": number})
    except Refused as refused:
        messages.error(request, refused.sentence)
    return HttpResponseRedirect(reverse("desk:rule-versions", args=[rule.pk]))


@require_GET
@needs("automation.manage_rules")
def runs(request: AgentRequest, rule_id: int) -> HttpResponse:
    """What it did, on tickets that the viewer may know of; `?outcome=` narrows, `?before=` goes on."""
    rule, outcome = rule_for(request, rule_id), request.GET.get("outcome", "")
    rows = runs_of(rule, request.user)
    if outcome in RuleRun.Outcome.values:
        rows = rows.filter(outcome=outcome)
    before = whole(request.GET.get("before", ""))
    found = list((rows.filter(pk__lt=before) if before else rows)[: SHOWN + 1])
    context = {
        "rule": rule,
        "rows": [(run.ticket, told(run)) for run in found[:SHOWN]],
        "older": found[SHOWN - 1].pk if len(found) > SHOWN else None,
        "outcome": outcome,
        "webhooks": webhooks_of(rule, request.user),
        "outcomes": [("", _("All")), *RuleRun.Outcome.choices],
    }
    return settings_page(request, "desk/settings/rule_runs.jinja", CHAPTER, **context)
