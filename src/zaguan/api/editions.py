"""Nobody writes over what a colleague changed meanwhile: an ETag on reading, If-Match on writing, 412 when it is stale."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable
from functools import wraps
from inspect import signature
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction
from django.db.models import Model
from django.http import Http404, HttpRequest
from django.utils.translation import gettext as _
from ninja.errors import HttpError

from zaguan.api.access import AgentRequest

# An order is changed at its own address; who and when follows from what.
_NEVER = frozenset({"position", "updated_at", "changed_by"})
# How the description tells of it, beside the parameters of the endpoint itself.
HEADER = {
    "in": "header",
    "name": "If-Match",
    "required": False,
    "schema": {"type": "string"},
    "description": "The ETag that was read. 412 when somebody has changed it since; without it the last one wins.",
}


class Edition:
    """Put it below `@once` on the endpoints that read and write one thing.

    `find` gets the request and the ids of the address, and answers with the row; `parts` are rows, or values, that belong to
    it. The tag is made of all their columns, so that it is the same for every reader; columns in `besides` change by
    themselves. `by_version`: a bare number in If-Match is left to the endpoint, which knows versions.
    """

    def __init__(
        self,
        find: Callable[..., Model],
        *,
        parts: Callable[[Any], Iterable[Any]] = lambda _row: (),
        besides: Iterable[str] = (),
        by_version: bool = False,
    ) -> None:
        self._find, self._parts, self._besides = find, parts, _NEVER | frozenset(besides)
        self._by_version = by_version
        self._names = list(signature(find).parameters)[1:]

    def __call__(self, endpoint: Callable[..., Any]) -> Callable[..., Any]:
        """Guard an endpoint."""

        @wraps(endpoint)
        def guarded(request: AgentRequest, *args: Any, **kwargs: Any) -> Any:
            ids = {name: kwargs[name] for name in self._names}
            if request.method == "GET":
                # Read before: what changes in between makes the tag too old, never too new.
                mark(request, self.tag(self._find(request, **ids)))
                return endpoint(request, *args, **kwargs)
            with transaction.atomic():
                self._refuse_stale(request, ids)
                result = endpoint(request, *args, **kwargs)
                if request.method != "DELETE":
                    self._mark_new(request, ids)
            return result

        guarded.edition = self  # type: ignore[attr-defined]
        return guarded

    def tag(self, row: Model) -> str:
        """The same for the same values."""
        rows = [row, *self._parts(row)]
        text = json.dumps([self._said(each) for each in rows], cls=DjangoJSONEncoder)
        return hashlib.sha256(text.encode()).hexdigest()[:32]

    def _said(self, part: Any) -> Any:
        if not isinstance(part, Model):
            return part
        fields = part._meta.concrete_fields
        return [str(f.value_to_string(part)) for f in fields if f.name not in self._besides]

    def _refuse_stale(self, request: AgentRequest, ids: dict[str, Any]) -> None:
        given = read_tags(request)
        if not given or (self._by_version and all(tag.isdecimal() for tag in given)):
            return
        row = self._find(request, **ids)
        # Whoever writes at the same moment waits here, and finds the row as it is then.
        type(row)._base_manager.select_for_update(of=("self",)).filter(pk=row.pk).first()
        if "*" not in given and self.tag(self._find(request, **ids)) not in given:
            raise HttpError(
                412, _("Somebody has changed this since you read it. Read it again, then change it.")
            )

    def _mark_new(self, request: AgentRequest, ids: dict[str, Any]) -> None:
        try:
            mark(request, self.tag(self._find(request, **ids)))
        except Http404:
            # It became part of another one, or is no longer the caller's to see.
            return


def read_tags(request: HttpRequest) -> list[str]:
    """What If-Match says; whoever compressed an answer made its tag a weak one."""
    parts = request.headers.get("If-Match", "").split(",")
    return [tag for part in parts if (tag := part.strip().removeprefix("W/").strip('"'))]


def mark(request: AgentRequest, tag: str) -> None:
    """The answer gets it as its ETag."""
    request.edition = tag  # type: ignore[attr-defined]


def marked_with(request: HttpRequest) -> str:
    """The tag of what was read or written, "" when it has none."""
    return str(getattr(request, "edition", ""))
