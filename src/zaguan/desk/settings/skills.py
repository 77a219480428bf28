"""Settings → Skills: what not everybody can, and which tickets ask for it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from zaguan.automation.routing_routes import set_needs
from zaguan.automation.routing_words import needs_of
from zaguan.desk.access import AgentRequest, needs
from zaguan.desk.forms import DeskForm
from zaguan.desk.settings.chapters import back_to, settings_page
from zaguan.people.models import Agent, AgentSkill, Skill
from zaguan.people.skills import save_skill, set_skill_archived
from zaguan.tickets import reference

KINDS = {
    "category": reference.categories,
    "service": reference.services,
    "type": reference.types,
    "tag": reference.tags,
}
LEVELS = AgentSkill.Level.choices


def _asking() -> list[tuple[str, list[tuple[str, str]]]]:
    """Categories, services, types and tags that a ticket can have, as "kind-id"."""
    titles = (_("Categories"), _("Services"), _("Types"), _("Tags"))
    groups = []
    for title, (kind, kept) in zip(titles, KINDS.items(), strict=True):
        rows = [row for row in kept.all().values() if getattr(row, "archived_at", None) is None]  # type: ignore[attr-defined]
        groups.append((title, [(f"{kind}-{row.pk}", getattr(row, "label", row.name)) for row in rows]))
    return [(title, rows) for title, rows in groups if rows]


class SkillForm(DeskForm):
    """A skill, and which tickets ask for it."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=80)
    description = forms.CharField(label=gettext_lazy("Description"), max_length=200, required=False)
    level = forms.TypedChoiceField(label=gettext_lazy("At least so well"), choices=LEVELS, coerce=int)
    needed_for = forms.MultipleChoiceField(
        label=gettext_lazy("Tickets that ask for it"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        choices=lambda: [(value, f"{title}: {label}") for title, rows in _asking() for value, label in rows],
    )


@require_GET
@needs("automation.manage_routing")
def skills(request: AgentRequest) -> HttpResponse:
    """Every skill, and who has it."""
    rows = (
        Skill.objects.visible_to(request.user)
        .prefetch_related("agents__agent")
        .order_by("archived_at", "name")
    )
    return settings_page(request, "desk/settings/skills.jinja", "skills", rows=rows)


@require_http_methods(["GET", "POST"])
@needs("automation.manage_routing")
def edit_skill(request: AgentRequest, skill_id: int = 0) -> HttpResponse:
    """Change a skill, or make one; archive it."""
    found = get_object_or_404(Skill.objects.visible_to(request.user), pk=skill_id) if skill_id else None
    if request.POST.get("do") in ("archive", "restore") and found:
        set_skill_archived(found, request.POST["do"] == "archive", by=request.user)
        return back_to(request, "skills")
    form = SkillForm(request.POST or None, initial=_skill_initial(found))
    if request.method == "POST" and form.carry_out(lambda **data: _save_skill(request.user, found, data)):
        return back_to(request, "skills")
    context: dict[str, Any] = {
        "form": form,
        "row": found,
        "title": _("Skills"),
        "new": _("New skill"),
        "back": "skills",
    }
    context |= {"can_archive": bool(found), "asking": _asking()}
    return settings_page(request, "desk/settings/skill.jinja", "skills", **context)


def _skill_initial(skill: Skill | None) -> dict[str, Any]:
    if skill is None:
        return {"level": 1}
    wanted = needs_of(skill)
    chosen = [
        f"{kind}-{getattr(n, f'{kind}_id')}" for n in wanted for kind in KINDS if getattr(n, f"{kind}_id")
    ]
    level = wanted[0].level if wanted else 1
    return {"name": skill.name, "description": skill.description, "level": level, "needed_for": chosen}


def _save_skill(by: Agent, found: Skill | None, data: dict[str, Any]) -> Skill:
    wanted = [each.rsplit("-", 1) for each in data["needed_for"]]
    made = save_skill(found, name=data["name"], description=data["description"], by=by)
    set_needs(made, [(kind, int(number)) for kind, number in wanted], level=data["level"], by=by)
    return made
