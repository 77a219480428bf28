"""A ticket is opened as one piece; what two requests make at the same moment is made once, and both succeed."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from zaguan.people import identifying
from zaguan.people.models import Identity
from zaguan.testing.world import World

pytestmark = pytest.mark.django_db
BODY = {
    "subject": "Pedido",
    "text": "¿Cuándo llega?",
    "team": "Support",
    "requester": {"email": "nueva@customer.example"},
}


def test_no_verb_makes_a_savepoint_of_its_own(world: World, ana: Client) -> None:
    with CaptureQueriesContext(connection) as asked:
        assert ana.post("/api/v1/tickets", BODY, content_type="application/json").status_code == 201
    # The one in which the request's transaction lies inside the test's.
    assert sum(query["sql"].startswith("SAVEPOINT") for query in asked.captured_queries) == 1


def test_a_requester_who_was_made_a_moment_ago_is_found(
    world: World, ana: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    ana.post("/api/v1/tickets", BODY, content_type="application/json")
    # As if the other request had not committed yet when we looked.
    monkeypatch.setattr(identifying, "find_identity", lambda _kind, _value: None)
    assert ana.post("/api/v1/tickets", BODY, content_type="application/json").status_code == 201
    assert Identity.objects.filter(value="nueva@customer.example").count() == 1
