"""Calls to other programs: signed, once, tried again, never into the own network."""

from __future__ import annotations

import json
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from typing import Any

import pytest

from zaguan.automation.models import Rule, RuleRun, WebhookCall
from zaguan.automation.rule_log import told
from zaguan.automation.tests.rule_makers import make_rule
from zaguan.automation.triggering import react_to
from zaguan.automation.webhook_log import webhooks_of
from zaguan.automation.webhooks import secret_for, send, signature
from zaguan.conversations.noting import add_note
from zaguan.events.models import EventRecord
from zaguan.lib.errors import Refused, Retry
from zaguan.testing.makers import make_ticket
from zaguan.testing.world import World
from zaguan.tickets.models import HIDDEN_RANK, Ticket

NOTED = [{"trigger": "note_written"}]


class _Hook(BaseHTTPRequestHandler):
    answers: list[int] = []
    heard: list[tuple[dict[str, str], str]] = []

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        self.heard.append((dict(self.headers), body))
        self.send_response(self.answers.pop(0) if self.answers else 200)
        self.end_headers()

    def log_message(self, *_args: Any) -> None:
        """Quiet."""


@pytest.fixture
def hook(settings: Any) -> Iterator[str]:
    _Hook.answers, _Hook.heard = [], []
    server = HTTPServer(("127.0.0.1", 0), _Hook)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    settings.OWN_NETWORK_HOSTS = ["127.0.0.1"]
    yield f"http://127.0.0.1:{server.server_port}/hook"
    server.shutdown()
    thread.join()
    server.server_close()


def _calling(world: World, url: str) -> WebhookCall:
    make_rule(world, when=NOTED, steps=[{"action": "call_webhook", "values": {"url": url}}])
    add_note(make_ticket(world), "<p>Ahora</p>", by=world.ana)
    event = EventRecord.objects.filter(kind="conversations.NoteAdded").latest("pk")
    react_to(event.pk)
    return WebhookCall.objects.get()


def test_a_webhook_is_signed_and_called_once(world: World, hook: str) -> None:
    call = _calling(world, hook)
    send(call.pk)
    send(call.pk)
    ((headers, body),) = _Hook.heard
    moment, given = (part.split("=")[1] for part in headers["X-Zaguan-Signature"].split(","))
    assert given == signature(hook, int(moment), body)
    assert json.loads(body)["ticket"]["number"] == call.ticket_id
    assert WebhookCall.objects.get().state == "done"


def test_a_webhook_that_fails_is_tried_again_and_each_attempt_is_kept(world: World, hook: str) -> None:
    call = _calling(world, hook)
    _Hook.answers = [503, 200]
    with pytest.raises(Retry):
        send(call.pk)
    send(call.pk)
    fresh = WebhookCall.objects.get()
    assert (fresh.state, [attempt["status"] for attempt in fresh.attempts]) == ("done", [503, 200])


def test_a_webhook_that_says_no_is_not_asked_again(world: World, hook: str) -> None:
    call = _calling(world, hook)
    _Hook.answers = [404]
    send(call.pk)
    assert WebhookCall.objects.get().state == "failed"


def test_the_own_network_is_never_called(world: World, hook: str, settings: Any) -> None:
    settings.OWN_NETWORK_HOSTS = []
    call = _calling(world, hook)
    with pytest.raises(Retry):
        send(call.pk)
    assert _Hook.heard == []
    assert WebhookCall.objects.get().attempts[0]["error"]


def test_an_address_is_told_to_those_who_make_rules_and_to_nobody_else(world: World, hook: str) -> None:
    """Many programs know who calls by the address alone."""
    call = _calling(world, f"{hook}/T0K3N?key=s3cr3t")
    (action,) = told(RuleRun.objects.get()).actions
    assert "127.0.0.1" in action.new
    assert "s3cr3t" not in str(action)
    assert "T0K3N" not in str(action)
    run = RuleRun.objects.get()
    run.actions[0]["new"] = call.url
    assert told(run).actions[0].new == "127.0.0.1"
    rule = Rule.objects.get(pk=call.rule_id or 0)
    _Hook.answers = [404]
    send(call.pk)
    (shown,) = webhooks_of(rule, world.bo)
    assert (shown.url, shown.secret) == (call.url, secret_for(call.url))
    assert [(each.ticket_id, each.state, each.attempts[0]["status"]) for each in shown.calls] == [
        (call.ticket_id, "failed", 404)
    ]
    Ticket.objects.filter(pk=call.ticket_id).update(rank=HIDDEN_RANK)
    assert webhooks_of(rule, world.bo)[0].calls == []


def test_what_would_not_be_sent_is_not_taken(world: World) -> None:
    steps = [{"action": "call_webhook", "values": {"url": "https://bo:secret@hooks.example/x"}}]
    with pytest.raises(Refused):
        make_rule(world, when=NOTED, steps=steps)
