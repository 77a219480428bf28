"""Rules for machines: made, tried, switched on, told why – and never what the caller may not know of."""

from __future__ import annotations

from typing import Any

import pytest

from zaguan.api.tests.calling import Caller, said
from zaguan.automation.tests.rule_makers import work
from zaguan.events.models import EventRecord
from zaguan.testing.makers import make_ticket
from zaguan.testing.world import World

RULE = {
    "name": "Marcar",
    "when": [{"trigger": "ticket_opened"}],
    "query": "team:Support",
    "steps": [{"action": "set_important", "values": {"important": True}}],
}
STATUS_TO = {"condition": "phase_to", "values": {"phase": "open"}, "not": True}


@pytest.fixture
def bo(world: World) -> Caller:
    return Caller(world.bo)


def _active(bo: Caller, **more: Any) -> dict[str, Any]:
    made = bo("POST", "/rules", RULE | more)
    return bo("PATCH", f"/rules/{made['id']}", {"active": True, "version": made["version"]})  # type: ignore[no-any-return]


def test_a_rule_is_made_read_changed_and_deleted(bo: Caller) -> None:
    made = bo("POST", "/rules", RULE | {"conditions": [STATUS_TO]})
    assert (made["active"], made["version"], made["problems"]) == (False, 1, [])
    assert made["conditions"] == [STATUS_TO]
    assert bo("GET", f"/rules/{made['id']}") == made
    assert made in bo("GET", "/rules")
    changed = bo("PATCH", f"/rules/{made['id']}", {"query": "team:Sales", "version": 1})
    assert (changed["query"], changed["name"], changed["version"]) == ("team:Sales", "Marcar", 2)
    assert bo.ask("PATCH", f"/rules/{made['id']}", {"name": "X", "version": 1}).status_code == 409
    bo("DELETE", f"/rules/{made['id']}")
    assert bo.ask("GET", f"/rules/{made['id']}").status_code == 404


def test_making_one_twice_with_one_key_makes_one(bo: Caller) -> None:
    first = bo.ask("POST", "/rules", RULE, **{"Idempotency-Key": "k1"})
    second = bo.ask("POST", "/rules", RULE, **{"Idempotency-Key": "k1"})
    assert said(first) == said(second)
    assert len([rule for rule in bo("GET", "/rules") if rule["name"] == "Marcar"]) == 1


def test_order_versions_and_bringing_back(bo: Caller) -> None:
    one, two = bo("POST", "/rules", RULE), bo("POST", "/rules", RULE | {"name": "Otra"})
    ordered = bo("PUT", "/rules/order", {"ids": [two["id"], one["id"]]})
    assert [rule["id"] for rule in ordered[:2]] == [two["id"], one["id"]]
    bo("PATCH", f"/rules/{one['id']}", {"stops": True})
    versions = bo("GET", f"/rules/{one['id']}/versions")
    assert [version["number"] for version in versions] == [2, 1]
    assert [change["field"] for change in versions[0]["changes"]] == ["stops"]
    back = bo("POST", f"/rules/{one['id']}/versions/1/restore", {})
    assert (back["stops"], back["version"]) == (False, 3)


def test_a_circle_is_refused_with_its_field(bo: Caller) -> None:
    steps = [{"action": "note", "values": {"text": "Hola"}}]
    made = bo("POST", "/rules", {"name": "Eco", "when": [{"trigger": "note_written"}], "steps": steps})
    refused = bo.ask("PATCH", f"/rules/{made['id']}", {"active": True})
    assert refused.status_code == 422
    assert "Eco" in refused.content.decode()
    assert bo("PATCH", f"/rules/{made['id']}", {"active": True, "despite_loops": True})["active"]


def test_why_tells_of_each_rule_and_of_one_event(world: World, bo: Caller) -> None:
    rule = _active(bo)
    ticket = make_ticket(world)
    work()
    why = bo("GET", f"/tickets/{ticket.pk}/why")["items"]
    assert [(run["rule"], run["version"], run["outcome"]) for run in why] == [
        (rule["id"], rule["version"], "done")
    ]
    assert why[0]["conditions"] == [{"sentence": "team:Support", "true": True, "seen": "Support"}]
    changed = EventRecord.objects.get(ticket_id=ticket.pk, kind="tickets.FieldsChanged")
    assert bo("GET", f"/tickets/{ticket.pk}/why?event={changed.pk}")["items"] == why
    opened = EventRecord.objects.get(ticket_id=ticket.pk, kind="tickets.TicketOpened")
    assert bo("GET", f"/tickets/{ticket.pk}/why?event={opened.pk}")["items"] == []
    assert bo("GET", f"/rules/{rule['id']}/runs")["items"] == why
    assert Caller(world.cleo).ask("GET", f"/tickets/{ticket.pk}/why").status_code == 404


def test_a_dry_run_of_a_rule_and_of_a_draft(world: World, bo: Caller) -> None:
    ticket = make_ticket(world)
    make_ticket(world, team=world.sales)
    saved = bo("POST", f"/rules/{bo('POST', '/rules', RULE)['id']}/trials", {"last": 10})
    draft = bo("POST", "/rules/trials", RULE | {"last": 10})
    work()
    for trial in (saved, draft):
        done = bo("GET", f"/rules/trials/{trial['id']}")
        assert (done["state"], done["seen"], done["matched"]) == ("done", 2, 1)
        assert [hit["ticket"] for hit in done["found"]] == [ticket.pk]
    assert Caller(world.ana).ask("GET", f"/rules/trials/{saved['id']}").status_code == 403


def test_only_who_may_manage_rules(world: World) -> None:
    ana = Caller(world.ana)
    assert ana.ask("GET", "/rules").status_code == 403
    assert ana.ask("POST", "/rules", RULE).status_code == 403


def test_the_parts_of_rules_are_told(bo: Caller) -> None:
    parts = bo("GET", "/rules/parts")
    assert {"ticket_opened", "time_passed"} <= {each["key"] for each in parts["triggers"]}
    assert {"status_to", "out_of_hours"} <= {each["key"] for each in parts["conditions"]}


def test_a_change_that_cannot_be_switched_on_changes_nothing(bo: Caller) -> None:
    made = bo("POST", "/rules", RULE | {"when": [{"trigger": "note_written"}]})
    endless = {"steps": [{"action": "note", "values": {"text": "Otra"}}], "active": True, "version": 1}
    assert bo.ask("PATCH", f"/rules/{made['id']}", endless).status_code == 422
    assert bo("GET", f"/rules/{made['id']}") == made


def test_webhooks_are_told_with_what_signs_them(bo: Caller, world: World) -> None:
    url = "https://hooks.example/T0K3N"
    steps = [{"action": "call_webhook", "values": {"url": url}}]
    made = bo("POST", "/rules", RULE | {"steps": steps})
    (shown,) = bo("GET", f"/rules/{made['id']}/webhooks")
    assert (shown["url"], len(shown["secret"]), shown["calls"]) == (url, 40, [])
    assert Caller(world.ana).ask("GET", f"/rules/{made['id']}/webhooks").status_code == 403
