"""One contact: who they are, how to reach them, what they asked."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from zaguan.desk.access import AgentRequest, needs
from zaguan.desk.account import ZONES
from zaguan.desk.forms import DeskForm
from zaguan.desk.names import language_name
from zaguan.desk.people.belongings import belongings
from zaguan.desk.people.profile import made_with
from zaguan.desk.rendering import page
from zaguan.desk.rows import ticket_row
from zaguan.people.duplicates import suggestions
from zaguan.people.editing import add_identity, change_contact, remove_identity, set_blocked
from zaguan.people.identifying import clear_bounce
from zaguan.people.making import make_contact
from zaguan.people.merging import merges_of, successor
from zaguan.people.models import Contact, Identity, Organisation
from zaguan.people.profiles import profile_of
from zaguan.tickets.listing import page as list_page

PREVIOUS = 25


class ContactForm(DeskForm):
    """What is known of a contact."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=160)
    organisation = forms.CharField(
        label=gettext_lazy("Organisation"),
        required=False,
        help_text=gettext_lazy("Its name as it stands in the list."),
    )
    language = forms.ChoiceField(
        label=gettext_lazy("Language"),
        choices=[("", gettext_lazy("Unknown")), *settings.LANGUAGES],
        required=False,
    )
    time_zone = forms.ChoiceField(
        label=gettext_lazy("Time zone"),
        required=False,
        choices=[("", gettext_lazy("Unknown")), *((zone, zone.replace("_", " ")) for zone in ZONES)],
    )
    notes = forms.CharField(label=gettext_lazy("Notes"), required=False, widget=forms.Textarea({"rows": 5}))

    def __init__(self, agent: Any, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.agent = agent

    def clean_organisation(self) -> Organisation | None:
        """The organisation of that name."""
        name = self.cleaned_data["organisation"].strip()
        if not name:
            return None
        found = Organisation.objects.visible_to(self.agent).filter(name__iexact=name).first()
        if found is None:
            raise forms.ValidationError(_("There is no organisation of this name. Create it first."))
        return found


class NewContactForm(DeskForm):
    """The least that makes a contact."""

    email = forms.EmailField(label=gettext_lazy("E-mail"))
    name = forms.CharField(label=gettext_lazy("Name"), max_length=160)


def contact_for(request: AgentRequest, public_id: str) -> Contact:
    """The contact, or 404."""
    rows = (
        Contact.objects.visible_to(request.user).select_related("organisation").prefetch_related("identities")
    )
    return get_object_or_404(rows, public_id=public_id)


@require_GET
@needs("people.view")
def contact(request: AgentRequest, public_id: str) -> HttpResponse:
    """The contact's page; the tickets are those that the agent may know of. A merged one leads to the other."""
    moved = successor(public_id, request.user)
    if moved is not None:
        return HttpResponseRedirect(reverse("desk:contact", args=[moved.public_id]))
    found = contact_for(request, public_id)
    tickets = list_page(
        request.user, view=f"contact:{found.pk}", size=PREVIOUS, cursor=request.GET.get("cursor", "")
    )
    rows = [ticket_row(row, request.user) for row in tickets.rows]
    context: dict[str, Any] = {"contact": found, "rows": rows, "next_cursor": tickets.next_cursor}
    context["spoken"] = language_name(found.language) if found.language else ""
    context |= {"merges": merges_of(found, request.user), "alike": suggestions(found, request.user)}
    context |= belongings(found, request.user)
    context |= {
        "profile": profile_of(found),
        "profile_url": reverse("desk:contact-profile", args=[public_id]),
    }
    return page(request, "desk/people/contact.jinja", section="people", **context)


@require_http_methods(["GET", "POST"])
@needs("people.edit")
def edit_contact(request: AgentRequest, public_id: str) -> HttpResponse:
    """Change what is known."""
    found = contact_for(request, public_id)
    fields = ("name", "language", "time_zone", "notes")
    initial = {f: getattr(found, f) for f in fields} | {"organisation": str(found.organisation or "")}
    form = ContactForm(request.user, request.POST or None, initial=initial)
    if request.method == "POST" and form.carry_out(
        lambda **data: change_contact(found, by=request.user, **data)
    ):
        return _back(found, _("Saved."), request)
    return page(
        request, "desk/people/contact_form.jinja", section="people", contact=found, form=form, controls=[]
    )


@require_http_methods(["GET", "POST"])
@needs("people.edit")
def new_contact(request: AgentRequest) -> HttpResponse:
    """A contact by hand; a known address leads to its contact."""
    form = NewContactForm(request.POST or None)
    made, asked = made_with(
        request, "contact", form,
        lambda email, name, profile: make_contact(email, name, profile, by=request.user),
    )  # fmt: skip
    if made:
        return HttpResponseRedirect(reverse("desk:contact", args=[made.public_id]))
    return page(
        request, "desk/people/contact_form.jinja", section="people", contact=None, form=form, controls=asked
    )


@require_POST
@needs("people.edit")
def add_address(request: AgentRequest, public_id: str) -> HttpResponse:
    """A further address or number."""
    found = contact_for(request, public_id)
    kind = request.POST.get("kind", "email")
    add_identity(
        found, kind if kind in ("email", "phone") else "email", request.POST.get("value", ""), by=request.user
    )
    return _back(found, _("Added."), request)


@require_POST
@needs("people.edit")
def change_address(request: AgentRequest, public_id: str, identity_id: int) -> HttpResponse:
    """Take an address away, or say that it works again."""
    found = contact_for(request, public_id)
    identity: Identity = get_object_or_404(found.identities.all(), pk=identity_id)
    if request.POST.get("do") == "clear":
        clear_bounce(identity, by=request.user)
        return _back(found, _("Mail goes to this address again."), request)
    remove_identity(identity, by=request.user)
    return _back(found, _("Removed."), request)


@require_POST
@needs("people.edit")
def block_contact(request: AgentRequest, public_id: str) -> HttpResponse:
    """Hold what this contact writes, or let it in again."""
    found = contact_for(request, public_id)
    set_blocked(found, request.POST.get("blocked") == "1", by=request.user)
    return _back(found, _("Saved."), request)


def _back(contact: Contact, said: str, request: AgentRequest) -> HttpResponse:
    messages.success(request, said)
    return HttpResponseRedirect(reverse("desk:contact", args=[contact.public_id]))
