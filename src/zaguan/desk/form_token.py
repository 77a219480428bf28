"""The token that every form of the desk carries, made once per page."""

from __future__ import annotations

import os
from string import ascii_letters, digits

from django.http import HttpRequest
from django.middleware.csrf import CSRF_SECRET_LENGTH, get_token

# Django's letters, and for each its place among them.
_LETTERS = (ascii_letters + digits).encode()
_COUNT = len(_LETTERS)
_PLACES = bytes(max(_LETTERS.find(byte), 0) for byte in range(256))
# Random bytes to places, without those at the end that would make some places likelier.
_EVEN = bytes(byte % _COUNT for byte in range(256))
_UNEVEN = bytes(range(256 - 256 % _COUNT, 256))
_TO_LETTERS = _LETTERS + bytes(256 - _COUNT)


def form_token(request: HttpRequest) -> str:
    """As Django's `get_token`, which takes a hundred times as many steps and sends the cookie again each time."""
    made: str | None = request.__dict__.get("_form_token")
    if made is None:
        secret = request.META.get("CSRF_COOKIE") or ""
        made = _masked(secret) if len(secret) == CSRF_SECRET_LENGTH else get_token(request)
        request.__dict__["_form_token"] = made
    return made


def _masked(secret: str) -> str:
    """Another text each time for the same secret, so that what a page weighs tells nothing about it."""
    mask = b""
    while len(mask) < CSRF_SECRET_LENGTH:
        mask += os.urandom(48).translate(_EVEN, _UNEVEN)
    mask = mask[:CSRF_SECRET_LENGTH]
    places = secret.encode().translate(_PLACES)
    cipher = bytes([(a + b) % _COUNT for a, b in zip(places, mask, strict=True)])
    return (mask + cipher).translate(_TO_LETTERS).decode()
