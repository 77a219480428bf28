"""Settings → Tickets → Ways between statuses: who goes from which to which, and what each asks for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from zaguan.desk.access import AgentRequest, needs
from zaguan.desk.forms import DeskForm
from zaguan.desk.settings.chapters import settings_page
from zaguan.lib.numbers import whole
from zaguan.people.models import Role, Team
from zaguan.tickets import reference
from zaguan.tickets.models import Status, TicketType
from zaguan.tickets.requirements import ATTRIBUTE, LABELS, label_of, needs_of
from zaguan.tickets.transition_settings import own_way, set_needs, set_possible, set_way
from zaguan.tickets.transitions import EVERYBODY, NOBODY, SOME, Way, named, way

CHAPTER = "transitions"
AS_FOR_ALL = ""
WHO = (
    (EVERYBODY, gettext_lazy("Everybody")),
    (SOME, gettext_lazy("Only these")),
    (NOBODY, gettext_lazy("Nobody by hand")),
)


@dataclass(frozen=True)
class Cell:
    """One way of the matrix, as it counts for the chosen type."""

    source: Status
    target: Status
    way: Way

    @property
    def is_open(self) -> bool:
        return self.way.who != NOBODY

    @property
    def words(self) -> str:
        """Who goes it."""
        return named(self.way) if self.way.who == SOME else str(dict(WHO)[self.way.who])


def _kind(request: AgentRequest) -> TicketType | None:
    """The type that `?type=` narrows to, None for all tickets."""
    text = request.GET.get("type", "")
    return (
        get_object_or_404(TicketType.objects.visible_to(request.user), pk=whole(text) or 0) if text else None
    )


def _address(name: str, kind: TicketType | None, *args: int) -> str:
    return reverse(f"desk:{name}", args=args) + (f"?type={kind.pk}" if kind else "")


def _in_use(request: AgentRequest) -> list[Status]:
    return list(Status.objects.visible_to(request.user).filter(archived_at=None))


def _around(request: AgentRequest, kind: TicketType | None, name: str, *args: int) -> dict[str, Any]:
    types = TicketType.objects.visible_to(request.user).filter(archived_at=None)
    choices = [(None, _("All tickets")), *((each, each.label) for each in types)]
    segments = [(each.pk if each else 0, label, _address(name, each, *args)) for each, label in choices]
    return {"kind": kind, "segments": segments, "suffix": f"?type={kind.pk}" if kind else ""}


@require_http_methods(["GET", "POST"])
@needs("tickets.manage_lists")
def matrix(request: AgentRequest) -> HttpResponse:
    """Every way from every status to every other: ticked where somebody goes it."""
    kind, statuses = _kind(request), _in_use(request)
    if request.method == "POST":
        ticked = [pair.partition("-") for pair in request.POST.getlist("way")]
        pairs = [(whole(source), whole(target)) for source, _dash, target in ticked]
        # Only columns that were on the page: one that came meanwhile keeps its ways.
        shown = {whole(pk) for pk in request.POST.getlist("column")}
        possible = {
            s.pk: [a for a, b in pairs if b == s.pk and a is not None] for s in statuses if s.pk in shown
        }
        set_possible(kind, possible, by=request.user)
        messages.success(request, _("Saved."))
        return HttpResponseRedirect(_address("settings-transitions", kind))
    type_id = kind.pk if kind else None
    rows = [(a, [None if a == b else Cell(a, b, way(a.pk, b, type_id)) for b in statuses]) for a in statuses]
    asked = {s.pk: ", ".join(filter(None, map(label_of, needs_of(s, type_id)))) for s in statuses}
    context = _around(request, kind, "settings-transitions") | {
        "rows": rows,
        "statuses": statuses,
        "asked": asked,
    }
    return settings_page(request, "desk/settings/transitions.jinja", CHAPTER, **context)


@require_http_methods(["GET", "POST"])
@needs("tickets.manage_lists")
def entering(request: AgentRequest, status_id: int) -> HttpResponse:
    """One status: what must be filled in to enter it, and who comes from where."""
    kind = _kind(request)
    status = get_object_or_404(Status.objects.visible_to(request.user), pk=status_id)
    if request.method == "POST":
        set_needs(status, kind, request.POST.getlist("fields"), by=request.user)
        messages.success(request, _("Saved."))
        return HttpResponseRedirect(_address("edit-transitions", kind, status.pk))
    type_id = kind.pk if kind else None
    offered = [(key, str(label)) for key, label in LABELS.items()]
    if kind is not None:
        there = [a for a in reference.attributes.all().values() if a.type_id == kind.pk]
        offered += [
            (f"{ATTRIBUTE}{a.pk}", a.label) for a in there if not a.archived_at and a.format != "section"
        ]
    inherited = needs_of(status, None) if kind else []
    cells = [Cell(a, status, way(a.pk, status, type_id)) for a in _in_use(request) if a.pk != status.pk]
    context = _around(request, kind, "edit-transitions", status.pk) | {
        "target": status, "offered": offered, "inherited": inherited, "wanted": needs_of(status, type_id),
        "cells": cells, "any": own_way(status, None, type_id), "own": _own(status, type_id), "words": _words,
    }  # fmt: skip
    return settings_page(request, "desk/settings/transition.jinja", CHAPTER, **context)


def _own(status: Status, type_id: int | None) -> set[int]:
    """The statuses from which something was said for exactly this type."""
    rows = status.ways.get("from", ())
    return {row["source"] for row in rows if row["type"] == type_id and row["source"] is not None}


def _words(chosen: Way) -> str:
    return named(chosen) if chosen.who == SOME else str(dict(WHO)[chosen.who])


class WayForm(DeskForm):
    """Who goes one way."""

    who = forms.ChoiceField(label=gettext_lazy("Who may"), required=False)
    roles = forms.TypedMultipleChoiceField(
        label=gettext_lazy("Roles"), coerce=int, required=False, widget=forms.CheckboxSelectMultiple
    )
    teams = forms.TypedMultipleChoiceField(
        label=gettext_lazy("Teams"), coerce=int, required=False, widget=forms.CheckboxSelectMultiple
    )
    rules = forms.BooleanField(label=gettext_lazy("Rules too"), required=False)

    def __init__(self, request: AgentRequest, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chosen: Any = self.fields
        chosen["who"].choices = [(AS_FOR_ALL, _("As said more generally")), *WHO]
        chosen["roles"].choices = list(Role.objects.visible_to(request.user).values_list("pk", "name"))
        teams = Team.objects.visible_to(request.user).filter(archived_at=None)
        chosen["teams"].choices = list(teams.values_list("pk", "name"))


@require_http_methods(["GET", "POST"])
@needs("tickets.manage_lists")
def edit_way(request: AgentRequest, status_id: int, source_id: int = 0) -> HttpResponse:
    """Who goes from one status (0: from any) into another."""
    kind, seen = _kind(request), Status.objects.visible_to(request.user)
    status = get_object_or_404(seen, pk=status_id)
    source = get_object_or_404(seen, pk=source_id) if source_id else None
    if source == status:
        raise Http404
    own = own_way(status, source.pk if source else None, kind.pk if kind else None)
    form = WayForm(request, request.POST or None, initial=_initial(own))
    if request.method == "POST" and form.carry_out(lambda **data: _save(request, status, source, kind, data)):
        messages.success(request, _("Saved."))
        return HttpResponseRedirect(_address("edit-transitions", kind, status.pk))
    context = {"form": form, "target": status, "source": source, "kind": kind, "who": form.fields["who"]}
    return settings_page(request, "desk/settings/way.jinja", CHAPTER, **context)


def _initial(own: Way | None) -> dict[str, Any]:
    if own is None:
        return {"who": AS_FOR_ALL}
    return {"who": own.who, "roles": own.roles, "teams": own.teams, "rules": own.rules}


def _save(
    request: AgentRequest,
    status: Status,
    source: Status | None,
    kind: TicketType | None,
    data: dict[str, Any],
) -> bool:
    chosen = None
    if data["who"] == SOME:
        chosen = Way(SOME, tuple(data["roles"]), tuple(data["teams"]), data["rules"])
    elif data["who"] != AS_FOR_ALL:
        chosen = Way(data["who"])
    set_way(status, source.pk if source else None, kind, chosen, by=request.user)
    return True
