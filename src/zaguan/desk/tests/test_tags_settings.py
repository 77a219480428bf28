"""Settings → Tags: a tag is there before a ticket wears it."""

from __future__ import annotations

from django.test import Client

from zaguan.testing.world import World
from zaguan.tickets.filtering import parse
from zaguan.tickets.models import Tag

PAGE = "/desk/settings/tags/"


def test_a_tag_is_made_ahead_for_filters_that_name_it(world: World, client: Client) -> None:
    client.force_login(world.bo)
    assert parse("tag:wholesale", world.bo).problems
    assert client.post(PAGE, {"name": " wholesale "}).status_code == 302
    assert not parse("tag:wholesale", world.bo).problems
    again = client.post(PAGE, {"name": "Wholesale"})
    assert again.status_code == 200
    assert 'value="Wholesale"' in again.text
    assert Tag.objects.filter(name__iexact="wholesale").count() == 1
