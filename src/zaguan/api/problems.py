"""Every refusal of the API as a problem document (RFC 9457): a sentence for a person, and the field that it is about."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.serializers.json import DjangoJSONEncoder
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.utils.translation import gettext as _
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError

from zaguan.api.editions import marked_with
from zaguan.lib.attributes.errors import PREFIX, NotAccepted
from zaguan.lib.errors import Conflict, Refused

log = logging.getLogger("zaguan.api")
View = Callable[..., HttpResponseBase]


def problem(status: int, sentence: str, **more: Any) -> HttpResponse:
    """The document with its status."""
    body = {"type": "about:blank", "status": status, "title": sentence, **more}
    text = json.dumps(body, cls=DjangoJSONEncoder)
    return HttpResponse(text, status=status, content_type="application/problem+json")


def conflict(request: HttpRequest, error: Conflict) -> HttpResponse:
    """Somebody was quicker: what they changed, and the version as it is now."""
    return problem(409, error.sentence, version=error.version, changes=error.changes)


def refused(request: HttpRequest, error: Refused) -> HttpResponse:
    """A verb said no."""
    if isinstance(error, NotAccepted):
        errors = [{"field": PREFIX + key, "problem": sentence} for key, sentence in error.errors.items()]
        return problem(422, error.sentence, field=error.field, errors=errors)
    return problem(422, error.sentence, field=error.field)


def invalid(request: HttpRequest, error: ValidationError) -> HttpResponse:
    """Something in the call is of the wrong kind; every mistake is named."""
    found = [
        {"field": ".".join(str(p) for p in e["loc"][2:] or e["loc"][1:]), "problem": e["msg"]}
        for e in error.errors
    ]
    first = found[0] if found else {"field": "", "problem": ""}
    sentence = _("The field %(field)s is not right: %(problem)s.") % first
    return problem(422, sentence, field=first["field"], errors=found)


def unknown(request: HttpRequest, error: AuthenticationError) -> HttpResponse:
    """No token, or one that no longer works."""
    answer = problem(401, _("Send a valid token: Authorization: Bearer …"))
    answer["WWW-Authenticate"] = "Bearer"
    return answer


def missing(request: HttpRequest, error: Http404) -> HttpResponse:
    """Not there, or not for this agent: the same answer."""
    return problem(404, str(error) or _("There is nothing here."))


def http_error(request: HttpRequest, error: HttpError) -> HttpResponse:
    """Whatever else has a status."""
    return problem(error.status_code, str(error))


def forbidden(request: HttpRequest, error: PermissionDenied) -> HttpResponse:
    """The role does not allow it."""
    return problem(403, _("Your role does not allow this."))


def broken(request: HttpRequest, error: Exception) -> HttpResponse:
    """Our own mistake: in the log with everything, to the caller without."""
    log.error("%s %s failed", request.method, request.path, exc_info=error)
    return problem(500, _("Something is broken here. It is in the log of the server."))


HANDLERS: dict[type[Exception], Callable[..., HttpResponse]] = {
    Conflict: conflict,
    Refused: refused,
    ValidationError: invalid,
    AuthenticationError: unknown,
    Http404: missing,
    HttpError: http_error,
    PermissionDenied: forbidden,
    Exception: broken,
}


def attach(api: NinjaAPI) -> None:
    """Let the API answer by these."""
    for kind, handler in HANDLERS.items():
        api.add_exception_handler(kind, handler)


def only_its_methods(view: View) -> View:
    """The same view, whose 405 is a problem document too."""

    @wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        answer = view(request, *args, **kwargs)
        tag = marked_with(request)
        if tag and answer.status_code < 300:
            answer["ETag"] = f'"{tag}"'
        if answer.status_code != 405:
            return answer
        allowed = answer.headers.get("Allow", "")
        refusal = problem(405, _("This address does not take %(method)s.") % {"method": request.method})
        refusal["Allow"] = allowed
        return refusal

    wrapped.csrf_exempt = True  # type: ignore[attr-defined]
    return wrapped


def nothing_here(request: HttpRequest, rest: str = "") -> HttpResponse:
    """Every other address below /api/."""
    return problem(404, _("There is nothing here."))
