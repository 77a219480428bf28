"""An agent sees every key, changes some and switches others off."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from django.test import Client

import zaguan
from zaguan.desk.own_keys import EVERYWHERE, LIST, TICKET, own_map
from zaguan.desk.ticket import options_menu, tab_register
from zaguan.people.models import Agent
from zaguan.testing.world import World, make_world

pytestmark = pytest.mark.django_db
PAGE = "/desk/profile/keys/"


@pytest.fixture
def ana(client: Client) -> Agent:
    world: World = make_world()
    client.force_login(world.ana)
    return world.ana


def save(client: Client, **changed: str) -> str:
    """Send the page as it was drawn, with some fields changed."""
    drawn = client.get(PAGE).content.decode()
    fields = dict(re.findall(r'name="(key [^"]+)" value="([^"]*)"', drawn))
    fields |= {f"key {key}": value for key, value in changed.items()}
    return client.post(PAGE, fields, follow=True).content.decode()


def test_only_what_differs_is_kept(client: Client, ana: Agent) -> None:
    save(client, r="H", n="")
    ana.refresh_from_db()
    assert own_map(ana) == {"r": "h", "n": ""}
    body = client.get("/desk/search/").content.decode()
    found = re.search(r'data-keys-map="([^"]*)"', body)
    assert found is not None
    assert json.loads(found[1].replace("&#34;", '"')) == {"r": "h", "n": ""}


def test_a_key_for_two_actions_is_refused_with_what_was_typed(client: Client, ana: Agent) -> None:
    shown = save(client, r="n")
    ana.refresh_from_db()
    assert own_map(ana) == {}
    assert "already used for “Reply”" in shown
    assert 'name="key r" value="n"' in shown


def test_nonsense_is_refused(client: Client, ana: Agent) -> None:
    assert "One key, or two" in save(client, r="hello")


def test_all_goes_back(client: Client, ana: Agent) -> None:
    save(client, r="h")
    client.post(PAGE, {"do": "reset"})
    ana.refresh_from_db()
    assert own_map(ana) == {}


def test_every_key_named_here_is_one_that_a_page_has_and_the_other_way_round() -> None:
    templates = [path.read_text() for path in Path(zaguan.__path__[0]).rglob("*.jinja")]
    used = set(re.findall(r"""keys"?[=:] ?["']([^"'{]+)["']""", "\n".join(templates)))
    named = {key for key, _label in (*EVERYWHERE, *LIST, *TICKET)}
    assert named <= used | {"a", "p", "m"}  # drawn by a macro, or registered
    # Those of tabs and of the ticket's menu come from where these are registered.
    registered = {tab.keys for tab in tab_register.tabs_for(make_world().bo)}
    registered |= {option.keys for option in options_menu.all_options()}
    assert used - {"esc"} - registered <= named
