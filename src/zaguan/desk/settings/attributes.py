"""What a type asks for, and what is written down about contacts and organisations: one set of pages for all three."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
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
from zaguan.desk.settings.types import in_languages, translated
from zaguan.lib.attributes.defining import DECIDING
from zaguan.lib.attributes.definition import Format
from zaguan.lib.attributes.showing import label_of
from zaguan.lib.attributes.values import option_of
from zaguan.lib.folding import squeeze
from zaguan.lib.numbers import whole
from zaguan.people.models import ProfileField
from zaguan.people.profiles import FORMATS, reorder_fields, save_field, set_field_archived
from zaguan.tickets.attribute_catalogue import reorder_attributes, save_attribute, set_attribute_archived
from zaguan.tickets.models import Attribute, TicketType

FLAGS = ("many", "is_public", "needed_from_agent", "needed_from_customer", "needed_to_resolve")
BLANKS = 4
BLANK: dict[str, Any] = {"key": "", "name": "", "names": {}, "retired": False}


@dataclass(frozen=True)
class Home:
    """Where an attribute belongs: how its pages are called, and the verbs that write it."""

    chapter: str
    title: str
    address: str
    rows: Any
    formats: tuple[Format, ...]
    save: Callable[..., Any]
    archive: Callable[..., None]
    reorder: Callable[..., None]
    # Parts that make no sense there.
    without: tuple[str, ...] = ()


def _of_type(request: AgentRequest, type_id: int) -> Home:
    kind = get_object_or_404(TicketType.objects.visible_to(request.user), pk=type_id)
    return Home(
        chapter="types",
        title=kind.label,
        address=reverse("desk:edit-types", args=[kind.pk]),
        rows=Attribute.objects.visible_to(request.user).filter(type=kind),
        formats=tuple(Format),
        save=lambda entry, **v: save_attribute(kind, entry, by=request.user, **v),
        archive=lambda entry, archived: set_attribute_archived(entry, archived, by=request.user),
        reorder=lambda ids: reorder_attributes(kind, ids, by=request.user),
    )


PEOPLE = {
    "contact": ("contact-fields", gettext_lazy("Contact fields")),
    "organisation": ("organisation-fields", gettext_lazy("Organisation fields")),
}


def _of_people(request: AgentRequest, subject: str) -> Home:
    if subject not in PEOPLE:
        raise Http404
    chapter, title = PEOPLE[subject]
    return Home(
        chapter=chapter,
        title=str(title),
        address=reverse(f"desk:settings-{chapter}"),
        rows=ProfileField.objects.visible_to(request.user).filter(subject=subject),
        formats=FORMATS,
        save=lambda entry, **v: save_field(subject, entry, by=request.user, **v),
        archive=lambda entry, archived: set_field_archived(entry, archived, by=request.user),
        reorder=lambda ids: reorder_fields(subject, ids, by=request.user),
        without=("needed_to_resolve",),
    )


class AttributeForm(DeskForm):
    """Format and key once; everything else as often as one likes."""

    format = forms.ChoiceField(label=gettext_lazy("Format"))
    name = forms.CharField(label=gettext_lazy("Name"), max_length=80)
    hint = forms.CharField(
        label=gettext_lazy("Help"), max_length=300, required=False,
        help_text=gettext_lazy("What is meant, and where one finds it. It stands below the field."),
    )  # fmt: skip
    key = forms.CharField(
        label=gettext_lazy("Key"), max_length=40, required=False,
        help_text=gettext_lazy("For filters and machines, such as model:x200. Left empty, it is made from the name. It never changes."),
    )  # fmt: skip
    many = forms.BooleanField(label=gettext_lazy("Several"), required=False)
    is_public = forms.BooleanField(label=gettext_lazy("Visible to the customer"), required=False)
    needed_from_agent = forms.BooleanField(
        label=gettext_lazy("Required when an agent creates"), required=False
    )
    needed_from_customer = forms.BooleanField(
        label=gettext_lazy("Required when a customer creates"), required=False
    )
    needed_to_resolve = forms.BooleanField(label=gettext_lazy("Required to resolve"), required=False)
    depends_on = forms.ChoiceField(label=gettext_lazy("Ask only when"), required=False)
    depends_values = forms.CharField(
        label=gettext_lazy("has the value"), max_length=1000, required=False,
        help_text=gettext_lazy("One or several, with commas between. Empty means any value."),
    )  # fmt: skip
    name_es = forms.CharField(label=LANGUAGES[0][1], max_length=80, required=False)
    name_en = forms.CharField(label=LANGUAGES[1][1], max_length=80, required=False)
    name_pt = forms.CharField(label=LANGUAGES[2][1], max_length=80, required=False)
    hint_es = forms.CharField(label=LANGUAGES[0][1], max_length=300, required=False)
    hint_en = forms.CharField(label=LANGUAGES[1][1], max_length=300, required=False)
    hint_pt = forms.CharField(label=LANGUAGES[2][1], max_length=300, required=False)

    def __init__(self, home: Home, entry: Any, siblings: list[Any], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.home, self.entry, self.siblings = home, entry, siblings
        for name in home.without:
            del self.fields[name]
        if entry is not None:
            del self.fields["format"], self.fields["key"]
        else:
            self.fields["format"].choices = [(f.value, f.label) for f in home.formats]  # type: ignore[attr-defined]
        above = [s for s in siblings if s.format in DECIDING and s.archived_at is None and s is not entry]
        self.fields["depends_on"].choices = [("", _("Always"))] + [(str(s.pk), s.label) for s in above]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Translations, choices and the condition as the verb wants them."""
        data = translated(super().clean() or {}, name="names", hint="hints")
        above = next((s for s in self.siblings if str(s.pk) == data.get("depends_on")), None)
        data["depends_on"] = above
        written = [v.strip() for v in data.get("depends_values", "").split(",") if v.strip()]
        data["depends_values"] = [_choice(above, v) for v in written] if above else []
        format_ = self.entry.format if self.entry is not None else data.get("format")
        if format_ == Format.LIST:
            data["options"] = options_in(self.data)
        if format_ not in (Format.LIST, Format.TEXT, Format.DATETIME, Format.FILE):
            data["many"] = False
        return data


