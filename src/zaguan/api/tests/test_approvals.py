"""Approvals by the API: asked once, decided by who was asked, withdrawn, and nobody else's business."""

from __future__ import annotations

import pytest

from zaguan.api.tests.calling import Caller
from zaguan.testing.makers import make_ticket
from zaguan.testing.world import World
from zaguan.tickets.models import Approval, Phase, Ticket
from zaguan.tickets.statuses import default_status, set_status

pytestmark = pytest.mark.django_db


@pytest.fixture
def ticket(world: World) -> Ticket:
    return set_status(make_ticket(world), default_status(Phase.OPEN), by=world.ana)


def test_it_is_asked_once_and_decided_by_who_was_asked(world: World, ticket: Ticket) -> None:
    ana, bo, path = Caller(world.ana), Caller(world.bo), f"/tickets/{ticket.pk}/approvals"
    body = {"question": "¿Sí?", "agents": ["Bo", world.rita.pk], "contacts": ["sol@agency.example"]}
    made = ana.twice("POST", path, body | {"needs": "all", "holds": True, "due_at": "2099-01-01T10:00:00Z"})
    assert Approval.objects.count() == 1
    assert (made["state"], made["needs"], made["holds"]) == ("waiting", "all", True)
    assert (made["asked_by"]["name"], made["asked_by_name"], made["waits_for_me"]) == ("Ana", "Ana", False)
    assert [(a["agent"] or a["contact"])["name"] for a in made["approvers"]][:2] == ["Bo", "Rita"]
    assert bo("GET", f"{path}/{made['id']}")["waits_for_me"]
    assert [each["id"] for each in bo("GET", "/approvals")["items"]] == [made["id"]]
    assert ana("GET", "/approvals")["items"] == []
    assert len(ana("GET", "/approvals?show=asked")["items"]) == 1
    assert ana.refused(422, "POST", f"{path}/{made['id']}/decide", {"approve": True})
    decided = bo.twice("POST", f"{path}/{made['id']}/decide", {"approve": False, "comment": "No"})
    assert (decided["state"], decided["approvers"][0]["comment"]) == ("rejected", "No")
    assert [each["state"] for each in ana("GET", path)] == ["rejected"]


def test_what_it_holds_is_not_resolved(world: World, ticket: Ticket) -> None:
    ana, path = Caller(world.ana), f"/tickets/{ticket.pk}/approvals"
    made = ana("POST", path, {"question": "¿Sí?", "agents": ["Bo"], "holds": True})
    done = default_status(Phase.RESOLVED).pk
    said = ana.refused(422, "PATCH", f"/tickets/{ticket.pk}", {"status": done}, field="status")
    assert "¿Sí?" in said
    also = ana("POST", f"{path}/{made['id']}/approvers", {"agents": ["Rita"]})
    assert len(also["approvers"]) == 2
    gone = ana("POST", f"{path}/{made['id']}/withdraw", {"reason": "Ya no"})
    assert (gone["state"], gone["reason"]) == ("withdrawn", "Ya no")
    ana("PATCH", f"/tickets/{ticket.pk}", {"status": done})


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"question": "¿Sí?"}, "approvers"),
        ({"question": " ", "agents": ["Bo"]}, "question"),
        ({"question": "¿Sí?", "agents": ["Ana"]}, "approvers"),
        ({"question": "¿Sí?", "agents": ["Cleo"]}, "approvers"),
        ({"question": "¿Sí?", "agents": ["Bo"], "due_at": "2001-01-01T10:00:00Z"}, "due_at"),
        ({"question": "¿Sí?", "agents": ["Bo"], "needs": "most"}, "needs"),
    ],
)
def test_what_makes_no_sense_is_said_at_its_field(
    world: World, ticket: Ticket, body: dict[str, object], field: str
) -> None:
    assert Caller(world.ana).refused(422, "POST", f"/tickets/{ticket.pk}/approvals", body, field=field)


def test_others_do_not_know_of_it(world: World, ticket: Ticket) -> None:
    made = Caller(world.ana)(
        "POST", f"/tickets/{ticket.pk}/approvals", {"question": "¿Sí?", "agents": ["Bo"]}
    )
    cleo = Caller(world.cleo)
    assert cleo.refused(404, "GET", f"/tickets/{ticket.pk}/approvals")
    assert cleo.refused(404, "POST", f"/tickets/{ticket.pk}/approvals/{made['id']}/decide", {"approve": True})
    assert cleo("GET", "/approvals?show=all")["items"] == []
