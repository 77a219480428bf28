"""What one sees when something goes wrong."""

from __future__ import annotations

import logging
from collections.abc import Callable

import pytest
from django.test import Client

from zaguan.desk.ticket import page
from zaguan.people.models import Agent
from zaguan.testing.makers import make_ticket
from zaguan.testing.world import World

SignIn = Callable[[Agent], Client]
SECRET = "sk-do-not-show"


@pytest.fixture
def broken(world: World, signed_in: SignIn, monkeypatch: pytest.MonkeyPatch) -> tuple[Client, str]:
    """A client, and a page that fails with words nobody outside may read."""

    def fail(*_args: object) -> None:
        raise RuntimeError(SECRET)

    monkeypatch.setattr(page, "page_context", fail)
    client = signed_in(world.ana)
    client.raise_request_exception = False
    return client, f"/desk/tickets/{make_ticket(world).pk}/"


def test_our_own_mistake_is_a_page_with_a_reference(
    broken: tuple[Client, str], caplog: pytest.LogCaptureFixture
) -> None:
    client, path = broken
    with caplog.at_level(logging.ERROR, logger="zaguan.desk.failing"):
        answer = client.get(path)
    [line] = [each.getMessage() for each in caplog.records if each.name == "zaguan.desk.failing"]
    reference = line.split(":")[0].split()[-1]
    assert answer.status_code == 500
    assert reference in answer.content.decode()
    assert "/desk/" in answer.content.decode()
    assert SECRET not in answer.content.decode()


def test_a_script_gets_a_sentence(broken: tuple[Client, str]) -> None:
    client, path = broken
    answer = client.get(path, headers={"HX-Request": "true"})
    assert answer.status_code == 500
    assert answer["Content-Type"] == "application/json"
    assert answer.json()["title"]
    assert SECRET not in answer.content.decode()


def test_where_no_page_can_be_drawn_there_are_words(
    broken: tuple[Client, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    client, path = broken

    def fail(*_args: object, **_values: object) -> None:
        raise RuntimeError(SECRET)

    monkeypatch.setattr("zaguan.desk.failing.render", fail)
    answer = client.get(path)
    assert answer.status_code == 500
    assert answer.content.count(b"<p lang=") == 3
    assert SECRET not in answer.content.decode()


def test_what_a_role_does_not_allow_is_a_page_too(world: World, signed_in: SignIn) -> None:
    answer = signed_in(world.ana).get("/desk/settings/roles/new/")
    assert answer.status_code == 403
    assert "/desk/" in answer.content.decode()


def test_an_old_form_is_told_to_load_again(world: World) -> None:
    client = Client(enforce_csrf_checks=True)
    page_of_it = client.post("/desk/sign-in/", {"email": world.ana.email})
    assert page_of_it.status_code == 403
    assert "/desk/" in page_of_it.content.decode()
    assert client.post("/desk/sign-in/", headers={"HX-Request": "true"}).json()["status"] == 403
