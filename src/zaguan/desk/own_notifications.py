"""Account → Notifications: what comes how, quiet hours, the digest, and the devices that are told."""

from __future__ import annotations

import json
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from zaguan.desk.access import AgentRequest, needs
from zaguan.desk.notification_grid import MEDIUM_NAMES, cells, place_named, places_of, save_grid, wishes_form
from zaguan.desk.rendering import page
from zaguan.lib.errors import Refused
from zaguan.notifications.devices import add_device, rename_device, take_off
from zaguan.notifications.models import PushSubscription
from zaguan.notifications.pushing import try_out
from zaguan.notifications.server_key import sender
from zaguan.notifications.timing import zone_of
from zaguan.notifications.wishing import wish


@require_http_methods(["GET", "POST"])
@needs("desk.use")
def own_notifications(request: AgentRequest) -> HttpResponse:
    """Two forms, `do`: grid (for all tickets, or with `for` those of a team or an inbox) and wishes."""
    agent, do = request.user, request.POST.get("do", "")
    place = place_named(agent, request.POST.get("for") or request.GET.get("for", ""))
    form = wishes_form(agent.pk, request.POST if do == "wishes" else None)
    if do == "grid":
        save_grid(agent, place, request.POST, by=agent)
        return _saved(f"?for={place.key}" if place.key else "")
    if do == "wishes" and form.carry_out(lambda **data: wish(agent, by=agent, **data)):
        return _saved("#when")
    context: dict[str, Any] = {
        "groups": cells(agent.pk, place),
        "media": list(MEDIUM_NAMES.items()),
        "place": place.key,
        "places": places_of(agent),
        "form": form,
        "zone": str(zone_of(agent)),
        "devices": PushSubscription.objects.visible_to(agent).order_by("pk"),
        "server_key": sender().public,
        "https": settings.HTTPS,
    }
    return page(request, "desk/account/notifications.jinja", **context)


def _saved(where: str) -> HttpResponse:
    return HttpResponseRedirect(reverse("desk:own-notifications") + where)


@require_POST
@needs("desk.use")
def add(request: AgentRequest) -> JsonResponse:
    """What the browser's subscription says of itself, as JSON; answers with the device's number."""
    try:
        given = json.loads(request.body)
        keys = given["keys"]
        values = {
            "endpoint": str(given["endpoint"]),
            "p256dh": str(keys["p256dh"]),
            "auth": str(keys["auth"]),
            "name": str(given.get("name", "")),
        }
    except (ValueError, KeyError, TypeError):
        raise Refused(_("That is not what a browser sends for push messages.")) from None
    device = add_device(request.user, by=request.user, **values)
    return JsonResponse({"id": device.pk}, status=201)


@require_POST
@needs("desk.use")
def device(request: AgentRequest, pk: int) -> HttpResponse:
    """`do`: test, rename or remove."""
    row = get_object_or_404(PushSubscription.objects.visible_to(request.user).select_related("agent"), pk=pk)
    do = request.POST.get("do", "")
    if do == "test":
        return _tested(request, row)
    if do == "rename":
        rename_device(row, request.POST.get("name", ""), by=request.user)
        messages.success(request, _("Saved."))
    else:
        take_off(row, by=request.user)
        messages.success(request, _("%(name)s is told nothing any more.") % {"name": row.name})
    return _saved("#devices")


def _tested(request: AgentRequest, row: PushSubscription) -> HttpResponse:
    """What the push service said, in words; scripts get it as JSON and show it beside the button."""
    answer = try_out(row)
    said = _("Sent. It appears on “%(name)s” in a moment.") % {"name": row.name}
    if "json" in request.headers.get("Accept", ""):
        return JsonResponse(
            {"ok": answer.ok, "why": answer.why, "text": said if answer.ok else answer.sentence}
        )
    (messages.success if answer.ok else messages.error)(request, said if answer.ok else answer.sentence)
    return _saved("#devices")
