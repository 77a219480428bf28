"""Inboxes: what is stored, and what may not be carried off."""

from __future__ import annotations

from typing import Any

import pytest

from zaguan.conversations.inboxes import save_inbox
from zaguan.conversations.models import Inbox
from zaguan.lib.errors import Refused
from zaguan.lib.secrets import unseal
from zaguan.testing.world import World

pytestmark = pytest.mark.django_db
IMAP = {"host": "imap.example.org", "port": 993}


def _save(world: World, inbox: Inbox | None, **values: Any) -> Inbox:
    plain: dict[str, Any] = {"name": "Correo", "address": "hola@example.org", "team": world.support}
    return save_inbox(inbox, by=world.bo, **plain | values)


def test_an_empty_password_keeps_the_stored_one(world: World) -> None:
    inbox = _save(world, None, settings={"imap": IMAP}, secrets={"imap_password": "limonero"})
    inbox = _save(world, inbox, settings={"imap": IMAP | {"port": 143}}, secrets={"imap_password": ""})
    assert unseal(inbox.sealed_secrets) == {"imap_password": "limonero"}


def test_another_server_does_not_get_the_stored_password(world: World) -> None:
    inbox = _save(
        world,
        None,
        settings={"imap": IMAP},
        secrets={"imap_password": "limonero", "smtp_password": "naranjo"},
    )
    inbox = _save(world, inbox, settings={"imap": IMAP | {"host": "imap.elsewhere.example"}}, secrets={})
    assert unseal(inbox.sealed_secrets) == {"smtp_password": "naranjo"}


def test_two_inboxes_cannot_have_one_address(world: World) -> None:
    _save(world, None, settings={})
    with pytest.raises(Refused) as refusal:
        _save(world, None, settings={}, name="Otro")
    assert refusal.value.field == "address"
