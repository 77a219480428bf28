"""Working time by the API: logged, timed, changed, handed in, approved, summed, and nobody else's business."""

from __future__ import annotations

from decimal import Decimal

import pytest

from zaguan.api.tests.calling import Caller
from zaguan.people.models import Organisation
from zaguan.testing.makers import make_ticket
from zaguan.testing.world import World
from zaguan.tickets.models import TimeActivity, TimeEntry, Timer

pytestmark = pytest.mark.django_db


@pytest.fixture
def ana(world: World) -> Caller:
    return Caller(world.ana)


def test_time_is_logged_once_with_what_it_is_worth(world: World, ana: Caller) -> None:
    TimeActivity.objects.create(name="Montaje", rate=Decimal("60.00"))
    path = f"/tickets/{make_ticket(world).pk}/time-entries"
    body = {"minutes": 25, "kind": "overtime", "activity": "montaje", "note": "Cable", "value": "40.10"}
    (made,) = ana.twice("POST", path, body)
    assert TimeEntry.objects.count() == 1
    assert (made["minutes"], made["kind"], made["value"], made["note"]) == (25, "overtime", "40.10", "Cable")
    assert made["agent"]["name"] == "Ana"
    (sum_,) = ana("GET", "/time-entries/sums?by=agent")
    assert (sum_["label"], sum_["minutes"], list(sum_["values"].values())) == ("Ana", 25, ["40.10"])
    text = ana.ask("GET", "/time-entries/export?kind_of_file=csv").content.decode()
    assert "Cable" in text
    assert "40.10" in text


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "minutes"),
        ({"minutes": 0}, "minutes"),
        ({"minutes": 1441}, "minutes"),
        ({"minutes": 5, "activity": "Nada"}, "activity"),
        ({"started_at": "2026-05-05T10:00:00Z", "ended_at": "2026-05-05T09:00:00Z"}, "ended_at"),
        ({"minutes": 5, "value": -1}, "value"),
        ({"minutes": 5, "kind": "lunch"}, "kind"),
    ],
)
def test_what_cannot_be_logged_is_said_at_its_field(
    world: World, ana: Caller, body: dict[str, object], field: str
) -> None:
    path = f"/tickets/{make_ticket(world).pk}/time-entries"
    assert ana.refused(422, "POST", path, body, field=field)
    assert not TimeEntry.objects.exists()


def test_times_with_a_zone_are_kept_as_the_same_moment(world: World, ana: Caller) -> None:
    path = f"/tickets/{make_ticket(world).pk}/time-entries"
    span = {"started_at": "2026-05-05T09:00:00+02:00", "ended_at": "2026-05-05T09:30:00+02:00"}
    (made,) = ana("POST", path, span | {"kind": "normal"})
    assert (ana("GET", f"/time-entries/{made['id']}")["started_at"], made["minutes"]) == (
        "2026-05-05T07:00:00Z",
        30,
    )


def test_time_is_changed_handed_in_and_approved_by_those_who_may(world: World, ana: Caller) -> None:
    number = make_ticket(world).pk
    (made,) = ana("POST", f"/tickets/{number}/time-entries", {"minutes": 25})
    path = f"/time-entries/{made['id']}"
    assert ana.twice("PATCH", path, {"minutes": 30, "note": "Más"})["minutes"] == 30
    assert ana.refused(403, "POST", f"{path}/state", {"state": "approved"})
    assert ana.twice("POST", f"{path}/state", {"state": "submitted"})["state"] == "submitted"
    assert ana.refused(422, "PATCH", path, {"minutes": 5})
    assert ana.refused(422, "DELETE", path)
    bo = Caller(world.bo)
    assert bo.refused(422, "POST", f"{path}/state", {"state": "rejected"}, field="reason")
    rejected = bo("POST", f"{path}/state", {"state": "rejected", "reason": "Sin detalle"})
    assert (rejected["state"], rejected["state_reason"]) == ("rejected", "Sin detalle")
    ana("DELETE", path)
    assert not TimeEntry.objects.exists()


def test_nobody_sees_or_changes_what_is_not_theirs(world: World, ana: Caller) -> None:
    number = make_ticket(world).pk
    (made,) = ana("POST", f"/tickets/{number}/time-entries", {"minutes": 25})
    cleo, rita = Caller(world.cleo), Caller(world.rita)
    for method, path in (
        ("GET", f"/tickets/{number}/time-entries"),
        ("POST", f"/tickets/{number}/time-entries"),
        ("GET", f"/tickets/{number}/timer"),
        ("GET", f"/time-entries/{made['id']}"),
        ("PATCH", f"/time-entries/{made['id']}"),
        ("DELETE", f"/time-entries/{made['id']}"),
    ):
        assert cleo.refused(404, method, path, {"minutes": 5} if method != "GET" else None), path
    assert cleo("GET", "/time-entries")["items"] == []
    assert rita.refused(403, "POST", f"/tickets/{number}/time-entries", {"minutes": 5})
    assert rita.refused(403, "GET", "/hour-banks")
    assert TimeEntry.objects.get().minutes == 25


def test_a_timer_runs_on_one_ticket_at_a_time_and_logs_when_it_stops(world: World, ana: Caller) -> None:
    first, second = (make_ticket(world).pk for _each in range(2))
    assert ana.twice("POST", f"/tickets/{first}/timer", {"do": "start"})["running"]
    assert ana("POST", f"/tickets/{second}/timer", {"do": "start"})["running"]
    assert not ana("GET", f"/tickets/{first}/timer")["running"]
    assert Timer.objects.filter(running_since__isnull=False).count() == 1
    stopped = ana("POST", f"/tickets/{second}/timer", {"do": "stop", "minutes": 12, "note": "Medido"})
    assert [(entry["minutes"], entry["note"]) for entry in stopped["entries"]] == [(12, "Medido")]
    assert ana("POST", f"/tickets/{first}/timer", {"do": "discard"})["seconds"] == 0
    assert not Timer.objects.exists()
    assert ana.refused(422, "POST", f"/tickets/{first}/timer", {"do": "run"}, field="do")


def test_a_timesheet_and_banks_are_for_those_who_see_all_time(world: World, ana: Caller) -> None:
    organisation = Organisation.objects.create(name="Patio SA")
    path = f"/organisations/{organisation.public_id}/timesheet?month=2026-05-05"
    assert ana.refused(403, "GET", path)
    answer = Caller(world.bo).ask("GET", path)
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "application/pdf")
    assert Caller(world.bo)("GET", "/hour-banks") == []
