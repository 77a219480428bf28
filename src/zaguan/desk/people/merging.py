"""Say that two contacts are the same person, and take it back."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from zaguan.desk.access import AgentRequest, needs
from zaguan.desk.people.contact import contact_for
from zaguan.desk.rendering import page
from zaguan.lib.attributes.errors import PREFIX
from zaguan.lib.errors import Refused
from zaguan.people.duplicates import suggestions
from zaguan.people.merging import CHOSEN_BY_FIELD, merge_contacts, separate, undo_days
from zaguan.people.models import Contact, ContactMerge
from zaguan.people.profile_joining import profile_choices
from zaguan.search.naming import named

FOUND = 10


@require_http_methods(["GET", "POST"])
@needs("people.edit")
def merge_contact(request: AgentRequest, public_id: str) -> HttpResponse:
    """Find the other contact, choose field by field, merge."""
    kept = contact_for(request, public_id)
    other_id = request.POST.get("other") or request.GET.get("other", "")
    other = contact_for(request, other_id) if other_id else None
    context: dict[str, Any] = {
        "contact": kept,
        "other": other,
        "query": request.GET.get("q", "").strip(),
        "days": undo_days(),
        "error": "",
    }
    if request.method == "POST" and other is not None:
        take = frozenset(name for name in CHOSEN_BY_FIELD if request.POST.get(name) == "other")
        try:
            merge_contacts(kept, other, by=request.user, take=take, profile=_profile_taken(request))
        except Refused as refusal:
            context["error"] = refusal.sentence
        else:
            messages.success(request, _merged_words())
            return HttpResponseRedirect(reverse("desk:contact", args=[kept.public_id]))
    if other is None:
        context |= {
            "alike": suggestions(kept, request.user),
            "found": _found(request, kept, context["query"]),
        }
    else:
        context["fields"] = _fields(kept, other)
    return page(request, "desk/people/merge.jinja", section="people", **context)


def _merged_words() -> str:
    days = undo_days()
    if not days:
        return _("Merged.")
    said = ngettext(
        "Merged. You can undo it on this page for %(num)d day.",
        "Merged. You can undo it on this page for %(num)d days.",
        days,
    )
    return said % {"num": days}


@require_POST
@needs("people.edit")
def separate_contact(request: AgentRequest, pk: int) -> HttpResponse:
    """Undo a merge."""
    merge = get_object_or_404(ContactMerge.objects.visible_to(request.user).select_related("survivor"), pk=pk)
    gone = separate(merge, by=request.user)
    messages.success(request, _("%(name)s is a contact of their own again.") % {"name": gone.name})
    return HttpResponseRedirect(reverse("desk:contact", args=[gone.public_id]))


def _found(request: AgentRequest, kept: Contact, query: str) -> list[Contact]:
    ids = named(query, FOUND).get("contact", []) if query else []
    rows = Contact.objects.visible_to(request.user).filter(pk__in=ids).exclude(pk=kept.pk)
    return list(rows.prefetch_related("identities"))


def _fields(kept: Contact, other: Contact) -> list[tuple[str, str, str, str]]:
    """Name, label and both values of the fields in which the two differ."""
    labels = {
        "name": _("Name"),
        "organisation": _("Organisation"),
        "language": _("Language"),
        "time_zone": _("Time zone"),
        "notes": _("Notes"),
    }
    both = [
        (n, labels[n], str(getattr(kept, n) or ""), str(getattr(other, n) or "")) for n in CHOSEN_BY_FIELD
    ]
    profile = [(PREFIX + c.key, c.label, c.ours, c.theirs) for c in profile_choices(kept, other)]
    return [*(each for each in both if each[2] != each[3]), *profile]


def _profile_taken(request: AgentRequest) -> frozenset[str]:
    return frozenset(
        n.removeprefix(PREFIX) for n, v in request.POST.items() if n.startswith(PREFIX) and v == "other"
    )
