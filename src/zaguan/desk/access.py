"""Gate 1 of the desk: every page names the permission that it needs; and what each request carries."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec, cast
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect
from django.utils import timezone, translation

from zaguan.lib.errors import Conflict, Refused
from zaguan.people.availability import alive
from zaguan.people.models import Agent

P = ParamSpec("P")
PUBLIC = "public"


class AgentRequest(HttpRequest):
    """A request behind `needs`: `user` is an agent who may."""

    user: Agent


View = Callable[Concatenate[AgentRequest, P], HttpResponseBase]
Wrapped = Callable[Concatenate[HttpRequest, P], HttpResponseBase]


def needs(permission: str) -> Callable[[View[P]], Wrapped[P]]:
    """Let in signed-in agents whose role has `permission`; others are sent to sign in, or get 403."""

    def decorate(view: View[P]) -> Wrapped[P]:
        @wraps(view)
        def guarded(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            user = request.user
            if not isinstance(user, Agent) or not user.is_active:
                return redirect_to_login(request.get_full_path())
            if not user.can("desk.use") or not user.can(permission):
                raise PermissionDenied
            if _is_visited(request):
                alive(user)
            return view(request, *args, **kwargs)  # type: ignore[arg-type]

        guarded.permission = permission  # type: ignore[attr-defined]
        return cast("Wrapped[P]", guarded)

    return decorate


def _is_visited(request: HttpRequest) -> bool:
    """Whether a person went to this page, rather than a script that fetches a part of it. Without TLS, browsers do not say."""
    mode = request.headers.get("Sec-Fetch-Mode")
    if mode is not None:
        return mode == "navigate"
    return request.headers.get("Accept", "").startswith("text/html,")


def public(view: Callable[..., Any]) -> Callable[..., Any]:
    """Say that a page is for everybody."""
    view.permission = PUBLIC  # type: ignore[attr-defined]
    return view


def _agent_behind(request: HttpRequest) -> Any:
    """The agent itself instead of Django's stand-in, which costs at each of some hundred looks per page."""
    user: Any = request.user
    if user.is_authenticated:
        request.user = user = getattr(user, "_wrapped", user)
    return user


class LanguageMiddleware:
    """The reader's language and time zone: the agent's own, else the browser's, else the installation's."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        user = _agent_behind(request) if request.path.startswith("/desk/") else None
        chosen = user.language if isinstance(user, Agent) else translation.get_language_from_request(request)
        zone = ZoneInfo(user.time_zone) if isinstance(user, Agent) and user.time_zone else None
        # Restored afterwards, whatever the page or an API token chose: the thread serves others next.
        with translation.override(chosen), timezone.override(zone):
            return self.get_response(request)


class RefusedMiddleware:
    """Turns a refusal into a sentence for the person: problem JSON for scripts, a message on the page they came from."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """422 for a refusal, 409 for a conflict; the page keeps what was typed."""
        if not isinstance(exception, Refused):
            return None
        status = 409 if isinstance(exception, Conflict) else 422
        if request.headers.get("HX-Request") or "json" in request.headers.get("Accept", ""):
            body: dict[str, Any] = {"status": status, "title": exception.sentence, "field": exception.field}
            if isinstance(exception, Conflict):
                body |= {"changes": exception.changes, "version": exception.version}
            return JsonResponse(body, status=status, content_type="application/problem+json")
        messages.error(request, exception.sentence)
        return redirect(request.headers.get("Referer") or "/desk/")
