"""Gate 1 of the API: bearer tokens, one named permission per endpoint, and calls that happen once."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from functools import wraps
from typing import Any
from zoneinfo import ZoneInfo

from django.core.serializers.json import DjangoJSONEncoder
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from ninja import Status
from ninja.errors import HttpError
from ninja.security import HttpBearer

from zaguan.api.models import Call
from zaguan.lib.errors import Refused
from zaguan.people.models import Agent
from zaguan.people.tokens import agent_of


class AgentRequest(HttpRequest):
    """A request whose token was good; `auth` is its agent."""

    auth: Agent


class Bearer(HttpBearer):
    """`Authorization: Bearer zg_…`; answers in the agent's language and zone."""

    def authenticate(self, request: HttpRequest, token: str) -> Agent | None:
        agent = agent_of(token)
        if agent is not None:
            translation.activate(agent.language)
            if agent.time_zone:
                timezone.activate(ZoneInfo(agent.time_zone))
            else:
                # Not that of whoever called before in this thread.
                timezone.deactivate()
        return agent


def needs(permission: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Let the endpoint run only for agents who may; others get 403."""

    def decorate(endpoint: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(endpoint)
        def guarded(request: AgentRequest, *args: Any, **kwargs: Any) -> Any:
            if not request.auth.can("desk.use") or not request.auth.can(permission):
                raise HttpError(403, _("Your role does not allow this: %(name)s.") % {"name": permission})
            return endpoint(request, *args, **kwargs)

        guarded.permission = permission  # type: ignore[attr-defined]
        return guarded

    return decorate


def public(view: Callable[..., Any]) -> Callable[..., Any]:
    """Say that an address is for everybody."""
    view.permission = "public"  # type: ignore[attr-defined]
    return view


def once(endpoint: Callable[..., Any]) -> Callable[..., Any]:
    """A writing endpoint that honours Idempotency-Key: the same key answers the same, and writes nothing again.

    It answers with plain values, named as in its schema, so that they can be kept.
    """

    @wraps(endpoint)
    def guarded(request: AgentRequest, *args: Any, **kwargs: Any) -> Any:
        key = request.headers.get("Idempotency-Key", "")[:200]
        if not key:
            return endpoint(request, *args, **kwargs)
        body = request.method.encode() + request.path.encode() + request.body  # type: ignore[union-attr]
        fingerprint = hashlib.sha256(body).hexdigest()
        try:
            with transaction.atomic():
                call = Call.objects.create(agent=request.auth, key=key, request=fingerprint)
                result = endpoint(request, *args, **kwargs)
                call.status, call.answer = _pair(result)
                call.save(update_fields=["status", "answer"])
                return result
        except IntegrityError:
            return _again(request.auth, key, fingerprint)

    return guarded


def _pair(result: Any) -> tuple[int, Any]:
    status, value = (result.status_code, result.value) if isinstance(result, Status) else (200, result)
    return status, json.loads(json.dumps(value, cls=DjangoJSONEncoder))


def _again(agent: Agent, key: str, fingerprint: str) -> HttpResponse:
    call = Call.objects.filter(agent=agent, key=key).first()
    if call is None:
        # Not our unique key: some other constraint refused, which a second try will show.
        raise Refused(_("Somebody else changed the same thing just now. Try again."))
    if call.request != fingerprint:
        raise HttpError(422, _("This Idempotency-Key was used for another call."))
    # 204 has no body, not even null.
    body = "" if call.status == 204 else json.dumps(call.answer)
    return HttpResponse(
        body, status=call.status, content_type="application/json", headers={"Idempotency-Replayed": "true"}
    )
