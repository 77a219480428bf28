"""Templates of new tickets: one's own, and those that are shared."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from zaguan.desk.access import AgentRequest, needs
from zaguan.desk.settings.chapters import settings_page
from zaguan.tickets.models import Template
from zaguan.tickets.templates import change_template, delete_template, may_change


@require_GET
@needs("tickets.create")
def templates(request: AgentRequest) -> HttpResponse:
    """All templates that the agent may begin with."""
    rows = Template.objects.visible_to(request.user).select_related("team")
    found = [(row, may_change(request.user, row)) for row in rows]
    return settings_page(request, "desk/settings/templates.jinja", "templates", rows=found)


@require_POST
@needs("tickets.create")
def change(request: AgentRequest, template_id: int) -> HttpResponse:
    """Rename it, or delete it."""
    row = get_object_or_404(Template.objects.visible_to(request.user), pk=template_id)
    if request.POST.get("do") == "delete":
        delete_template(request.user, row, by=request.user)
        messages.success(request, _("Deleted."))
    else:
        change_template(request.user, row, name=request.POST.get("name", ""), by=request.user)
        messages.success(request, _("Saved."))
    return HttpResponseRedirect(reverse("desk:settings-templates"))
