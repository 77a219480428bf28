"""The ticket's PDF goes with the answer by one click, and nothing internal with it unless that is chosen."""

from __future__ import annotations

import json

import pytest
from django.test import Client

from zaguan.conversations.attachments import read_stored
from zaguan.conversations.drafting import draft_of, save_draft
from zaguan.conversations.models import Attachment, Message
from zaguan.conversations.noting import add_note
from zaguan.conversations.printing import print_to_send
from zaguan.events.models import EventRecord
from zaguan.testing.makers import make_question, make_ticket
from zaguan.testing.world import World

pytestmark = pytest.mark.django_db
HX = {"HX-Request": "true"}


@pytest.fixture(autouse=True)
def copies(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What each PDF would hold, in place of drawing it."""
    drawn: list[str] = []

    def render(_template: str, data: object, _pictures: object) -> bytes:
        drawn.append(json.dumps(data))
        return b"%PDF-" + drawn[-1].encode()

    monkeypatch.setattr("zaguan.conversations.printing.render", render)
    return drawn


def test_one_click_attaches_the_copy_for_the_customer(world: World, ana: Client, copies: list[str]) -> None:
    ticket, _question = make_question(world)
    add_note(ticket, "<p>kanarienvogel</p>", by=world.ana)
    path = f"/desk/tickets/{ticket.pk}/"
    assert f'data-attach-pdf="{path}pdf/attach/" data-copy="customer"' in ana.get(path).content.decode()
    answer = ana.post(f"{path}pdf/attach/", {"copy": "customer"}, headers=HX)
    assert answer.status_code == 201
    made = answer.json()
    assert made["name"] == f"ticket-{ticket.pk}.pdf"
    sent = {"reply_html": "<p>Aquí va</p>", "reply_file": made["id"], "key": "k"}
    assert ana.post(f"{path}reply/", sent, headers=HX).status_code == 200
    file = Message.objects.latest("id").attachments.get()
    assert (file.content_type, file.name) == ("application/pdf", made["name"])
    assert b"No imprime." in read_stored(file)
    assert b"kanarienvogel" not in read_stored(file)
    assert (
        EventRecord.objects.filter(kind="conversations.TicketPrinted").latest("id").data["copy"] == "customer"
    )
    assert len(copies) == 1


@pytest.mark.parametrize("posted", [{}, {"copy": "something"}, {"copy": "customer"}])
def test_whatever_is_asked_otherwise_is_the_customers_copy(
    world: World, ana: Client, posted: dict[str, str], copies: list[str]
) -> None:
    ticket, _question = make_question(world)
    add_note(ticket, "<p>kanarienvogel</p>", by=world.ana)
    ana.post(f"/desk/tickets/{ticket.pk}/pdf/attach/", posted, headers=HX)
    assert "kanarienvogel" not in copies[0]


def test_the_full_copy_is_chosen_in_the_dialog_and_says_so_in_its_name(
    world: World, ana: Client, copies: list[str]
) -> None:
    ticket, _question = make_question(world)
    add_note(ticket, "<p>kanarienvogel</p>", by=world.ana)
    dialog = ana.get(f"/desk/tickets/{ticket.pk}/pdf/").content.decode()
    assert "internal notes included" in dialog
    save_draft(world.ana, ticket, "reply", "<p>Empezado</p>", {"attachments": []})
    # Without script: it waits in the draft.
    answer = ana.post(f"/desk/tickets/{ticket.pk}/pdf/attach/", {"copy": "full"})
    assert answer.status_code == 302
    assert "kanarienvogel" in copies[0]
    draft, file = draft_of(world.ana, ticket, "reply"), Attachment.objects.get()
    assert draft is not None
    assert (draft.html, draft.fields["attachments"]) == ("<p>Empezado</p>", [file.public_id])
    assert file.name == f"ticket-{ticket.pk}-INTERNAL.pdf"


def test_there_is_none_for_what_customers_never_see(world: World, ana: Client) -> None:
    ticket = make_ticket(world, is_internal=True, requester=None)
    path = f"/desk/tickets/{ticket.pk}/"
    assert "data-attach-pdf" not in ana.get(path).content.decode()
    assert "data-attach-pdf" not in ana.get(f"{path}pdf/").content.decode()
    assert ana.post(f"{path}pdf/attach/", {}, headers=HX).status_code == 422
    assert not Attachment.objects.exists()


def test_it_is_in_the_language_of_the_customer(world: World, copies: list[str]) -> None:
    ticket, _question = make_question(world)
    world.dan.language = "es"
    world.dan.save(update_fields=["language"])
    ticket.refresh_from_db()
    print_to_send(ticket, by=world.ana)
    assert json.loads(copies[0])["language"] == "es"
