"""The search page, and the quick answers of the palette."""

from __future__ import annotations

from django.http import HttpResponse, HttpResponseRedirect, JsonResponse
from django.urls import reverse
from django.utils.html import strip_tags
from django.views.decorators.http import require_GET

from zaguan.desk.access import AgentRequest, needs
from zaguan.desk.found import content, hits, title
from zaguan.desk.rendering import wants_part
from zaguan.desk.shell import shell
from zaguan.search.finding import find

QUICK = 6


@require_GET
@needs("desk.use")
def search(request: AgentRequest) -> HttpResponse:
    """Tickets, people and organisations for some words and operators; a number alone opens its ticket."""
    text = request.GET.get("q", "").strip()
    found = find(request.user, text, cursor=request.GET.get("cursor", ""), typing=False) if text else None
    if found and found.number and not request.GET.get("cursor"):
        return HttpResponseRedirect(reverse("desk:ticket", args=[found.number.number]))
    if found and wants_part(request, "rows"):
        return HttpResponse(hits(text, found))
    return shell(request, title=title(text), section="search", panes=content(text, found))


@require_GET
@needs("desk.use")
def quick_search(request: AgentRequest) -> JsonResponse:
    """A few tickets and people while somebody types."""
    text = request.GET.get("q", "").strip()
    found = find(request.user, text, size=QUICK) if text else None
    if found is None:
        return JsonResponse({"items": []})
    rows = ([found.number] if found.number else []) + [hit.row for hit in found.tickets]
    tickets = [
        {
            "label": f"#{r.number} {r.subject}",
            "sub": r.requester_name or "",
            "phase": r.phase,
            "href": _ticket(r.number),
        }
        for r in {row.number: row for row in rows}.values()
    ]
    people = [_person(c.name, "user-round", "desk:contact", c.public_id) for c in found.people[:QUICK]]
    groups = [
        _person(o.name, "building-2", "desk:organisation", o.public_id) for o in found.organisations[:3]
    ]
    return JsonResponse({"items": [*tickets[:QUICK], *people, *groups]})


def _ticket(number: int) -> str:
    return reverse("desk:ticket", args=[number])


def _person(name: str, icon: str, route: str, public_id: str) -> dict[str, str]:
    return {"label": strip_tags(name), "sub": "", "icon": icon, "href": reverse(route, args=[public_id])}
