"""The permission walk: every address × every role, and no secret of one team in any answer to another.

The addresses come from the URL tree; tests/walk says how to call each. One without an entry fails.
"""

from __future__ import annotations

import json
import logging
import re
from typing import Any

import pytest
from django.db.models import Q

from tests.walk.api import API
from tests.walk.calling import OTHER_TEAM, answers, key, shown
from tests.walk.desk import DESK, NEW
from tests.walk.looks import LOOKS, PEOPLE
from tests.walk.scene import CANARY, Scene, make_scene
from zaguan.conversations.models import Attachment
from zaguan.events.following import News
from zaguan.events.models import EventRecord
from zaguan.people.permissions import all_permissions
from zaguan.realtime.hints import hints_of
from zaguan.realtime.viewers import load_viewers
from zaguan.testing.makers import make_ticket
from zaguan.testing.routes import all_routes
from zaguan.tickets.models import Link

pytestmark = pytest.mark.django_db


@pytest.fixture
def scene(caplog: pytest.LogCaptureFixture) -> Scene:
    # Django would tell of each refusal, with its way through the code.
    caplog.set_level(logging.CRITICAL, "django.request")
    return make_scene()


def test_every_address_names_a_permission() -> None:
    known = {*all_permissions(), "public"}
    wrong = [f"{' '.join(r.methods)} {r.path}" for r in all_routes() if r.permission not in known]
    assert not wrong, f'@needs("…") or @public, please: {wrong}'


def test_every_address_is_walked() -> None:
    names = {key(route) for route in all_routes()}
    assert not names - {*DESK, *API}, f"say in tests/walk how to call: {names - {*DESK, *API}}"
    assert not {*DESK, *API} - names, f"these addresses are gone: {({*DESK, *API}) - names}"


def test_each_role_gets_what_it_may_and_no_secret_of_another_team(scene: Scene) -> None:
    wrong, told = [], []
    for route in all_routes():
        for method, path, role, (status, text), good in answers(scene, route):
            if status not in good:
                wrong.append(f"{role} {method} {path}: {status} instead of {good}, {text[:200]}")
            if role in OTHER_TEAM and CANARY in text:
                told.append(f"{role} {method} {path}")
    assert not wrong, "\n" + "\n".join(wrong)
    assert not told, "these tell the other team a secret:\n" + "\n".join(told)


def test_a_list_shows_tickets_only_to_their_team(scene: Scene) -> None:
    wrong = {}
    for look in LOOKS:
        path = re.sub(r"\{([\w-]+)\}", lambda found: str(scene.ids[found[1]]), look)
        told = [
            role
            for role in (*OTHER_TEAM, "ana")
            if CANARY in shown(scene.client(role, machine=path.startswith("/api/")).get(path))
        ]
        if told != ["ana"]:
            wrong[path] = told
    assert not wrong, f"these told whom they should not, or nobody: {wrong}"


@pytest.mark.parametrize("path", ["/desk/counts/", "/api/v1/counts"])
def test_nothing_is_counted_for_another_team(scene: Scene, path: str) -> None:
    numbers = {
        role: scene.client(role, machine="api" in path).get(path).json() for role in (*OTHER_TEAM, "ana")
    }
    assert sum(numbers["ana"].values()) > 0
    assert {sum(numbers[role].values()) for role in OTHER_TEAM} == {0}


def test_the_stream_tells_another_team_nothing(scene: Scene) -> None:
    rows = [News(r.pk, r.tx, r.kind, r.ticket_id, r.data) for r in EventRecord.objects.order_by("pk")]
    hints = hints_of([row for row in rows if row.ticket_id == scene.ticket.pk], (scene.ticket.pk,))
    agents = {role: getattr(scene.world, role) for role in ("cleo", "ana")}
    viewers = load_viewers([agent.pk for agent in agents.values()])
    heard = {role: [hint.text(viewers[agent.pk]) for hint in hints] for role, agent in agents.items()}
    assert any(heard["ana"])
    assert not any(heard["cleo"])
    assert CANARY not in str([hint.text(viewers[scene.world.ana.pk]) for hint in hints_of(rows)])


def test_who_may_not_see_people_finds_none(scene: Scene) -> None:
    for path in PEOPLE:
        told = {role: "Dan D" in shown(scene.client(role).get(path)) for role in ("nils", "cleo")}
        assert told == {"nils": False, "cleo": True}, path


def test_nothing_is_taken_by_its_number(scene: Scene) -> None:
    """Cleo writes on a ticket of her own, and names what is Support's."""
    own = make_ticket(scene.world, subject="Own", team=scene.world.sales).pk
    desk, api = scene.client("cleo"), scene.client("cleo", machine=True)
    files = [scene.ids["file"], scene.ids["waiting"]]
    address = f"/api/v1/tickets/{own}"

    def said(path: str, body: dict[str, Any]) -> int:
        return api.post(f"{address}/{path}", json.dumps(body), content_type="application/json").status_code

    assert [said("messages", {"kind": "note", "text": "x", "attachments": [each]}) for each in files] == [
        422,
        422,
    ]
    assert said("links", {"number": scene.ticket.pk}) == 404
    desk.post(f"/desk/tickets/{own}/note/", {"note_html": "x", "note_file": files})
    desk.post(f"/desk/tickets/{own}/draft/", {"kind": "note", "html": "x", "file": files})
    desk.post("/desk/bulk/", {"do": "tag:taken", "ticket": scene.ticket.pk})
    desk.post("/desk/tickets/new/", {**NEW, "team": scene.ids["team"], "follows": scene.ticket.pk})
    looks = [f"/desk/tickets/{own}/", f"/desk/tickets/{own}/files/", f"/desk/tickets/{own}/?part=composer"]
    assert not [path for path in looks if CANARY in shown(desk.get(path))]
    assert not Attachment.objects.filter(message__ticket=own).exists()
    assert not Link.objects.filter(Q(source=scene.ticket.pk) | Q(target=scene.ticket.pk)).exists()
    assert [tag.name for tag in scene.ticket.tags.all()] == ["zqtag"]
