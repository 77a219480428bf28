"""Channels and languages by name, in the reader's language."""

from __future__ import annotations

import pytest
from django.test import Client
from django.utils.translation import override

from zaguan.desk.names import channel_name, language_name
from zaguan.testing.makers import make_ticket
from zaguan.testing.world import make_world


def test_a_language_is_named_in_the_readers_language() -> None:
    with override("es"):
        assert (language_name("de"), language_name("pt-br")) == ("Alemán", "Portugués de Brasil")
    with override("en"):
        assert language_name("es-EC") == "Spanish"


def test_what_nobody_has_named_keeps_its_code() -> None:
    assert (language_name("xx"), channel_name("pigeon")) == ("xx", "Pigeon")


@pytest.mark.django_db
def test_pages_show_names_and_no_codes(client: Client) -> None:
    world = make_world()
    world.dan.language = "de"
    world.dan.save()
    ticket = make_ticket(world)
    client.force_login(world.ana)
    shown = client.get(f"/desk/tickets/{ticket.pk}/").content.decode()
    assert "<dd>German</dd>" in shown
    assert "<dd>E-mail · Support mail</dd>" in shown
    assert "German" in client.get(f"/desk/people/{world.dan.public_id}/").content.decode()
