"""Tags, and the hours until a resolved ticket closes."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.db.models import Count
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from zaguan.desk.access import AgentRequest, needs
from zaguan.desk.forms import DeskForm
from zaguan.desk.settings.chapters import settings_page
from zaguan.desk.settings.rules import rules_page
from zaguan.tickets.catalogue import delete_tag, rename_tag
from zaguan.tickets.models import Tag


class RulesForm(DeskForm):
    """What happens to tickets by itself."""

    close_after_hours = forms.IntegerField(
        label=gettext_lazy("Hours until a resolved ticket closes"),
        min_value=0,
        max_value=24 * 365,
        help_text=gettext_lazy(
            "An answer of the customer within this time reopens the ticket; later it opens a new one, linked. 0: never closes by itself."
        ),
    )
    parent_waits = forms.BooleanField(
        label=gettext_lazy("A parent waits for its children"),
        required=False,
        help_text=gettext_lazy("It cannot be resolved or closed while children of it are open."),
    )


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


@require_http_methods(["GET", "POST"])
@needs("tickets.manage_lists")
def rules(request: AgentRequest) -> HttpResponse:
    """When tickets close by themselves."""
    return rules_page(request, RulesForm, "desk/settings/rules.jinja", "rules")
