"""Settings → SLA: policies in their order, what each promises, and counting open tickets anew."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from zaguan.desk.access import AgentRequest, needs
from zaguan.desk.settings.chapters import settings_page
from zaguan.desk.settings.ordering import dragged, moved
from zaguan.desk.settings.policy_form import PolicyForm, initial_of
from zaguan.lib.numbers import whole
from zaguan.sla.changes import SHOWN, changes_of
from zaguan.sla.choosing import newest, unclear
from zaguan.sla.models import Policy, PolicyVersion
from zaguan.sla.policies import (
    delete_policy,
    hidden_ones,
    reorder_policies,
    save_policy,
    set_active,
    used_lately,
)
from zaguan.sla.words import target_label
from zaguan.ui.times import hours_span, span

CHAPTER = "policies"
VERSIONS_SHOWN = 50


def policy_for(request: AgentRequest, pk: int) -> Policy:
    """One that was not deleted, else 404."""
    return get_object_or_404(Policy.objects.visible_to(request.user).kept(), pk=pk)


@require_GET
@needs("sla.manage")
def policies(request: AgentRequest) -> HttpResponse:
    """All of them in their order, in words."""
    found = list(Policy.objects.visible_to(request.user).kept())
    used, hidden = used_lately(found), hidden_ones(found)
    rows = [
        {
            "policy": policy,
            "version": (version := newest(policy.pk)),
            "words": in_words(version),
            "used": used.get(policy.pk, 0),
            "hidden_by": hidden.get(policy.pk),
            "problem": unclear(version) if version else "",
        }
        for policy in found
    ]
    return settings_page(request, "desk/settings/policies.jinja", CHAPTER, rows=rows)


def in_words(version: PolicyVersion | None) -> str:
    """The targets of a version in one line."""
    if version is None:
        return ""
    parts = []
    for target in version.terms.targets:
        lengths = sorted({target.seconds, *target.by_urgency.values()} - {0})
        written = hours_span if target.in_business_time else span
        times = " – ".join(dict.fromkeys((written(lengths[0]), written(lengths[-1]))))
        parts.append(_("%(target)s: %(times)s") % {"target": target_label(target.kind), "times": times})
    return " · ".join(parts)


@require_http_methods(["GET", "POST"])
@needs("sla.manage")
def edit_policy(request: AgentRequest, policy_id: int = 0) -> HttpResponse:
    """Change a policy or make one; it begins switched off."""
    found = policy_for(request, policy_id) if policy_id else None
    version = newest(found.pk) if found else None
    initial = initial_of(found, version) if found and version else {}
    form = PolicyForm(request.user, request.POST or None, initial=initial)
    if request.method == "POST":
        read = whole(request.POST.get("version", ""))
        saved = form.carry_out(lambda **data: save_policy(found, by=request.user, version=read, **data))
        if saved:
            messages.success(request, _("Saved."))
            return HttpResponseRedirect(reverse("desk:edit-policy", args=[saved.pk]))
    context = {"form": form, "targets": form.rows(), "policy": found, "versions": _versions(found)}
    context |= {"changes": changes_of(found) if found else [], "most_changes": SHOWN}
    return settings_page(request, "desk/settings/policy.jinja", CHAPTER, **context)


def _versions(policy: Policy | None) -> list[tuple[PolicyVersion, str]]:
    if policy is None:
        return []
    rows = policy.versions.select_related("made_by", "calendar").order_by("-number")[:VERSIONS_SHOWN]
    return [(row, in_words(row)) for row in rows]


@require_POST
@needs("sla.manage")
def change_policy(request: AgentRequest, policy_id: int) -> HttpResponse:
    """Up, down, on, off, delete."""
    found, by, do = policy_for(request, policy_id), request.user, request.POST.get("do", "")
    verbs: dict[str, Callable[[], Any]] = {
        "on": lambda: set_active(found, True, by=by),
        "off": lambda: set_active(found, False, by=by),
        "delete": lambda: delete_policy(found, by=by),
        "up": lambda: _move(request, found, do),
        "down": lambda: _move(request, found, do),
    }
    if do not in verbs:
        raise Http404
    verbs[do]()
    return HttpResponseRedirect(reverse("desk:settings-policies"))


def _move(request: AgentRequest, policy: Policy, do: str) -> None:
    ids = Policy.objects.visible_to(request.user).kept().values_list("pk", flat=True)
    reorder_policies(moved(ids, policy.pk, do), by=request.user)


@require_POST
@needs("sla.manage")
def order_policies(request: AgentRequest) -> HttpResponse:
    """A whole new order, as dragging leaves it: `order` are numbers separated by commas."""
    reorder_policies(dragged(request), by=request.user)
    return HttpResponseRedirect(reverse("desk:settings-policies"))
