"""One organisation: its people and their tickets."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from zaguan.desk.access import AgentRequest, needs
from zaguan.desk.forms import DeskForm, LinesField
from zaguan.desk.people.belongings import plans
from zaguan.desk.people.profile import made_with
from zaguan.desk.rendering import page
from zaguan.desk.rows import ticket_row
from zaguan.people.editing import change_organisation
from zaguan.people.making import make_organisation
from zaguan.people.models import Contact, Organisation
from zaguan.people.profiles import profile_of
from zaguan.tickets.listing import page as list_page

PEOPLE = 100


class OrganisationForm(DeskForm):
    """Name, the mail domains whose senders belong to it, notes."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=160)
    domains = LinesField(
        label=gettext_lazy("Mail domains"),
        required=False,
        help_text=gettext_lazy("One a line. New contacts with such an address belong here by themselves."),
    )
    notes = forms.CharField(label=gettext_lazy("Notes"), required=False, widget=forms.Textarea({"rows": 5}))


def organisation_for(request: AgentRequest, public_id: str) -> Organisation:
    """The organisation, or 404."""
    rows = Organisation.objects.visible_to(request.user).prefetch_related("domains")
    return get_object_or_404(rows, public_id=public_id)


@require_GET
@needs("people.view")
def organisation(request: AgentRequest, public_id: str) -> HttpResponse:
    """The organisation's page."""
    found = organisation_for(request, public_id)
    tickets = list_page(
        request.user, view=f"organisation:{found.pk}", size=25, cursor=request.GET.get("cursor", "")
    )
    people = (
        Contact.objects.visible_to(request.user).filter(organisation=found).prefetch_related("identities")
    )
    context: dict[str, Any] = {
        "organisation": found,
        "people": people.order_by("name")[:PEOPLE],
        "rows": [ticket_row(row, request.user) for row in tickets.rows],
        "next_cursor": tickets.next_cursor,
        "profile": profile_of(found),
        "profile_url": reverse("desk:organisation-profile", args=[public_id]),
    } | plans(found, request.user)
    return page(request, "desk/people/organisation.jinja", section="people", **context)


@require_http_methods(["GET", "POST"])
@needs("people.edit")
def edit_organisation(request: AgentRequest, public_id: str = "") -> HttpResponse:
    """Change an organisation, or make one."""
    found = organisation_for(request, public_id) if public_id else None
    initial = (
        {"name": found.name, "notes": found.notes, "domains": [d.name for d in found.domains.all()]}
        if found
        else {}
    )
    form = OrganisationForm(request.POST or None, initial=initial)
    saved: Any = None
    asked: list[dict[str, Any]] = []
    if found is None:
        saved, asked = made_with(
            request, "organisation", form, lambda **data: make_organisation(by=request.user, **data)
        )
    elif request.method == "POST":
        saved = form.carry_out(lambda **data: change_organisation(found, by=request.user, **data))
    if saved:
        messages.success(request, _("Saved."))
        return HttpResponseRedirect(reverse("desk:organisation", args=[saved.public_id]))
    return page(
        request, "desk/people/organisation_form.jinja", section="people",
        organisation=found, form=form, controls=asked,
    )  # fmt: skip
