"""Canned messages and their placeholders."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from zaguan.conversations.attachments import remove_unsent, store
from zaguan.conversations.canned import archive_canned, delete_canned, save_canned, set_files
from zaguan.conversations.models import Attachment, Canned
from zaguan.conversations.placeholders import all_placeholders, fill, left_in
from zaguan.conversations.replying import Outgoing, reply
from zaguan.conversations.using_canned import find_canned, make_ready
from zaguan.lib.errors import Refused
from zaguan.people.models import Agent
from zaguan.testing.makers import make_question
from zaguan.testing.world import World

pytestmark = pytest.mark.django_db


def canned(agent: Agent, name: str = "Saludo", text: str = "Hola", **more: Any) -> Canned:
    return save_canned(agent, None, name=name, text=text, by=agent, **more)


def test_every_placeholder_has_a_value_or_says_so(world: World) -> None:
    ticket, _question = make_question(world)
    for each in all_placeholders():
        filled = fill(f"<p>{{{{{each.name}}}}}</p>", ticket, by=world.ana)
        assert (each.name in filled.missing) == ("{{" in filled.html)


@pytest.mark.parametrize(
    ("text", "filled"),
    [
        ("{{requester.first_name}}", "Dan"),
        ("{{ Requester.First_Name | nadie }}", "Dan"),
        ("{{organisation.name|su empresa}}", "su empresa"),
        ("{{organisation.name|}}", ""),
        ("{{nonsense}}", "{{nonsense}}"),
    ],
)
def test_values_and_fallbacks(world: World, text: str, filled: str) -> None:
    ticket, _question = make_question(world)
    assert fill(text, ticket, by=world.ana).html == filled


def test_a_value_is_never_markup(world: World) -> None:
    ticket, _question = make_question(world)
    world.dan.name = "<img src=x onerror=y> Díaz"
    ticket.requester = world.dan
    assert "<img" not in fill("{{requester.name}}", ticket, by=world.ana).html


def test_braces_in_code_are_no_placeholder() -> None:
    assert left_in("<p>a <code>{{ x }}</code></p>") == ""
    assert left_in("<p>a {{ x|y }}</p>") == "{{ x|y }}"
    assert left_in("<p>{{{}}} { {x} } {{ a + b }}</p>") == ""


def test_one_left_in_the_text_stops_the_sending(world: World) -> None:
    ticket, _question = make_question(world)
    with pytest.raises(Refused, match=r"\{\{organisation\.name\}\}"):
        reply(ticket, Outgoing(html="<p>{{organisation.name}}</p>"), by=world.ana)
    assert not ticket.messages.filter(direction="out").exists()


def test_the_language_of_the_customer_then_of_the_writer(world: World) -> None:
    ticket, _question = make_question(world)
    made = canned(world.ana, text="Hola", texts={"en": "Hello", "pt": "Olá"})
    for language, text in (("pt-BR", "Olá"), ("en", "Hello"), ("fr", "Hola")):
        world.dan.language = language
        ticket.requester = world.dan
        assert make_ready(made, ticket, by=world.ana).html == f"<p>{text}</p>"


def test_found_by_shortcut_first_then_by_any_words(world: World) -> None:
    name = canned(world.ana, "Devolución", "Se lo devolvemos", shortcut="dev")
    text = canned(world.ana, "Otra", "Sobre la devolucion del importe", folder="Pagos / Altos")
    assert find_canned(world.ana, "dev") == [name, text]
    assert find_canned(world.ana, "/dev")[0] == name
    assert find_canned(world.ana, "importe DEVOLUCIÓN") == [text]
    assert find_canned(world.ana, "pagos") == [text]
    archive_canned(world.ana, name, True, by=world.ana)
    assert find_canned(world.ana, "dev") == [text]


def test_whose_they_are(world: World) -> None:
    own = canned(world.ana)
    team = canned(world.bo, "De soporte", team=world.support)
    seen = {a.name: set(Canned.objects.visible_to(a)) & {own, team} for a in (world.ana, world.cleo)}
    assert seen == {"Ana": {own, team}, "Cleo": set()}
    with pytest.raises(Refused):
        canned(world.ana, everybody=True)
    with pytest.raises(Refused):
        delete_canned(world.ana, team, by=world.ana)


@pytest.mark.parametrize(
    ("wrong", "field"),
    [({"name": " "}, "name"), ({"text": " "}, "text"), ({"shortcut": "a/b"}, "shortcut")],
)
def test_what_it_cannot_be(world: World, wrong: dict[str, Any], field: str) -> None:
    with pytest.raises(Refused) as refused:
        canned(world.ana, **{"name": "X", "text": "Hola", **wrong})
    assert refused.value.field == field


def test_a_shortcut_is_one_persons_only_once(world: World) -> None:
    canned(world.ana, shortcut="hola")
    with pytest.raises(Refused):
        canned(world.ana, shortcut="/HOLA")
    canned(world.cleo, shortcut="hola")


def test_its_files_are_copied_for_each_use_and_never_swept_away(world: World) -> None:
    ticket, _question = make_question(world)
    made = canned(world.ana)
    file = store(b"uno", "uno.txt", "text/plain", by=world.ana)
    set_files(world.ana, made, [file], by=world.ana)
    Attachment.objects.update(created_at=timezone.now() - timedelta(days=90))
    assert remove_unsent() == 0
    ready = make_ready(made, ticket, by=world.ana)
    assert [(f.name, f.uploaded_by, f.stored_as) for f in ready.files] == [
        ("uno.txt", world.ana, file.stored_as)
    ]
    reply(ticket, Outgoing(html=ready.html, attachments=ready.files), by=world.ana)
    assert made.files.get().attachment.message is None
    # Its own row is nobody's upload, so that nobody can send it away.
    with pytest.raises(Refused):
        reply(ticket, Outgoing(html="x", attachments=[file]), by=world.ana)
