"""Every address of the product with the permission that it names: the permission walk and docs/permissions.md read it."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver


@dataclass(frozen=True)
class Route:
    """One address and what it asks for; `permission` is empty when the view names none, which a test refuses."""

    path: str
    methods: tuple[str, ...]
    permission: str
    name: str
    view: Callable[..., Any]


def all_routes() -> list[Route]:
    """Sorted by address; the API's methods are routes of their own."""
    found = list(_walk(get_resolver().url_patterns, "/", ""))
    # django-ninja lists an address once for each of its methods, and each leads to all of them.
    operations = {(route.path, route.methods): route for route in found if route.methods}
    plain = [route for route in found if not route.methods]
    return sorted([*plain, *operations.values()], key=lambda route: (route.path, route.methods))


def _walk(patterns: list[URLPattern | URLResolver], prefix: str, namespace: str) -> Iterator[Route]:
    for pattern in patterns:
        path = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            yield from _walk(pattern.url_patterns, path, inner)
        else:
            yield from _routes(pattern, path, namespace)


def _routes(pattern: URLPattern, path: str, namespace: str) -> Iterator[Route]:
    view = pattern.callback
    name = f"{namespace}{pattern.name or ''}"
    # django-ninja hides the object with the methods of an address in the closure of its view.
    inner = inspect.unwrap(view)
    hidden = inspect.getclosurevars(inner).nonlocals if inspect.isfunction(inner) else {}
    operations = getattr(hidden.get("self"), "operations", None)
    if operations is None:
        yield Route(path, (), getattr(view, "permission", ""), name, view)
        return
    for operation in operations:
        endpoint = operation.view_func
        named = f"{namespace}{endpoint.__name__}"
        yield Route(path, tuple(operation.methods), getattr(endpoint, "permission", ""), named, endpoint)
