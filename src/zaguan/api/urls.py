"""The API as one thing: its parts, its errors as problem documents, its documentation."""

from __future__ import annotations

import json
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import path
from django.utils.translation import gettext as _
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError

from zaguan.api import lists, messages, people, tickets
from zaguan.api.access import Bearer
from zaguan.lib.errors import Conflict, Refused

api = NinjaAPI(
    title="Zaguán",
    version="1",
    description="Everything the desk does. Sign with `Authorization: Bearer <token>`; make one with `zaguan token create`.",
    auth=Bearer(),
    docs_url="/docs",
    openapi_url="/openapi.json",
    urls_namespace="api-v1",
)
for prefix, router in (
    ("/tickets", tickets.router),
    ("", messages.router),
    ("", people.router),
    ("", lists.router),
):
    api.add_router(prefix, router)


def _problem(status: int, sentence: str, **more: Any) -> HttpResponse:
    """RFC 9457: a sentence for a person, and the field that it is about."""
    body = {"type": "about:blank", "status": status, "title": sentence, **more}
    text = json.dumps(body, cls=DjangoJSONEncoder)
    return HttpResponse(text, status=status, content_type="application/problem+json")


@api.exception_handler(Conflict)
def conflict(request: HttpRequest, error: Conflict) -> HttpResponse:
    return _problem(409, error.sentence, version=error.version, changes=error.changes)


@api.exception_handler(Refused)
def refused(request: HttpRequest, error: Refused) -> HttpResponse:
    return _problem(422, error.sentence, field=error.field)


@api.exception_handler(ValidationError)
def invalid(request: HttpRequest, error: ValidationError) -> HttpResponse:
    found = [
        {"field": ".".join(str(p) for p in e["loc"][2:] or e["loc"][1:]), "problem": e["msg"]}
        for e in error.errors
    ]
    first = found[0] if found else {"field": "", "problem": ""}
    sentence = _("The field %(field)s is not right: %(problem)s.") % first
    return _problem(422, sentence, field=first["field"], errors=found)


@api.exception_handler(AuthenticationError)
def unknown(request: HttpRequest, error: AuthenticationError) -> HttpResponse:
    return _problem(401, _("Send a valid token: Authorization: Bearer …"))


@api.exception_handler(Http404)
def missing(request: HttpRequest, error: Http404) -> HttpResponse:
    return _problem(404, str(error) or _("There is nothing here."))


@api.exception_handler(HttpError)
def http_error(request: HttpRequest, error: HttpError) -> HttpResponse:
    return _problem(error.status_code, str(error))


urlpatterns = [path("v1/", api.urls)]
