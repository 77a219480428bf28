"""The catalogue of products, and checklists for use again."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from zaguan.desk.access import AgentRequest, needs
from zaguan.desk.forms import DeskForm
from zaguan.desk.settings.chapters import back_to, settings_page
from zaguan.desk.settings.lists import KINDS, EntryForm, Kind
from zaguan.people.models import Agent
from zaguan.tickets.checklists import delete_template, save_template
from zaguan.tickets.models import ChecklistTemplate, Product


class ProductForm(EntryForm):
    """A name in each language, and a code of its own."""

    code = forms.CharField(label=gettext_lazy("Code"), max_length=60)

    def __init__(self, viewer: Agent, *args: Any, **kwargs: Any) -> None:
        super().__init__(viewer, *args, **kwargs)
        self.viewer = viewer

    def clean_code(self) -> str:
        """Not another product's."""
        code: str = " ".join(self.cleaned_data["code"].split())
        same = Product.objects.visible_to(self.viewer).filter(code__iexact=code)
        if code.lower() != str(self.initial.get("code", "")).lower() and same.exists():
            raise forms.ValidationError(_("Another product has this code."))
        return code


LISTS = ("products",)
KINDS["products"] = Kind(
    Product, ProductForm, gettext_lazy("Products"),
    gettext_lazy("What you sell or look after. A piece of it has a serial number, and stands on customers and tickets."),
    gettext_lazy("New product"), ("code",),
)  # fmt: skip


class ChecklistForm(DeskForm):
    """A list of things to be done."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=120)
    items = forms.CharField(
        label=gettext_lazy("To be done"),
        widget=forms.Textarea({"rows": 8}),
        help_text=gettext_lazy("One a line."),
    )

    def clean_items(self) -> list[str]:
        """One entry a line; a comma belongs to its line."""
        lines: list[str] = self.cleaned_data["items"].splitlines()
        return lines


@require_GET
@needs("tickets.manage_lists")
def checklists(request: AgentRequest) -> HttpResponse:
    """Every list for use again."""
    rows = ChecklistTemplate.objects.visible_to(request.user)
    return settings_page(request, "desk/settings/checklists.jinja", "checklists", rows=rows)


@require_http_methods(["GET", "POST"])
@needs("tickets.manage_lists")
def edit_checklist(request: AgentRequest, template_id: int = 0) -> HttpResponse:
    """Change a list, make one, or delete it."""
    found = (
        get_object_or_404(ChecklistTemplate.objects.visible_to(request.user), pk=template_id)
        if template_id
        else None
    )
    if found and request.POST.get("do") == "delete":
        delete_template(found, by=request.user)
        return _done(request)
    initial = {"name": found.name, "items": "\n".join(found.items)} if found else {}
    form = ChecklistForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.carry_out(
        lambda **data: save_template(found, by=request.user, **data)
    ):
        return _done(request)
    context = {
        "form": form,
        "row": found,
        "title": _("Checklists"),
        "new": _("New checklist"),
        "back": "checklists",
        "can_delete": bool(found),
    }
    return settings_page(request, "desk/settings/form.jinja", "checklists", **context)


def _done(request: AgentRequest) -> HttpResponse:
    return back_to(request, "checklists")
