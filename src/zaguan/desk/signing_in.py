"""Sign in and out."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse


def locked_out(request: HttpRequest, credentials: dict[str, Any], *args: Any, **kwargs: Any) -> HttpResponse:
    """What somebody sees after too many wrong passwords."""
    return HttpResponse(status=429)
