"""Settings → Data → Ticket types: make a type, give it a name and an icon, put it out of use (A12)."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from zaguan.desk.access import AgentRequest, needs
from zaguan.desk.forms import DeskForm
from zaguan.desk.settings.chapters import settings_page
from zaguan.desk.settings.lists import LANGUAGES
from zaguan.desk.settings.ordering import moved
from zaguan.tickets.attribute_catalogue import save_type, set_type_archived
from zaguan.tickets.catalogue import reorder
from zaguan.tickets.models import TicketType
from zaguan.tickets.type_icons import ICONS

CATEGORIES = (
    ("customer", gettext_lazy("Customer"), gettext_lazy("Shared with the customer, who gets answers in it.")),
    (
        "back_office",
        gettext_lazy("Back office"),
        gettext_lazy("Another team works on it for a conversation."),
    ),
    (
        "tracker",
        gettext_lazy("Tracker"),
        gettext_lazy("One cause behind many conversations; internal notes only."),
    ),
)


class TypeForm(DeskForm):
    """Category, icon, and name and description in each language."""

    category = forms.ChoiceField(label=gettext_lazy("Category"), choices=[c[:2] for c in CATEGORIES])
    icon = forms.ChoiceField(label=gettext_lazy("Icon"), choices=[(name, name) for name in ICONS])
    name = forms.CharField(label=gettext_lazy("Name"), max_length=80)
    description = forms.CharField(label=gettext_lazy("Description"), max_length=300, required=False)
    name_es = forms.CharField(label=LANGUAGES[0][1], max_length=80, required=False)
    name_en = forms.CharField(label=LANGUAGES[1][1], max_length=80, required=False)
    name_pt = forms.CharField(label=LANGUAGES[2][1], max_length=80, required=False)
    description_es = forms.CharField(label=LANGUAGES[0][1], max_length=300, required=False)
    description_en = forms.CharField(label=LANGUAGES[1][1], max_length=300, required=False)
    description_pt = forms.CharField(label=LANGUAGES[2][1], max_length=300, required=False)

    def clean(self) -> dict[str, Any]:
        """The translations as columns."""
        return translated(super().clean() or {}, name="names", description="descriptions")


def translated(data: dict[str, Any], **columns: str) -> dict[str, Any]:
    """Fold name_es, name_en … into one column each."""
    for part, column in columns.items():
        found = {code: data.pop(f"{part}_{code}", "") for code, _label in LANGUAGES}
        data[column] = {code: text for code, text in found.items() if text}
    return data


def in_languages(row: Any, **columns: str) -> dict[str, str]:
    """The other way round, for a form."""
    return {
        f"{part}_{code}": getattr(row, column).get(code, "")
        for part, column in columns.items()
        for code, _label in LANGUAGES
    }


@require_GET
@needs("tickets.manage_types")
def types(request: AgentRequest) -> HttpResponse:
    """All types in their order, retired ones last."""
    rows = sorted(
        TicketType.objects.visible_to(request.user).prefetch_related("attributes"),
        key=lambda kind: (kind.archived_at is not None, kind.position),
    )
    return settings_page(request, "desk/settings/types.jinja", "types", rows=rows)


@require_http_methods(["GET", "POST"])
@needs("tickets.manage_types")
def edit_type(request: AgentRequest, type_id: int = 0) -> HttpResponse:
    """Make a type or change one; below it stands what it asks for."""
    kind = get_object_or_404(TicketType.objects.visible_to(request.user), pk=type_id) if type_id else None
    form = TypeForm(request.POST or None, initial=_initial(kind))
    if request.method == "POST":
        saved = form.carry_out(lambda **data: save_type(kind, by=request.user, **data))
        if saved:
            messages.success(request, _("Saved."))
            return HttpResponseRedirect(reverse("desk:edit-types", args=[saved.pk]))
    attributes = list(kind.attributes.select_related("depends_on")) if kind else []
    return settings_page(
        request, "desk/settings/type.jinja", "types",
        form=form, kind=kind, categories=CATEGORIES, icons=ICONS, attributes=attributes,
    )  # fmt: skip


def _initial(kind: TicketType | None) -> dict[str, Any]:
    if kind is None:
        return {"category": "customer", "icon": ICONS[0]}
    plain = {name: getattr(kind, name) for name in ("category", "icon", "name", "description")}
    return plain | in_languages(kind, name="names", description="descriptions")


@require_POST
@needs("tickets.manage_types")
def move_type(request: AgentRequest, type_id: int) -> HttpResponse:
    """Up, down, out of use, or back."""
    every = TicketType.objects.visible_to(request.user)
    kind, do = get_object_or_404(every, pk=type_id), request.POST.get("do")
    if do in ("archive", "restore"):
        set_type_archived(kind, do == "archive", by=request.user)
    else:
        reorder(TicketType, moved(every.values_list("pk", flat=True), kind.pk, do), by=request.user)
    return HttpResponseRedirect(reverse("desk:settings-types"))
