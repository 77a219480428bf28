"""Tags: how often each is worn, another name, away with it."""

from __future__ import annotations

from django.contrib import messages
from django.db.models import Count
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from zaguan.desk.access import AgentRequest, needs
from zaguan.desk.settings.chapters import settings_page
from zaguan.tickets.catalogue import delete_tag, rename_tag
from zaguan.tickets.models import Tag


@require_GET
@needs("tickets.manage_lists")
def tags(request: AgentRequest) -> HttpResponse:
    """All tags with how often they are worn."""
    rows = Tag.objects.visible_to(request.user).annotate(worn=Count("tickets")).order_by("name")
    return settings_page(request, "desk/settings/tags.jinja", "tags", rows=rows)


@require_POST
@needs("tickets.manage_lists")
def change_tag(request: AgentRequest, tag_id: int) -> HttpResponse:
    """Rename a tag (onto another one: they become one), or delete it."""
    tag = get_object_or_404(Tag.objects.visible_to(request.user), pk=tag_id)
    if request.POST.get("do") == "delete":
        delete_tag(tag, by=request.user)
        messages.success(request, _("Deleted."))
    else:
        rename_tag(tag, request.POST.get("name", ""), by=request.user)
        messages.success(request, _("Saved."))
    return HttpResponseRedirect(reverse("desk:settings-tags"))
