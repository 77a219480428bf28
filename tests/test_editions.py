"""Every write to what agents edit together honours If-Match: a stale one is 412 and changes nothing, a fresh one works."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from django.db import transaction
from django.test import Client

from tests.walk.api import API
from tests.walk.calling import USUAL, filled, is_api, key
from tests.walk.editions import UNGUARDED
from tests.walk.scene import Scene, make_scene
from zaguan.api.editions import Edition
from zaguan.api.tests.calling import machine
from zaguan.people import reference
from zaguan.people.making import make_organisation
from zaguan.testing.makers import make_ticket
from zaguan.testing.routes import Route, all_routes
from zaguan.testing.world import World

WRITES = ("PUT", "PATCH", "DELETE")
_NAME = re.compile(r"<(?:\w+:)?(\w+)>")


def _routes(*methods: str) -> list[Route]:
    return [route for route in all_routes() if is_api(route) and route.methods[0] in methods]


def _edition(route: Route) -> Edition | None:
    return getattr(route.view, "edition", None)


GUARDED = [route for route in _routes(*WRITES) if _edition(route)]
READS = {id(_edition(route)): route for route in _routes("GET") if _edition(route)}


def _address(path: str, ids: dict[str, Any]) -> str:
    return _NAME.sub(lambda found: str(ids[found[1]]), path)


def _send(scene: Scene, role: str, route: Route, address: str, tag: str) -> Any:
    body = API[key(route)].body
    text = json.dumps(filled(scene, body, role)) if body is not None else ""
    headers = {"If-Match": tag} if tag else {}
    client = scene.client(role, machine=True)
    return client.generic(route.methods[0], address, text, content_type="application/json", headers=headers)


def _wrong(scene: Scene, route: Route) -> list[str]:
    """Read it, write it with an old tag, with none, and with the right one."""
    entry, read = API[key(route)], READS[id(_edition(route))]
    ids = dict(zip(_NAME.findall(route.path), [scene.ids.get(each, each) for each in entry.on], strict=True))
    role = next(iter(entry.only), "bo")
    client, address, found = (
        scene.client(role, machine=True),
        _address(route.path, ids),
        _address(read.path, ids),
    )
    tag = client.get(found).headers.get("ETag", "")
    wrong = [] if re.fullmatch(r'"[0-9a-f]{32}"', tag) else [f"reads {tag}"]
    stale = _send(scene, role, route, address, '"0123456789abcdef0123456789abcdef"')
    if stale.status_code != 412 or "Read it again" not in stale.json()["title"]:
        wrong.append(f"stale {stale.status_code}")
    if client.get(found).headers.get("ETag") != tag:
        wrong.append("changed by a stale call")
    good = (*(entry.good or USUAL[route.methods[0]]), *(USUAL[route.methods[0]]))
    for given in (f'"x", W/{tag}', "*", ""):
        with transaction.atomic():
            answer = _send(scene, role, route, address, given)
            again = "" if route.methods[0] == "DELETE" else client.get(found).headers.get("ETag", "")
            transaction.set_rollback(True)
        reference.forget_all()
        if answer.status_code not in good:
            wrong.append(f"{given or 'without'} {answer.status_code}")
        if (
            answer.headers.get("ETag", "") != again
            and answer.status_code < 300
            and route.methods[0] != "DELETE"
        ):
            wrong.append(f"answers another tag than what is read then: {given}")
    return wrong


@pytest.mark.django_db
def test_nobody_writes_over_what_was_changed_meanwhile() -> None:
    scene = make_scene()
    wrong = {key(route): found for route in GUARDED if (found := _wrong(scene, route))}
    assert not wrong


def test_every_write_is_guarded_or_says_why_not() -> None:
    names = [key(route).partition(" ")[2] for route in _routes(*WRITES) if not _edition(route)]
    left = [name for name in names if not name.endswith("/order") and not name.startswith(tuple(UNGUARDED))]
    assert not left
    unused = [start for start in UNGUARDED if not any(name.startswith(start) for name in names)]
    assert not unused


@pytest.mark.django_db
def test_a_colleague_is_not_written_over(world: World) -> None:
    patio = make_organisation("Patio", {}, by=world.bo)
    ana, bo, path = machine(world.ana), machine(world.bo), f"/api/v1/organisations/{patio.public_id}"

    def write(client: Client, notes: str, tag: str = "") -> Any:
        headers = {"If-Match": tag} if tag else {}
        body = {"name": "Patio", "notes": notes}
        return client.patch(path, body, content_type="application/json", headers=headers)

    read = ana.get(path).headers["ETag"]
    assert write(bo, "De Bo").status_code == 200
    late = write(ana, "De Ana", read)
    assert (late.status_code, late["Content-Type"]) == (412, "application/problem+json")
    assert ana.get(path).json()["notes"] == "De Bo"
    fresh = ana.get(path).headers["ETag"]
    done = write(ana, "Ambas", fresh)
    assert done.status_code == 200
    assert done.headers["ETag"] == ana.get(path).headers["ETag"] == bo.get(path).headers["ETag"] != fresh


@pytest.mark.django_db
def test_a_ticket_says_its_version_as_a_tag(world: World) -> None:
    ticket, ana = make_ticket(world), machine(world.ana)
    path = f"/api/v1/tickets/{ticket.pk}"
    read = ana.get(path)
    assert read.headers["ETag"] == f'"{read.json()["version"]}"'
    change = {"subject": "Otro"}
    tag = {"If-Match": read.headers["ETag"]}
    assert ana.patch(path, change, content_type="application/json", headers=tag).status_code == 200
    change = {"subject": "Y otro"}
    assert ana.patch(path, change, content_type="application/json", headers=tag).status_code == 409
