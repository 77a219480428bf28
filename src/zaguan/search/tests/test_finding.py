"""Search: what is found, by whom, in which order, and how it is shown."""

from __future__ import annotations

from typing import Any

import pytest

from zaguan.conversations.events import MessageReceived, MessageWithdrawn, NoteAdded
from zaguan.conversations.models import Attachment, Message
from zaguan.events.base import SYSTEM
from zaguan.events.recording import record
from zaguan.lib.errors import Refused
from zaguan.people.identifying import contact_for_email
from zaguan.people.models import Agent, Organisation
from zaguan.search.finding import find
from zaguan.search.indexing import reindex
from zaguan.search.models import Document
from zaguan.search.naming import index_organisation
from zaguan.testing.makers import make_message, make_ticket
from zaguan.testing.world import World
from zaguan.tickets.editing import edit, retag, set_copies, tag_named
from zaguan.tickets.listing import page
from zaguan.tickets.models import Ticket

pytestmark = pytest.mark.django_db


def said(ticket: Ticket, world: World, text: str, **fields: Any) -> Message:
    """A message with everything that follows from it."""
    message = make_message(ticket, world, text, **fields)
    if message.direction == "note":
        record(NoteAdded(ticket_id=ticket.pk, message_id=message.pk), by=world.ana)
    else:
        record(MessageReceived(ticket_id=ticket.pk, message_id=message.pk, channel="email"), by=world.dan)
    return message


def found(viewer: Agent, text: str, **options: Any) -> list[int]:
    return [hit.row.number for hit in find(viewer, text, **options).tickets]


@pytest.mark.parametrize(
    "text",
    [
        "averiada",
        "AVERIADA",
        "averi",  # still typing
        "peñon",
        "penon",
        "Peñón averiada",
        '"esta averiada"',
        "impresora averiada",  # one in the subject, one in the text
        "dan@customer.example",
        "Díaz",
        "diaz averiada",
        "averiada -urgente",
        "presupuesto.pdf",
        "averiada status:new",
        "averiada is:open from:dan",
        "averiada from:dan@customer.example team:support",
    ],
)
def test_found(world: World, text: str) -> None:
    ticket, other = make_ticket(world), make_ticket(world, subject="Otra cosa", requester=world.eve)
    message = make_message(ticket, world, "La del Peñón está averiada", has_files=True)
    Attachment.objects.create(
        public_id="x",
        message=message,
        name="presupuesto.pdf",
        content_type="application/pdf",
        size=1,
        stored_as="x",
    )
    record(MessageReceived(ticket_id=ticket.pk, message_id=message.pk, channel="email"), by=world.dan)
    said(other, world, "Nada que ver", contact=world.eve)
    assert found(world.ana, text) == [ticket.pk]


@pytest.mark.parametrize(
    "text",
    [
        "averia ",
        '"averiada esta"',
        "averiada -penon",
        "averiada status:closed",
        "averiada from:eve@stranger.example",
        "veriada",
    ],
)
def test_not_found(world: World, text: str) -> None:
    said(make_ticket(world), world, "La del Peñón está averiada")
    make_ticket(world, requester=world.eve, subject="Otra")
    assert found(world.ana, text) == []


def test_newest_first_and_one_line_per_ticket(world: World) -> None:
    first, second = make_ticket(world), make_ticket(world)
    for text in ("uno repuesto", "dos repuesto"):
        said(first, world, text)
        said(second, world, text)
    last = said(first, world, "tres repuesto")
    results = find(world.ana, "repuesto")
    assert [hit.row.number for hit in results.tickets] == [first.pk, second.pk]
    assert results.tickets[0].message_id == last.pk
    assert results.tickets[0].snippet == "tres <mark>repuesto</mark>"


def test_pages_hold_each_ticket_once_though_it_matches_often(world: World) -> None:
    tickets = [make_ticket(world, subject="Caso") for _n in range(11)]
    for n in range(33):
        said(tickets[n * 7 % 11], world, "palabra repetida")
    whole = found(world.bo, "repetida", size=100)
    assert sorted(whole) == sorted(ticket.pk for ticket in tickets)
    seen: list[int] = []
    cursor = ""
    while True:
        results = find(world.bo, "repetida", cursor=cursor, size=3)
        seen += [hit.row.number for hit in results.tickets]
        cursor = results.next_cursor
        if not cursor:
            break
    assert seen == whole
    assert found(world.bo, "repetida contact", size=3) == []


@pytest.mark.parametrize("scope", ["all", "team", "own"])
def test_a_canary_in_a_foreign_ticket_is_found_by_nobody_else(world: World, scope: str) -> None:
    world.cleo.role.ticket_scope = scope
    ticket = make_ticket(world, subject="Canario en la mina", tags=[tag_named("canarito")])
    said(ticket, world, "el canario canta")
    said(ticket, world, "nota sobre el canario", direction="note", visibility="internal")
    own = make_ticket(world, team=world.sales, assignee=world.cleo)
    said(own, world, "sin pájaros")
    expected = [ticket.pk] if scope == "all" else []
    for text in (
        "canario",
        "canar",
        '"canario canta"',
        "canario is:open",
        "canarito",
        "canario from:dan",
        "mina -gato",
    ):
        assert found(world.cleo, text) == expected, text
        if not expected:
            assert not page(world.cleo, query=text).rows, text
    assert (find(world.cleo, f"#{ticket.pk}").number is not None) == bool(expected)
    assert found(world.bo, "canario") == [ticket.pk]


