"""Statuses, categories, urgencies, services: one set of pages for all four."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from zaguan.desk.access import AgentRequest, needs
from zaguan.desk.forms import DeskForm
from zaguan.desk.settings.chapters import back_to, settings_page
from zaguan.desk.settings.ordering import moved
from zaguan.people.models import Agent
from zaguan.tickets.catalogue import reorder, save_entry, set_archived
from zaguan.tickets.models import Category, PartyRole, Phase, Service, Status, Urgency

LANGUAGES = (
    ("es", gettext_lazy("In Spanish")),
    ("en", gettext_lazy("In English")),
    ("pt", gettext_lazy("In Portuguese")),
)


class EntryForm(DeskForm):
    """A name, and how it reads in each language."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=80)
    name_es = forms.CharField(label=LANGUAGES[0][1], max_length=80, required=False)
    name_en = forms.CharField(label=LANGUAGES[1][1], max_length=80, required=False)
    name_pt = forms.CharField(label=LANGUAGES[2][1], max_length=80, required=False)

    def __init__(self, viewer: Agent, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)

    def clean(self) -> dict[str, Any]:
        """The translations as one column."""
        data = super().clean() or {}
        found = {code: data.pop(f"name_{code}", "") for code, _label in LANGUAGES}
        data["names"] = {code: text for code, text in found.items() if text}
        return data


class StatusForm(EntryForm):
    """A status stands on one of seven phases; the phase decides whose turn it is."""

    phase = forms.ChoiceField(label=gettext_lazy("Phase"), choices=Phase.choices)
    is_default = forms.BooleanField(
        label=gettext_lazy("Used when the phase is reached by itself"), required=False
    )
    asks_reason = forms.BooleanField(label=gettext_lazy("Asks for a reason"), required=False)


class UrgencyForm(EntryForm):
    """The higher the rank, the more urgent."""

    rank = forms.IntegerField(label=gettext_lazy("Rank"), min_value=-9, max_value=9, initial=0)


class ServiceForm(EntryForm):
    """A node of the tree."""

    parent = forms.ModelChoiceField(
        label=gettext_lazy("Below"),
        queryset=Service.objects.none(),
        required=False,
        empty_label=gettext_lazy("Top of the tree"),
    )

    def __init__(self, viewer: Agent, *args: Any, **kwargs: Any) -> None:
        super().__init__(viewer, *args, **kwargs)
        field: Any = self.fields["parent"]
        field.queryset = Service.objects.visible_to(viewer).filter(archived_at=None)


@dataclass(frozen=True)
class Kind:
    """One list: its table, its form, what it is called, what it is for."""

    model: type[Any]
    form: type[EntryForm]
    title: Any
    lead: Any
    new: Any
    more: tuple[str, ...] = ()


KINDS = {
    "statuses": Kind(
        Status,
        StatusForm,
        gettext_lazy("Statuses"),
        gettext_lazy(
            "Names are yours; each stands on one of seven phases, and the phase decides whose turn it is."
        ),
        gettext_lazy("New status"),
        ("phase", "is_default", "asks_reason"),
    ),
    "categories": Kind(
        Category,
        EntryForm,
        gettext_lazy("Categories"),
        gettext_lazy("What kind of request it is."),
        gettext_lazy("New category"),
    ),
    "urgencies": Kind(
        Urgency,
        UrgencyForm,
        gettext_lazy("Urgencies"),
        gettext_lazy("They drive the order of the lists."),
        gettext_lazy("New urgency"),
        ("rank",),
    ),
    "services": Kind(
        Service,
        ServiceForm,
        gettext_lazy("Services"),
        gettext_lazy("What you offer, as a tree."),
        gettext_lazy("New service"),
        ("parent",),
    ),
    "party-roles": Kind(
        PartyRole,
        EntryForm,
        gettext_lazy("Roles of involved parties"),
        gettext_lazy("In which role people besides the customer take part in a ticket."),
        gettext_lazy("New role"),
    ),
}


def _kind(name: str) -> Kind:
    if name not in KINDS:
        raise Http404
    return KINDS[name]


@require_GET
@needs("tickets.manage_lists")
def entries(request: AgentRequest, name: str) -> HttpResponse:
    """All entries in their order, retired ones last."""
    kind = _kind(name)
    rows = sorted(
        kind.model.objects.visible_to(request.user), key=lambda e: (e.archived_at is not None, e.position)
    )
    return settings_page(request, "desk/settings/entries.jinja", name, kind=kind, kind_name=name, rows=rows)


@require_http_methods(["GET", "POST"])
@needs("tickets.manage_lists")
def edit_entry(request: AgentRequest, name: str, entry_id: int = 0) -> HttpResponse:
    """Change an entry, or make one."""
    kind = _kind(name)
    rows = kind.model.objects.visible_to(request.user)
    entry = get_object_or_404(rows, pk=entry_id) if entry_id else None
    form = kind.form(request.user, request.POST or None, initial=_initial(kind, entry))
    if request.method == "POST":
        saved = form.carry_out(lambda **data: save_entry(kind.model, entry, by=request.user, **data))
        if saved:
            return back_to(request, name)
    context = {"kind": kind, "kind_name": name, "form": form, "entry": entry}
    return settings_page(request, "desk/settings/entry.jinja", name, **context)


def _initial(kind: Kind, entry: Any) -> dict[str, Any]:
    if entry is None:
        return {}
    names = {f"name_{code}": entry.names.get(code, "") for code, _label in LANGUAGES}
    return {"name": entry.name} | names | {field: getattr(entry, field) for field in kind.more}


@require_POST
@needs("tickets.manage_lists")
def move_entry(request: AgentRequest, name: str, entry_id: int) -> HttpResponse:
    """Up, down, retire or bring back."""
    kind, do = _kind(name), request.POST.get("do")
    entry = get_object_or_404(kind.model.objects.visible_to(request.user), pk=entry_id)
    if do in ("archive", "restore"):
        set_archived(entry, do == "archive", by=request.user)
    else:
        rows = kind.model.objects.visible_to(request.user).order_by("position", "id")
        reorder(kind.model, moved(rows.values_list("pk", flat=True), entry.pk, do), by=request.user)
    return HttpResponseRedirect(reverse(f"desk:settings-{name}"))
