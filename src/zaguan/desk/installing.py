"""The desk as an app: its manifest, its service worker, and the page for when there is no network."""

from __future__ import annotations

import json
from pathlib import Path

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from zaguan.desk.access import public
from zaguan.desk.templating import asset

# As in ui/templates/ui/base.jinja: the frame's ground in light; the page itself says the one in the dark.
THEME, GROUND = "#f3efe9", "#faf8f5"


@require_safe
@public
def manifest(request: HttpRequest) -> JsonResponse:
    """What a device needs to install it; browsers ask for it without a session."""
    with translation.override(translation.get_language_from_request(request)):
        desk = reverse("desk:inbox")
        described = {
            "id": desk,
            "name": _("Zaguán, the helpdesk"),
            "short_name": "Zaguán",
            "description": _("Every channel is a door, behind all of them stands one inbox."),
            "lang": translation.get_language(),
            "start_url": desk,
            "scope": desk,
            "display": "standalone",
            "background_color": GROUND,
            "theme_color": THEME,
            "categories": ["business", "productivity"],
            "icons": [
                _icon("icon-192.png", "192x192"),
                _icon("icon-512.png", "512x512"),
                _icon("icon-512-maskable.png", "512x512", "maskable"),
                _icon("logo.svg", "any"),
            ],
            "shortcuts": [
                _shortcut(_("New ticket"), reverse("desk:new-ticket")),
                _shortcut(_("Notifications"), reverse("desk:notifications")),
                _shortcut(_("Search"), reverse("desk:search")),
            ],
        }
    answer = JsonResponse(described, content_type="application/manifest+json")
    answer["Cache-Control"] = "public, max-age=3600"
    answer["Vary"] = "Accept-Language"
    return answer


def _icon(name: str, sizes: str, purpose: str = "any") -> dict[str, str]:
    kind = "image/svg+xml" if name.endswith(".svg") else "image/png"
    return {"src": asset(name), "sizes": sizes, "type": kind, "purpose": purpose}


def _shortcut(name: str, address: str) -> dict[str, object]:
    return {"name": name, "url": address, "icons": [_icon("icon-192.png", "192x192")]}


@require_safe
@public
def service_worker(request: HttpRequest) -> HttpResponse:
    """The built script, from an address above all pages of the desk; told first what to keep for bad times."""
    kept = [reverse("desk:offline"), asset("ui.css"), asset("logo.svg")]
    shown = {"icon": asset("icon-192.png"), "badge": asset("badge-96.png")}
    told = {"kept": kept, "offline": kept[0], **shown, "desk": reverse("desk:inbox")}
    name = asset("service-worker.js").rpartition("/")[2]
    script = (Path(settings.ASSETS) / name).read_text()
    answer = HttpResponse(
        f"self.zaguan={json.dumps(told)};\n{script}", content_type="text/javascript; charset=utf-8"
    )
    # A browser compares it with the one it has; an old one must never hold on.
    answer["Cache-Control"] = "no-cache"
    return answer


@require_safe
@public
def offline(request: HttpRequest) -> HttpResponse:
    """Kept on the device, for when the desk cannot be reached."""
    return render(request, "desk/offline.jinja")
