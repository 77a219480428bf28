"""Pages go compressed: a ticket of 90 kB takes 16 kB of the line and less than a millisecond."""

from __future__ import annotations

import gzip
import secrets
from collections.abc import Callable
from io import BytesIO

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.cache import patch_vary_headers
from django.utils.regex_helper import _lazy_re_compile

SMALL = 1400
LEVEL = 1
ACCEPTS = _lazy_re_compile(r"\bgzip\b(?!\s*;\s*q=0(\.0*)?\s*(,|$))")


class CompressionMiddleware:
    """Only pages: files are compressed when they are built, streams have to leave at once, the API's callers choose."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if not isinstance(response, HttpResponse) or not _gains(response):
            return response
        patch_vary_headers(response, ("Accept-Encoding",))
        if ACCEPTS.search(request.headers.get("Accept-Encoding", "")):
            response.content = _packed(response.content)
            response.headers["Content-Encoding"] = "gzip"
            response.headers["Content-Length"] = str(len(response.content))
            tag = response.headers.get("ETag", "")
            if tag.startswith('"'):
                # Another form of the same page.
                response.headers["ETag"] = f"W/{tag}"
        return response


def _gains(response: HttpResponse) -> bool:
    kind = response.headers.get("Content-Type", "")
    return (
        kind.startswith("text/html")
        and not response.has_header("Content-Encoding")
        and len(response.content) >= SMALL
    )


def _packed(content: bytes) -> bytes:
    """Compressed, with a name of random length: the size of a page tells nothing about a secret in it (BREACH)."""
    packed = BytesIO()
    name = "z" * (1 + secrets.randbelow(100))
    with gzip.GzipFile(filename=name, mode="wb", compresslevel=LEVEL, fileobj=packed, mtime=0) as file:
        file.write(content)
    return packed.getvalue()