def test_notes_are_found_and_say_what_they_are(world: World) -> None:
    ticket = make_ticket(world)
    said(ticket, world, "ojo: cliente delicado", direction="note", visibility="internal")
    hit = find(world.ana, "delicado").tickets[0]
    assert hit.kind == "note"
    assert "<mark>delicado</mark>" in hit.snippet


def test_a_number_leads_to_its_ticket(world: World) -> None:
    ticket = make_ticket(world)
    for text in (f"#{ticket.pk}", str(ticket.pk), f" {ticket.pk} "):
        result = find(world.ana, text)
        assert result.number is not None
        assert result.number.id == ticket.pk
    assert find(world.ana, "#999999999").number is None
    assert find(world.ana, "٣").number is None


def test_the_head_is_found_as_it_is_now(world: World) -> None:
    ticket = make_ticket(world)
    edit(ticket, by=world.ana, subject="Cafetera rota")
    retag(ticket, by=world.ana, add=[tag_named("garantía")])
    set_copies(ticket, [("jefa@otra.example", "Zoraida")], by=world.ana)
    for text in ("cafetera", "garantia", "zoraida", "jefa@otra.example"):
        assert found(world.ana, text) == [ticket.pk], text
    assert found(world.ana, "impresora") == []
    assert Document.objects.filter(ticket_id=ticket.pk).count() == 1


def test_a_withdrawn_message_is_gone(world: World) -> None:
    ticket = make_ticket(world)
    message = said(ticket, world, "me arrepiento")
    record(MessageWithdrawn(ticket_id=ticket.pk, message_id=message.pk), by=world.ana)
    assert found(world.ana, "arrepiento") == []


def test_people_and_organisations_by_any_beginning(world: World) -> None:
    zoe = contact_for_email("zoe.ruiz@patio.example", "Zoé Ruíz Peña", by=SYSTEM)
    patio = Organisation.objects.create(name="Patio Andaluz")
    index_organisation(patio.pk)
    for text in ("zoe", "Zoé ru", "pena", "zoe.ruiz@pat", "ruiz zoe"):
        assert [c.pk for c in find(world.ana, text).people] == [zoe.pk], text
    assert [o.pk for o in find(world.ana, "andal").organisations] == [patio.pk]
    assert not find(world.ana, "zoe gomez").people
    world.ana.role.permissions.remove("people.view")
    assert not find(world.ana, "zoe").people
    assert not find(world.ana, "andal").organisations


def test_from_understands_names(world: World) -> None:
    ticket = make_ticket(world)
    make_ticket(world, requester=world.eve)
    assert found(world.ana, "from:díaz") == found(world.ana, 'de:"Dan Díaz"') == [ticket.pk]


def test_what_a_text_contains_never_becomes_markup(world: World) -> None:
    said(make_ticket(world, subject="<b>jefe</b>"), world, "<script>alert(1)</script> jefe & <img src=x>")
    hit = find(world.ana, "jefe").tickets[0]
    assert hit.subject == "&lt;b&gt;<mark>jefe</mark>&lt;/b&gt;"
    assert hit.snippet == "&lt;script&gt;alert(1)&lt;/script&gt; <mark>jefe</mark> &amp; &lt;img src=x&gt;"


@pytest.mark.parametrize(
    "text",
    [
        '"',
        "'",
        "a:b:c",
        "* OR 1",
        '") OR (',
        "-",
        "--",
        '-"',
        "NEAR(a b)",
        "a AND",
        "\x00",
        "'&|!",
        "a" * 5000,
        "ß ﬁ Ⅷ 漢字 😀",
        ":*",
        "#",
    ],
)
def test_nothing_that_is_typed_breaks_it(world: World, text: str) -> None:
    said(make_ticket(world), world, "hola")
    find(world.ana, text)
    find(world.ana, f"hola {text}")
    page(world.ana, query=text)


def test_only_unwanted_words_say_what_is_missing(world: World) -> None:
    said(make_ticket(world), world, "hola")
    assert find(world.ana, "-hola").problems
    assert page(world.ana, query="-hola").rows == []
    assert len(page(world.ana, query="-adios").rows) == 1


def test_operators_alone_list_tickets(world: World) -> None:
    ticket = make_ticket(world, is_important=True)
    make_ticket(world)
    assert found(world.ana, "is:important") == [ticket.pk]


def test_a_foreign_cursor_is_refused(world: World) -> None:
    with pytest.raises(Refused):
        find(world.ana, "hola", cursor="no")


def test_reindex_finds_the_same(world: World) -> None:
    ticket = make_ticket(world)
    said(ticket, world, "aguacate y lo citado", reply_text="aguacate")
    said(ticket, world, "otra vez lo repetido", reply_text="otra vez")
    Document.objects.all().delete()
    assert found(world.ana, "aguacate") == []
    assert list(reindex())
    assert found(world.ana, "aguacate") == [ticket.pk]
    # What the first message quotes is nowhere else; later ones repeat what is there.
    assert found(world.ana, "citado") == [ticket.pk]
    assert found(world.ana, "repetido") == []
    assert [c.pk for c in find(world.ana, "dan").people] == [world.dan.pk]
