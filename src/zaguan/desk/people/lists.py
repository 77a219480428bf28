"""Everybody who writes to us, and where they work."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.views.decorators.http import require_GET

from zaguan.desk.access import AgentRequest, needs
from zaguan.desk.rendering import page
from zaguan.lib.numbers import whole
from zaguan.people.models import Contact, Organisation
from zaguan.search.naming import named

SIZE = 50


@require_GET
@needs("people.view")
def people(request: AgentRequest) -> HttpResponse:
    """Contacts: by name, address or number when something is asked for, else the newest."""
    text, after = request.GET.get("q", "").strip(), request.GET.get("after", "")
    rows = (
        Contact.objects.visible_to(request.user).select_related("organisation").prefetch_related("identities")
    )
    found = _page(rows, "contact", text, after)
    return page(request, "desk/people/contacts.jinja", section="people", query=text, tab="contacts", **found)


@require_GET
@needs("people.view")
def organisations(request: AgentRequest) -> HttpResponse:
    """Organisations, in the same way."""
    text, after = request.GET.get("q", "").strip(), request.GET.get("after", "")
    rows = Organisation.objects.visible_to(request.user).prefetch_related("domains")
    found = _page(rows, "organisation", text, after)
    return page(
        request, "desk/people/organisations.jinja", section="people", query=text, tab="organisations", **found
    )


def _page(rows: Any, kind: str, text: str, after: str) -> dict[str, Any]:
    if text:
        return {"rows": list(rows.filter(pk__in=named(text, SIZE).get(kind, []))), "next_id": None}
    last = whole(after)
    if last is not None:
        rows = rows.filter(pk__lt=last)
    found = list(rows.order_by("-pk")[: SIZE + 1])
    return {"rows": found[:SIZE], "next_id": found[SIZE - 1].pk if len(found) > SIZE else None}
