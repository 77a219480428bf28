"""The PDF of a ticket: the customer's copy holds nothing internal."""

from __future__ import annotations

import json

import pytest

from zaguan.conversations.attachments import store
from zaguan.conversations.noting import add_note
from zaguan.conversations.printing import contents, print_ticket
from zaguan.events.models import EventRecord
from zaguan.lib.errors import Refused
from zaguan.people.editing import change_contact
from zaguan.testing.makers import make_message, make_question, make_ticket
from zaguan.testing.world import World
from zaguan.tickets.editing import edit, retag, tag_named
from zaguan.tickets.models import Ticket

pytestmark = pytest.mark.django_db
CANARY = "zqsecreto"
# The smallest PNG: one grey pixel.
PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010800000000"
    "3a7e9b550000000a49444154789c6360000000020001488b13c40000000049454e44ae426082"
)


@pytest.fixture
def ticket(world: World) -> Ticket:
    """A question, an answer, and the canary wherever only agents look."""
    asked, _message = make_question(world, "¿Cuándo llega?")
    make_message(asked, world, "Mañana.", direction="out", agent=world.ana)
    add_note(asked, f"<p>{CANARY}</p>", by=world.ana)
    edit(asked, by=world.ana, summary=CANARY)
    retag(asked, by=world.ana, add=[tag_named(CANARY)])
    return Ticket.objects.get(pk=asked.pk)


def test_the_customers_copy_holds_no_internal_word(world: World, ticket: Ticket) -> None:
    made = json.dumps(contents(ticket, viewer=world.ana, copy="customer").data, ensure_ascii=False)
    assert "¿Cuándo llega?" in made
    assert "Mañana." in made
    assert CANARY not in made


def test_the_full_copy_holds_notes_and_changes(world: World, ticket: Ticket) -> None:
    made = contents(ticket, viewer=world.ana, copy="full").data
    assert [each["internal"] for each in made["messages"]] == [False, False, True]
    assert any(CANARY in sentence for _at, sentence in made["changes"])


def test_it_speaks_the_customers_language_and_time(world: World, ticket: Ticket) -> None:
    change_contact(world.dan, by=world.ana, language="pt-br", time_zone="America/Sao_Paulo")
    made = contents(Ticket.objects.get(pk=ticket.pk), viewer=world.ana, copy="customer").data
    assert made["language"] == "pt"
    assert dict(made["facts"])["Solicitante"] == world.dan.name
    assert "-03" in made["messages"][0]["at"]


def test_pictures_are_drawn_and_other_files_named(world: World, ticket: Ticket) -> None:
    message = make_message(ticket, world, "Mira la foto.", has_files=True)
    store(PIXEL, "foto.png", "image/png", message=message)
    store(b"no script runs", "nota.txt", "text/plain", message=message)
    made = contents(ticket, viewer=world.ana, copy="customer")
    assert list(made.pictures.values()) == [PIXEL]
    assert [name.partition(" ")[0] for name in made.data["messages"][-1]["files"]] == ["foto.png", "nota.txt"]


def test_a_pdf_comes_out_and_is_recorded(world: World, ticket: Ticket) -> None:
    make_message(ticket, world, '#read("/etc/passwd") *negrita* $x$ \\ <raro>')
    drawn = print_ticket(ticket, by=world.ana, copy="full", language="es")
    assert drawn.startswith(b"%PDF-")
    assert EventRecord.objects.get(kind="conversations.TicketPrinted").data == {"copy": "full"}


def test_what_is_internal_has_no_copy_for_the_customer(world: World) -> None:
    with pytest.raises(Refused):
        print_ticket(make_ticket(world, is_internal=True), by=world.ana, copy="customer")
