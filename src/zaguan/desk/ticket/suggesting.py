"""What fields offer while one types: tags, addresses, people."""

from __future__ import annotations

from django.db.models import Q
from django.http import HttpResponse, JsonResponse
from django.utils.html import escape
from django.views.decorators.http import require_GET

from zaguan.desk.access import AgentRequest, needs
from zaguan.desk.ticket.compose import line_of
from zaguan.desk.ticket.new_ticket import new_contact_words
from zaguan.people.models import Contact
from zaguan.tickets import reference
from zaguan.tickets.candidates import candidates
from zaguan.ui.avatars import hue, initials

MOST = 8
LEAST = 2


def _typed(request: AgentRequest) -> str:
    return request.GET.get("q", "").strip()[:100]


@require_GET
@needs("desk.use")
def tags(request: AgentRequest) -> JsonResponse:
    """Tags whose name holds what was typed; those that begin with it first."""
    text = _typed(request).lower()
    names = [tag.name for tag in reference.tags.all().values() if text in tag.name.lower()]
    names.sort(key=lambda name: (not name.lower().startswith(text), name.lower()))
    return JsonResponse([{"value": name, "label": name} for name in names[:MOST]], safe=False)


def _people(request: AgentRequest, text: str) -> list[Contact]:
    if len(text) < LEAST:
        return []
    by_name = Q(name__istartswith=text) | Q(name__icontains=f" {text}")
    matching = by_name | Q(identities__value__istartswith=text.lower())
    found = Contact.objects.visible_to(request.user).filter(matching).distinct()
    return list(
        found.select_related("organisation").prefetch_related("identities").order_by("name", "id")[:MOST]
    )


@require_GET
@needs("tickets.create")
def requesters(request: AgentRequest) -> JsonResponse:
    """Known people with each address and number, to choose who asks."""
    found = [
        {"value": line_of((identity.value, contact.name)), "label": contact.name, "sub": identity.value}
        for contact in _people(request, _typed(request))
        for identity in contact.identities.all()
        if identity.kind in ("email", "phone")
    ]
    return JsonResponse(found[:MOST], safe=False)


@require_GET
@needs("tickets.create")
def requester(request: AgentRequest) -> HttpResponse:
    """What is said under the field once a requester is typed: that nobody of that address is known yet."""
    return HttpResponse(escape(new_contact_words(request.GET.get("requester", "")[:400])))


@require_GET
@needs("desk.use")
def colleagues(request: AgentRequest) -> JsonResponse:
    """Agents by the beginning of a word of their name, where there is no ticket yet."""
    text = _typed(request).lower()
    found = [
        {
            "value": str(each.agent.pk),
            "label": each.agent.name,
            "hue": str(hue(each.agent.pk)),
            "initials": initials(each.agent.name),
        }
        for each in candidates(None)
        if any(word.startswith(text) for word in each.agent.name.lower().split())
    ]
    return JsonResponse(found[:MOST], safe=False)


@require_GET
@needs("desk.use")
def addresses(request: AgentRequest) -> JsonResponse:
    """Mail addresses of known people, as recipients."""
    return JsonResponse(found_people(request, _typed(request))[:MOST], safe=False)


def found_people(request: AgentRequest, text: str) -> list[dict[str, str]]:
    """Known people with each of their mail addresses."""
    return [
        {"value": line_of((identity.value, contact.name)), "label": contact.name, "sub": identity.value}
        for contact in _people(request, text)
        for identity in contact.identities.all()
        if identity.kind == "email"
    ]
