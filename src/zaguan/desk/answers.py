"""Short answers to an action: a toast for htmx, a message on the next page without script."""

from __future__ import annotations

import json

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect

from zaguan.desk.access import AgentRequest


def toast(
    request: AgentRequest,
    text: str,
    *,
    undo: str = "",
    kind: str = "",
    otherwise: HttpResponse,
    body: str | None = None,
) -> HttpResponse:
    """Say `text`; `undo` is an address that takes the action back. Without htmx, `otherwise` is answered."""
    if not request.headers.get("HX-Request"):
        (messages.error if kind == "error" else messages.success)(request, text)
        return otherwise
    answer = HttpResponse(body, status=200 if body is not None else 204)
    said = {"text": text, "kind": kind} | ({"undo": undo} if undo else {})
    answer["HX-Trigger"] = json.dumps({"toast": said, "zaguan:changed": {}})
    return answer


def leads_to(request: AgentRequest, text: str, address: str, *, undo: str = "") -> HttpResponse:
    """Say `text` on the page at `address`, and go there: for what makes something new. `undo` takes it back."""
    # The tag is how the next page learns of it: a message carries nothing else.
    messages.success(request, text, extra_tags=undo)
    return go_to(request, address)


def go_to(request: AgentRequest, address: str) -> HttpResponse:
    """The page at `address` is next, with script or without."""
    if not request.headers.get("HX-Request"):
        return HttpResponseRedirect(address)
    return HttpResponse(status=204, headers={"HX-Redirect": address})
