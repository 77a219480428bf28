"""A call that is made twice with the same key answers the same twice, whatever the endpoint answers with."""

from __future__ import annotations

from zaguan.api.tests.calling import Caller
from zaguan.testing.makers import make_ticket
from zaguan.testing.world import World
from zaguan.tickets.models import Ticket

STAR = {"action": "set_important", "values": {"important": True}}


def test_a_bulk_change_is_begun_and_taken_back_once(world: World) -> None:
    number = make_ticket(world).pk
    twice = Caller(world.ana).twice
    run = twice("POST", "/bulk", {"numbers": [number], "steps": [STAR]})
    assert (run["state"], run["done"], run["macro"]) == ("done", 1, None)
    assert Ticket.objects.get(pk=number).is_important
    assert twice("POST", f"/bulk/{run['id']}/undo", {})["undone"] == 1


def test_rules_are_changed_once(world: World) -> None:
    assert Caller(world.bo).twice("PATCH", "/automatic", {"close_after_hours": 40})["close_after_hours"] == 40


def test_what_answers_nothing_answers_nothing_again(world: World) -> None:
    path, caller = f"/tickets/{make_ticket(world).pk}/delete", Caller(world.bo)
    answers = [caller.ask("POST", path, {}, **{"Idempotency-Key": "gone"}) for _time in range(2)]
    assert [(answer.status_code, answer.content) for answer in answers] == [(204, b"")] * 2
