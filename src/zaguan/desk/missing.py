"""The answer to an address that leads nowhere, or to something that the viewer may not know of."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """A page with a way back; a sentence where a script asked."""
    if "HX-Request" in request.headers or "json" in request.headers.get("Accept", ""):
        return JsonResponse({"title": _("This page does not exist, or not for you.")}, status=404)
    return render(request, "desk/missing.jinja", status=404)