def _choice(above: Any, written: str) -> Any:
    """Yes and no as they are said; choices by their names."""
    if above.format == Format.BOOLEAN:
        return squeeze(written) in {"yes", "si", "sim", "true", "1", squeeze(_("Yes"))}
    return written


def options_in(data: Any) -> list[dict[str, Any]]:
    """The choices of a list, row by row; an empty row is none."""
    if not hasattr(data, "getlist"):
        return []
    columns = [data.getlist(f"option_{part}") for part in ("key", "name", *(code for code, _l in LANGUAGES))]
    retired = set(data.getlist("option_retired"))
    return [
        {"key": key, "name": name.strip(), "retired": key in retired,
         "names": {code: text for (code, _l), text in zip(LANGUAGES, texts, strict=True) if text}}
        for key, name, *texts in zip(*columns, strict=False)
        if name.strip()
    ]  # fmt: skip


@require_GET
@needs("tickets.manage_types")
def people_fields(request: AgentRequest, subject: str) -> HttpResponse:
    """What is written down about contacts, or about organisations."""
    home = _of_people(request, subject)
    context = {"home": home, "subject": subject, "attributes": list(home.rows.select_related("depends_on"))}
    return settings_page(request, "desk/settings/people_fields.jinja", home.chapter, **context)


@require_http_methods(["GET", "POST"])
@needs("tickets.manage_types")
def edit_attribute(request: AgentRequest, type_id: int, attribute_id: int = 0) -> HttpResponse:
    """An attribute of a type."""
    return _edit(request, _of_type(request, type_id), attribute_id)


@require_http_methods(["GET", "POST"])
@needs("tickets.manage_types")
def edit_people_field(request: AgentRequest, subject: str, attribute_id: int = 0) -> HttpResponse:
    """A field about people."""
    return _edit(request, _of_people(request, subject), attribute_id)


def _edit(request: AgentRequest, home: Home, attribute_id: int) -> HttpResponse:
    siblings = list(home.rows)
    entry = get_object_or_404(home.rows, pk=attribute_id) if attribute_id else None
    form = AttributeForm(home, entry, siblings, request.POST or None, initial=_initial(entry))
    if request.method == "POST" and form.carry_out(lambda **data: home.save(entry, **data)):
        messages.success(request, _("Saved."))
        return HttpResponseRedirect(home.address)
    options = options_in(request.POST) if request.method == "POST" else (entry.options if entry else [])
    context = {
        "form": form, "home": home, "entry": entry, "options": [*options, *([BLANK] * BLANKS)],
        "languages": LANGUAGES,
    }  # fmt: skip
    return settings_page(request, "desk/settings/attribute.jinja", home.chapter, **context)


def _initial(entry: Any) -> dict[str, Any]:
    if entry is None:
        return {"format": Format.TEXT.value}
    plain = {name: getattr(entry, name) for name in ("name", "hint", *FLAGS)}
    above = entry.depends_on
    chosen = [_said(above, value) for value in entry.depends_values] if above else []
    return plain | in_languages(entry, name="names", hint="hints") | {
        "depends_on": str(above.pk) if above else "", "depends_values": ", ".join(chosen),
    }  # fmt: skip


def _said(above: Any, value: Any) -> str:
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    found = option_of(above, value)
    return label_of(found) if found else str(value)


@require_POST
@needs("tickets.manage_types")
def move_attribute(request: AgentRequest, type_id: int) -> HttpResponse:
    """Up, down, into a whole new order, out of use, or back."""
    return _move(request, _of_type(request, type_id))


@require_POST
@needs("tickets.manage_types")
def move_people_field(request: AgentRequest, subject: str) -> HttpResponse:
    """The same for people."""
    return _move(request, _of_people(request, subject))


def _move(request: AgentRequest, home: Home) -> HttpResponse:
    ids = list(home.rows.values_list("pk", flat=True))
    if "order" in request.POST:
        home.reorder([n for part in request.POST["order"].split(",") if (n := whole(part)) is not None])
        return HttpResponse(status=204)
    do, _space, number = request.POST.get("do", "").partition(" ")
    entry = get_object_or_404(home.rows, pk=whole(number) or 0)
    if do in ("archive", "restore"):
        home.archive(entry, do == "archive")
    else:
        home.reorder(moved(ids, entry.pk, do))
    return HttpResponseRedirect(home.address)
