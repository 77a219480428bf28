"""The fields about contacts and organisations that the administrator chose: changed on their pages (A14.1)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from zaguan.desk.access import AgentRequest, needs
from zaguan.desk.attribute_forms import controls, posted
from zaguan.desk.forms import DeskForm
from zaguan.desk.rendering import page
from zaguan.lib.attributes.errors import NotAccepted
from zaguan.people.models import Contact, Organisation
from zaguan.people.profiles import blank_profile, fields_of, profile_of, set_profile, subject_of


@require_http_methods(["GET", "POST"])
@needs("people.edit")
def contact_profile(request: AgentRequest, public_id: str) -> HttpResponse:
    """What is written down about a contact."""
    found = get_object_or_404(Contact.objects.visible_to(request.user), public_id=public_id)
    return _profile(request, found, reverse("desk:contact", args=[found.public_id]))


@require_http_methods(["GET", "POST"])
@needs("people.edit")
def organisation_profile(request: AgentRequest, public_id: str) -> HttpResponse:
    """What is written down about an organisation."""
    found = get_object_or_404(Organisation.objects.visible_to(request.user), public_id=public_id)
    return _profile(request, found, reverse("desk:organisation", args=[found.public_id]))


def _profile(request: AgentRequest, person: Contact | Organisation, back: str) -> HttpResponse:
    typed: dict[str, Any] | None = None
    errors: dict[str, str] = {}
    if request.method == "POST":
        typed = posted(request.POST, fields_of(subject_of(person)))
        try:
            set_profile(person, typed, by=request.user, complete=True)
        except NotAccepted as refusal:
            errors = refusal.errors
        else:
            messages.success(request, _("Saved."))
            return HttpResponseRedirect(back)
    drawn = controls(
        (v for v in profile_of(person) if v.attribute.archived_at is None), typed=typed, errors=errors
    )
    context = {"person": person, "back": back, "controls": drawn}
    return page(
        request, "desk/people/profile.jinja", section="people", status=422 if errors else 200, **context
    )


def made_with(
    request: AgentRequest, subject: str, form: DeskForm, make: Callable[..., Any]
) -> tuple[Any, list[dict[str, Any]]]:
    """Carry out a form that makes somebody, with their profile: who was made, or None and the controls with what was wrong."""
    typed = posted(request.POST, fields_of(subject)) if request.method == "POST" else None
    errors: dict[str, str] = {}

    def run(**data: Any) -> Any:
        try:
            return make(profile=typed or {}, **data)
        except NotAccepted as refusal:
            errors.update(refusal.errors)
            raise

    made = form.carry_out(run) if typed is not None else None
    return made, controls(blank_profile(subject), typed=typed, errors=errors)
