"""Tags: how often each is worn, a new one, another name, away with it."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.db.models import Count
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from zaguan.desk.access import AgentRequest, needs
from zaguan.desk.forms import DeskForm
from zaguan.desk.settings.chapters import settings_page
from zaguan.tickets.catalogue import delete_tag, make_tag, rename_tag
from zaguan.tickets.models import Tag


class TagForm(DeskForm):
    """A tag that no ticket wears yet."""

    name = forms.CharField(label=gettext_lazy("New tag"), max_length=60)


@require_http_methods(["GET", "POST"])
@needs("tickets.manage_lists")
def tags(request: AgentRequest) -> HttpResponse:
    """All tags with how often they are worn, and room for a new one."""
    form = TagForm(request.POST or None)
    if request.method == "POST" and form.carry_out(lambda **data: make_tag(by=request.user, **data)):
        messages.success(request, _("Saved."))
        return HttpResponseRedirect(reverse("desk:settings-tags"))
    rows = Tag.objects.visible_to(request.user).annotate(worn=Count("tickets")).order_by("name")
    return settings_page(request, "desk/settings/tags.jinja", "tags", rows=rows, form=form)


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
