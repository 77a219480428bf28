"""Canned messages: texts that are written once and sent often."""

from __future__ import annotations

from typing import Any, BinaryIO, cast

from django import forms
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from zaguan.conversations.attachments import store
from zaguan.conversations.canned import archive_canned, delete_canned, may_change, save_canned, set_files
from zaguan.conversations.models import Attachment, Canned
from zaguan.conversations.placeholders import all_placeholders
from zaguan.conversations.using_canned import find_canned, preview_of
from zaguan.desk.access import AgentRequest, needs
from zaguan.desk.forms import DeskForm
from zaguan.desk.settings import shared
from zaguan.desk.settings.chapters import back_to, settings_page
from zaguan.people.models import Agent

LANGUAGES = (
    ("es", gettext_lazy("In Spanish")),
    ("en", gettext_lazy("In English")),
    ("pt", gettext_lazy("In Portuguese")),
)


class CannedForm(DeskForm):
    """A name, how it is called up, the text in one or more languages, and who sees it."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=80)
    shortcut = forms.CharField(
        label=gettext_lazy("Shortcut"),
        max_length=41,
        required=False,
        help_text=gettext_lazy("Type / and this word in the composer, and the text is there."),
    )
    folder = forms.CharField(
        label=gettext_lazy("Folder"),
        max_length=120,
        required=False,
        help_text=gettext_lazy("For example: Billing / Refunds"),
    )
    text = forms.CharField(
        label=gettext_lazy("Text"),
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text=gettext_lazy(
            "Plain text or simple HTML. {{requester.first_name|there}} stands for the first name, and for “there” when it is unknown."
        ),
    )
    text_es = forms.CharField(label=LANGUAGES[0][1], required=False, widget=forms.Textarea)
    text_en = forms.CharField(label=LANGUAGES[1][1], required=False, widget=forms.Textarea)
    text_pt = forms.CharField(label=LANGUAGES[2][1], required=False, widget=forms.Textarea)
    shared = forms.ChoiceField(label=gettext_lazy("Who sees it"), required=False)

    def __init__(self, viewer: Agent, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        found = shared.choices(viewer, "conversations.share_canned")
        self.fields["shared"].choices = found  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """The languages as one value."""
        data = super().clean() or {}
        data["texts"] = {code: data.pop(f"text_{code}", "") for code, _label in LANGUAGES}
        return data


@require_GET
@needs("desk.use")
def canned_messages(request: AgentRequest) -> HttpResponse:
    """All that the agent sees, by folder; `?q=` searches, `?archived=1` shows those put away."""
    typed, archived = request.GET.get("q", ""), bool(request.GET.get("archived"))
    rows = find_canned(request.user, typed, archived=archived)
    folders: dict[str, list[tuple[Canned, str, bool]]] = {}
    for row in rows:
        entry = (row, preview_of(row), may_change(request.user, row))
        folders.setdefault(row.folder, []).append(entry)
    context = {"folders": sorted(folders.items()), "typed": typed, "archived": archived}
    return settings_page(request, "desk/settings/canned.jinja", "canned", **context)


@require_http_methods(["GET", "POST"])
@needs("desk.use")
def edit_canned(request: AgentRequest, canned_id: int = 0) -> HttpResponse:
    """Change one, write one, put it away, or delete it."""
    rows = Canned.objects.visible_to(request.user)
    found = get_object_or_404(rows, pk=canned_id) if canned_id else None
    if found and (done := _carried_out(request, found)):
        return done
    form = CannedForm(request.user, request.POST or None, request.FILES or None, initial=_initial(found))
    if request.method == "POST" and form.carry_out(lambda **data: _save(request, found, data)):
        return _done(request)
    context = {
        "form": form,
        "row": found,
        "files": list(found.files.select_related("attachment")) if found else [],
        "placeholders": all_placeholders(),
        "folders": sorted({row.folder for row in rows if row.folder}),
    }
    return settings_page(request, "desk/settings/canned_form.jinja", "canned", **context)


def _initial(found: Canned | None) -> dict[str, Any]:
    if found is None:
        return {}
    values = {name: getattr(found, name) for name in ("name", "shortcut", "folder", "text")}
    return values | {f"text_{c}": t for c, t in found.texts.items()} | {"shared": shared.current(found)}


def _carried_out(request: AgentRequest, found: Canned) -> HttpResponse | None:
    do = request.POST.get("do")
    if do == "delete":
        delete_canned(request.user, found, by=request.user)
    elif do in ("archive", "restore"):
        archive_canned(request.user, found, do == "archive", by=request.user)
    else:
        return None
    return _done(request)


def _save(request: AgentRequest, found: Canned | None, data: dict[str, Any]) -> Canned:
    whom = shared.chosen(request.user, data.pop("shared"))
    saved = save_canned(request.user, found, by=request.user, **data, **whom)
    kept = [
        row.attachment
        for row in saved.files.select_related("attachment")
        if row.attachment.public_id in request.POST.getlist("keep")
    ]
    new: list[Attachment] = [
        store(cast("BinaryIO", file), file.name or "", file.content_type or "", by=request.user)
        for file in request.FILES.getlist("files")
    ]
    set_files(request.user, saved, [*kept, *new], by=request.user)
    return saved


def _done(request: AgentRequest) -> HttpResponse:
    return back_to(request, "canned")
