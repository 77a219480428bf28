"""Roles: what agents may do, and which tickets they see."""

from __future__ import annotations

from django import forms
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from zaguan.desk.access import AgentRequest, needs
from zaguan.desk.forms import DeskForm
from zaguan.desk.settings.chapters import back_to, settings_page
from zaguan.people.models import Role
from zaguan.people.permissions import all_permissions
from zaguan.people.staffing import save_role


class RoleForm(DeskForm):
    """What its agents may do, and which tickets they see."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=80)
    is_admin = forms.BooleanField(label=gettext_lazy("May do everything"), required=False)
    ticket_scope = forms.ChoiceField(label=gettext_lazy("Sees"), choices=Role.Scope.choices)
    permissions = forms.MultipleChoiceField(
        label=gettext_lazy("May"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        choices=lambda: [*all_permissions().items()],
    )


@require_GET
@needs("people.manage_agents")
def roles(request: AgentRequest) -> HttpResponse:
    """All roles with what they allow."""
    rows = Role.objects.visible_to(request.user).prefetch_related("agents")
    return settings_page(request, "desk/settings/roles.jinja", "roles", rows=rows, labels=all_permissions())


@require_http_methods(["GET", "POST"])
@needs("people.manage_agents")
def edit_role(request: AgentRequest, role_id: int = 0) -> HttpResponse:
    """Change a role, or make one."""
    found = get_object_or_404(Role.objects.visible_to(request.user), pk=role_id) if role_id else None
    fields = ("name", "is_admin", "ticket_scope", "permissions")
    initial = (
        {f: getattr(found, f) for f in fields}
        if found
        else {"ticket_scope": Role.Scope.TEAM, "permissions": ["desk.use"]}
    )
    form = RoleForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.carry_out(lambda **data: save_role(found, by=request.user, **data)):
        return back_to(request, "roles")
    return settings_page(
        request,
        "desk/settings/form.jinja",
        "roles",
        form=form,
        row=found,
        title=_("Roles"),
        back="roles",
        new=_("New role"),
    )
