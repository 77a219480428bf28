"""The library: files and links that every agent can attach."""

from __future__ import annotations

from typing import Any, BinaryIO, cast

from django import forms
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from zaguan.conversations.attachments import store
from zaguan.conversations.library import save_item, set_item_archived
from zaguan.conversations.models import LibraryItem
from zaguan.desk.access import AgentRequest, needs
from zaguan.desk.forms import DeskForm
from zaguan.desk.settings.chapters import back_to, settings_page


class ItemForm(DeskForm):
    """A file or a web address, with a name and a folder."""

    file = forms.FileField(
        label=gettext_lazy("File"),
        required=False,
        help_text=gettext_lazy("A new file takes the place of the old one, on tickets too."),
    )
    address = forms.CharField(label=gettext_lazy("Or a web address"), max_length=2000, required=False)
    name = forms.CharField(
        label=gettext_lazy("Name"),
        max_length=160,
        required=False,
        help_text=gettext_lazy("Left empty, the file's own name."),
    )
    folder = forms.CharField(
        label=gettext_lazy("Folder"),
        max_length=120,
        required=False,
        help_text=gettext_lazy("Folders within folders are written with “/”."),
    )
    description = forms.CharField(label=gettext_lazy("Description"), max_length=300, required=False)


@require_GET
@needs("conversations.manage_library")
def items(request: AgentRequest) -> HttpResponse:
    """All items, retired ones last."""
    rows = list(LibraryItem.objects.visible_to(request.user).select_related("attachment"))
    rows.sort(key=lambda item: item.archived_at is not None)
    return settings_page(request, "desk/settings/library.jinja", "library", rows=rows)


@require_http_methods(["GET", "POST"])
@needs("conversations.manage_library")
def edit_item(request: AgentRequest, public_id: str = "") -> HttpResponse:
    """Change an item, or make one; retire it or bring it back."""
    rows = LibraryItem.objects.visible_to(request.user)
    item = get_object_or_404(rows, public_id=public_id) if public_id else None
    if item and request.POST.get("do") in ("archive", "restore"):
        set_item_archived(item, request.POST["do"] == "archive", by=request.user)
        return back_to(request, "library")
    form = ItemForm(request.POST or None, request.FILES or None, initial=_initial(item))
    if request.method == "POST" and form.carry_out(lambda **data: _save(request, item, **data)):
        return back_to(request, "library")
    context = {"form": form, "item": item}
    return settings_page(request, "desk/settings/library_item.jinja", "library", **context)


def _save(request: AgentRequest, item: LibraryItem | None, **data: Any) -> LibraryItem:
    file = data.pop("file", None)
    kept = (
        store(cast("BinaryIO", file), file.name or "", file.content_type or "", by=request.user)
        if file
        else None
    )
    if kept is None and item is not None and item.attachment and not data["address"]:
        kept = item.attachment
    return save_item(item, by=request.user, attachment=kept, **data)


def _initial(item: LibraryItem | None) -> dict[str, Any]:
    names = ("address", "name", "folder", "description")
    return {name: getattr(item, name) for name in names} if item else {}
