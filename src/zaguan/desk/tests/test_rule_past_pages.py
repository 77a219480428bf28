"""What a rule did, and how its webhooks went: the pages that tell of it."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from zaguan.automation.models import RuleRun, WebhookCall
from zaguan.automation.webhooks import secret_for
from zaguan.conversations.canned import save_canned
from zaguan.desk.tests.test_rule_pages import HOME, desk, rule_of
from zaguan.testing.makers import make_ticket
from zaguan.testing.world import World, make_world

pytestmark = pytest.mark.django_db
URL = "https://hooks.example/T0K3N"


def test_the_page_of_what_a_rule_did_tells_how_its_webhooks_went() -> None:
    world = make_world()
    rule = rule_of(world, steps=[{"action": "call_webhook", "values": {"url": URL}}])
    attempts = [{"at": "2026-11-22T10:00:00+00:00", "status": 503, "milliseconds": 9, "error": "busy now"}]
    WebhookCall.objects.create(
        ticket=make_ticket(world), rule_id=rule.pk, url=URL, body="{}", state="failed", attempts=attempts
    )
    text = desk(world).get(f"{HOME}{rule.pk}/runs/").text
    for part in (URL, secret_for(URL), "HTTP 503", "busy now", "Failed"):
        assert part in text


def _runs(world: World, count: int) -> Any:
    """A ticket on which a rule with canned messages acted so often."""
    canned = save_canned(world.bo, None, name="Hola", text="<p>Hola</p>", by=world.bo)
    rule, ticket = rule_of(world), make_ticket(world)
    done = {"action": "note", "values": {"canned": canned.pk, "text": ""}, "state": "done"}
    for number in range(count):
        RuleRun.objects.create(
            rule=rule, version=1, ticket=ticket, root_id=number, at=ticket.created_at, actions=[done, done]
        )
    return rule, ticket


@pytest.mark.parametrize("count", [3, 20])
def test_a_long_list_asks_no_more_than_a_short_one(count: int) -> None:
    world = make_world()
    rule, ticket = _runs(world, count)
    client = desk(world)
    for page in (f"{HOME}{rule.pk}/runs/", f"/desk/tickets/{ticket.pk}/why/"):
        client.get(page)
        with CaptureQueriesContext(
            connection,
        ) as asked:
            assert client.get(page).status_code == 200
        about_texts = [each for each in asked.captured_queries if "conversations_canned" in each["sql"]]
        assert len(about_texts) <= 2, page
