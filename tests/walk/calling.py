"""Calls each address as each role, and says what the right answer would be."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction

from tests.walk.api import API
from tests.walk.desk import DESK
from tests.walk.entries import Entry
from tests.walk.scene import Scene
from zaguan.people import reference
from zaguan.people.models import Agent
from zaguan.testing.routes import Route

ROLES = ("nobody", "nils", "cleo", "rita", "ana", "bo")
OTHER_TEAM = ("nils", "cleo")
USUAL = {"GET": (200,), "POST": (201, 204, 302), "PUT": (200, 204), "PATCH": (200, 204), "DELETE": (200, 204)}


def is_api(route: Route) -> bool:
    return route.path.startswith("/api/") and bool(route.methods)


def key(route: Route) -> str:
    """The name under which tests/walk knows a route."""
    return f"{route.methods[0]} {route.path.removeprefix('/api/v1')}" if is_api(route) else route.name


def entry_of(route: Route) -> Entry:
    return (API if is_api(route) else DESK)[key(route)]


def answers(scene: Scene, route: Route) -> Iterator[tuple[str, str, str, tuple[int, str], tuple[int, ...]]]:
    """Each call of a route with what came back and what should have."""
    entry = entry_of(route)
    ids = iter([scene.ids.get(name, name) for name in entry.on])
    path = re.sub(r"\^?\(?\??P?<[^>]+>(?:\.\*\)\$)?", lambda _found: str(next(ids)), route.path)
    for method in route.methods or ("GET", "POST"):
        refused = not route.methods and {"GET": entry.get, "POST": entry.post}[method] is None
        # Whether a method is allowed depends on nobody.
        for role in ("bo",) if refused else ROLES:
            good = (405,) if refused else wanted(scene, route, entry, method, role)
            yield method, path, role, call(scene, route, entry, method, role, path), good


def wanted(scene: Scene, route: Route, entry: Entry, method: str, role: str) -> tuple[int, ...]:
    """The answers that are right."""
    good = entry.good or USUAL[method]
    if route.permission == "public":
        return good
    if role == "nobody":
        return (401,) if is_api(route) else (302,)
    if not may(scene, role, route.permission):
        return (403,)
    hidden = (entry.hidden and role in OTHER_TEAM) or (entry.only and role not in entry.only)
    if not may(scene, role, *entry.also):
        return (403, 404) if hidden else (403,)
    return (404,) if hidden else good


def may(scene: Scene, role: str, *permissions: str) -> bool:
    agent = Agent.objects.select_related("role").get(email=f"{role}@zaguan.example")
    return all(agent.can(permission) for permission in permissions)


def call(scene: Scene, route: Route, entry: Entry, method: str, role: str, path: str) -> tuple[int, str]:
    """One request, of which nothing stays: its status, and everything that it tells."""
    with transaction.atomic():
        answer = send(scene, route, entry, method, role, path)
        told = shown(answer)
        transaction.set_rollback(True)
    reference.forget_all()
    return answer.status_code, told


def send(scene: Scene, route: Route, entry: Entry, method: str, role: str, path: str) -> Any:
    client = scene.client(role, machine=is_api(route))
    if method == "GET":
        return client.get(path, filled(scene, entry.get or {}, role))
    if entry.body is None:
        return (
            client.generic(method, path)
            if is_api(route) and not entry.post
            else client.post(path, filled(scene, entry.post or {}, role))
        )
    return client.generic(
        method, path, json.dumps(filled(scene, entry.body, role)), content_type="application/json"
    )


def filled(scene: Scene, values: Any, role: str) -> Any:
    """Ids of the scene in place of {names}, a file in place of FILE, a team that the role may choose."""
    if isinstance(values, dict):
        return {name: filled(scene, value, role) for name, value in values.items()}
    if isinstance(values, list):
        return [filled(scene, value, role) for value in values]
    if values == "FILE":
        return SimpleUploadedFile("plan.txt", b"plan", "text/plain")
    if values == "OWN-TEAM":
        return scene.ids["team" if role in OTHER_TEAM else "support"]
    found = re.fullmatch(r"\{([\w-]+)\}", values) if isinstance(values, str) else None
    return scene.ids[found[1]] if found else values


def shown(answer: Any) -> str:
    """Everything that an answer tells: body, also of a file, and headers."""
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    for close in answer._resource_closers:
        close()
    return body.decode("utf-8", "replace") + "\n".join(f"{k}: {v}" for k, v in answer.headers.items())
