"""What is typed for somebody outside survives a reload, another device and a failed sending; sending can be undone."""

from __future__ import annotations

import json
import re

import pytest
from django.test import Client

from zaguan.conversations.attachments import store
from zaguan.conversations.drafting import draft_of
from zaguan.conversations.models import Draft, Message, SideThread
from zaguan.conversations.tests.sides import SUE, ask, first_of
from zaguan.testing.makers import make_question
from zaguan.testing.world import World
from zaguan.tickets.models import Ticket

pytestmark = pytest.mark.django_db
HX = {"HX-Request": "true"}
TYPED = {
    "to": f"Sue <{SUE}>", "subject": "Una pieza", "question_text": "¿La conocen?",
    "messages": "7", "files": "on", "days": "12", "key": "k1",
}  # fmt: skip


def _path(ticket: Ticket, rest: str = "") -> str:
    return f"/desk/tickets/{ticket.pk}/outside/{rest}"


def _sent(client: Client, ticket: Ticket) -> SideThread:
    page = client.post(_path(ticket), TYPED).content.decode()
    found = re.search(r'name="seen" value="([0-9a-f]{64})"', page)
    assert found is not None
    client.post(_path(ticket), TYPED | {"seen": found[1]})
    return SideThread.objects.get()


def test_the_dialog_opens_again_as_it_was_left(world: World, ana: Client, bo: Client) -> None:
    ticket, _question = make_question(world)
    assert ana.post(_path(ticket, "draft/"), TYPED).status_code == 204
    page = ana.get(_path(ticket)).content.decode()
    for part in (f"Sue &lt;{SUE}&gt;", 'value="Una pieza"', "¿La conocen?", 'value="7"', 'value="12"'):
        assert part in page
    boxes = {name: f'name="{name}"' for name in ("files", "customer")}
    on = {
        name: "checked" in page[page.index(mark) - 200 : page.index(mark) + 200]
        for name, mark in boxes.items()
    }
    assert on == {"files": True, "customer": False}
    assert "¿La conocen?" not in bo.get(_path(ticket)).content.decode()
    ana.post(_path(ticket, "draft/"), {"to": "", "question_text": "", "messages": "100", "days": "30"})
    assert not Draft.objects.exists()


def test_a_refusal_and_a_look_at_what_leaves_keep_it_too(world: World, ana: Client) -> None:
    ticket, _question = make_question(world)
    ana.post(_path(ticket), TYPED | {"to": "dan@customer.example"})
    kept = draft_of(world.ana, ticket, "ask")
    assert kept is not None
    assert "¿La conocen?" in kept.html


def test_sending_ends_the_draft_and_a_late_saving_does_not_bring_it_back(world: World, ana: Client) -> None:
    ticket, _question = make_question(world)
    ana.post(_path(ticket, "draft/"), TYPED)
    side = _sent(ana, ticket)
    ana.post(_path(ticket, "draft/"), TYPED)
    ana.post(_path(ticket, f"{side.pk}/"), {"side_text": "Otra", "key": "k2"})
    ana.post(_path(ticket, f"{side.pk}/draft/"), {"side_text": "Otra", "key": "k2"})
    assert not Draft.objects.exists()


def test_the_undo_of_a_question_leads_back_to_the_dialog(world: World, ana: Client) -> None:
    ticket, _question = make_question(world)
    side = _sent(ana, ticket)
    tab = ana.get(f"/desk/tickets/{ticket.pk}/?tab=outside").content.decode()
    undo = f"/desk/messages/{first_of(side).pk}/outside/withdraw/"
    assert undo in tab
    answer = ana.post(undo, headers=HX)
    assert answer["HX-Redirect"] == _path(ticket)
    page = ana.get(_path(ticket)).content.decode()
    assert "¿La conocen?" in page
    assert 'value="7"' in page


def test_the_undo_in_a_side_thread_gives_words_and_files_back(world: World, ana: Client) -> None:
    ticket, _question = make_question(world)
    side = ask(world, ticket)
    file = store(b"plano", "plano.pdf", by=world.ana)
    posted = {"side_text": "Mira", "side_file": file.public_id, "key": "k2"}
    answer = ana.post(_path(ticket, f"{side.pk}/"), posted, headers=HX)
    undo = json.loads(answer["HX-Trigger"])["toast"]["undo"]
    assert ana.post(undo, headers=HX).status_code == 204
    tab = ana.get(f"/desk/tickets/{ticket.pk}/?tab=outside").content.decode()
    assert ">Mira</textarea>" in tab
    assert f'name="side_file" value="{file.public_id}"' in tab
    ana.post(_path(ticket, f"{side.pk}/"), posted | {"key": "k3"})
    assert Message.objects.latest("id").attachments.get() == file


def test_without_script_refused_words_wait_in_the_side_thread(world: World, ana: Client) -> None:
    ticket, _question = make_question(world)
    side = ask(world, ticket)
    Ticket.objects.filter(pk=ticket.pk).update(is_internal=True)
    answer = ana.post(_path(ticket, f"{side.pk}/"), {"side_text": "Mira"})
    assert answer.status_code == 302
    kept = draft_of(world.ana, ticket, "side", side.thread)
    assert kept is not None
    assert "Mira" in kept.html


def test_nobody_takes_back_what_a_colleague_wrote(world: World, bo: Client) -> None:
    ticket, _question = make_question(world)
    side = ask(world, ticket)
    assert bo.post(f"/desk/messages/{first_of(side).pk}/outside/withdraw/").status_code == 404
