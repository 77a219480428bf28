"""Consent for a mailbox at Google or Microsoft."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client
from django.urls import reverse

from zaguan.channels.email import oauth
from zaguan.channels.email.accounts import secrets_of
from zaguan.conversations.models import Inbox
from zaguan.testing.world import World, make_world

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    world = make_world()
    world.inbox.settings = {
        "imap": {"host": "imap.gmail.com", "auth": "google"},
        "oauth": {"client_id": "the-id"},
    }
    world.inbox.save()
    return world


def desk(agent: Any) -> Client:
    client = Client()
    client.force_login(agent, backend="zaguan.people.joining.AgentBackend")
    return client


def test_there_and_back(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    tokens = {"access_token": "a", "refresh_token": "r", "expires_in": 3600}
    monkeypatch.setattr(oauth, "_ask", lambda inbox, form: tokens)
    client = desk(world.bo)
    page = client.get(reverse("desk:edit-inbox", args=[world.inbox.public_id])).content.decode()
    there = reverse("desk:authorise-inbox", args=[world.inbox.public_id])
    assert there in page
    asked = parse_qs(urlsplit(client.get(there)["Location"]).query)
    assert asked["redirect_uri"][0].endswith(reverse("desk:inbox-authorised"))
    back = client.get(reverse("desk:inbox-authorised"), {"state": asked["state"][0], "code": "c"})
    assert back["Location"] == reverse("desk:edit-inbox", args=[world.inbox.public_id])
    assert secrets_of(Inbox.objects.get(pk=world.inbox.pk))["refresh_token"] == "r"


def test_a_state_that_is_not_ours_changes_nothing(world: World) -> None:
    back = desk(world.bo).get(reverse("desk:inbox-authorised"), {"state": "forged", "code": "c"})
    assert back["Location"] == reverse("desk:settings-inboxes")
    assert secrets_of(Inbox.objects.get(pk=world.inbox.pk)) == {}


def test_who_may_not_manage_inboxes(world: World) -> None:
    assert (
        desk(world.ana).get(reverse("desk:authorise-inbox", args=[world.inbox.public_id])).status_code == 403
    )
