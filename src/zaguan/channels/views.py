"""One door for the hooks of all channels; each channel checks for itself who knocks."""

from __future__ import annotations

import logging

from django.db import DatabaseError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from zaguan.channels.base import DeliveryError, channel_for
from zaguan.channels.hooks import HookRefused
from zaguan.conversations.models import Inbox

log = logging.getLogger(__name__)


@csrf_exempt
@require_http_methods(["POST", "HEAD"])
def hook(request: HttpRequest, kind: str, public_id: str) -> HttpResponse:
    """Take in what a provider hands over: 200 once it is stored, 401 when it is not proved to come from them."""
    inbox = get_object_or_404(Inbox, kind=kind, public_id=public_id, is_active=True)
    if request.method == "HEAD":
        # Some providers look whether somebody is there when the address is entered.
        return HttpResponse()
    try:
        taken = channel_for(kind).take(request, inbox)
    except HookRefused as refusal:
        log.warning("A hook for inbox %s was refused: %s", inbox.pk, refusal)
        return JsonResponse({"status": refusal.status, "title": str(refusal)}, status=refusal.status)
    except DeliveryError:
        raise Http404 from None
    except DatabaseError:
        log.exception("A hook's content could not be stored")
        return JsonResponse({"status": 503, "title": "Not stored. Try again."}, status=503)
    return JsonResponse({"taken": taken})


# Gate 1 is the signature that every channel demands.
hook.permission = "public"  # type: ignore[attr-defined]
