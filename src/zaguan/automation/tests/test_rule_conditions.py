"""Conditions on the change itself: words, fields, tags, and who did it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import time_machine
from django.utils.translation import override

from zaguan.automation.conditions import all_conditions, condition_in_words
from zaguan.automation.models import RuleRun
from zaguan.automation.rule_log import told
from zaguan.automation.tests.rule_makers import make_rule, work
from zaguan.conversations.noting import add_note
from zaguan.testing.makers import make_question, make_ticket
from zaguan.testing.world import World
from zaguan.tickets.editing import edit, retag, tag_named
from zaguan.tickets.models import Phase, Status, Ticket
from zaguan.tickets.statuses import default_status, set_status

IMPORTANT = [{"action": "set_important", "values": {"important": True}}]


def _tags(ticket: Ticket) -> set[str]:
    return {tag.name for tag in Ticket.objects.get(pk=ticket.pk).tags.all()}


def _tagging(*tags: str) -> list[dict[str, Any]]:
    return [{"action": "add_tags", "values": {"tags": list(tags)}}]


def test_words_of_the_message(world: World) -> None:
    make_rule(
        world,
        when=[{"trigger": "note_written"}],
        conditions=[{"condition": "message_contains", "values": {"words": "Devolución, dinero"}}],
        steps=_tagging("refund"),
    )
    ticket, _message = make_question(world)
    other, _message = make_question(world, external_id="q2@customer.example")
    add_note(ticket, "<p>Quiere la DEVOLUCION ya</p>", by=world.ana)
    add_note(other, "<p>Quiere devoluciones</p>", by=world.ana)
    work()
    assert _tags(ticket) == {"refund"}
    assert _tags(other) == set()


def test_a_field_and_a_tag_that_changed(world: World) -> None:
    make_rule(
        world,
        when=[{"trigger": "field_changed"}],
        conditions=[{"condition": "field_is", "values": {"field": "subject"}}],
        steps=_tagging("renamed"),
    )
    make_rule(
        world,
        when=[{"trigger": "tags_changed"}],
        conditions=[
            {"condition": "tag_added", "values": {"tags": "VIP"}},
            {"condition": "caused_by", "values": {"by": "agent"}},
        ],
        steps=IMPORTANT,
    )
    ticket, other = make_ticket(world), make_ticket(world)
    edit(ticket, by=world.ana, subject="Otro asunto")
    edit(other, by=world.ana, is_important=False)
    retag(ticket, by=world.ana, add=[tag_named("vip")])
    work()
    assert _tags(ticket) == {"vip", "renamed"}
    assert _tags(other) == set()
    assert Ticket.objects.get(pk=ticket.pk).is_important


def test_every_condition_has_a_name_and_can_be_turned_round(db: None) -> None:
    for condition in all_conditions():
        assert str(condition.label)
    plain = {"condition": "first_message", "values": {}}
    assert condition_in_words(plain) in condition_in_words(plain | {"not": True})


def test_what_was_seen_is_said_in_the_readers_language(world: World) -> None:
    """The worker has its own; a row that was renamed since is called by its new name."""
    new = default_status(Phase.NEW).pk
    make_rule(
        world,
        when=[{"trigger": "status_changed"}],
        query="is:waiting -is:important",
        conditions=[
            {"condition": "phase_to", "values": {"phase": "customer"}},
            {"condition": "caused_by", "values": {"by": "agent"}},
            {"condition": "status_to", "values": {"row": new}, "not": True},
            {"condition": "out_of_hours", "values": {}},
        ],
        steps=IMPORTANT,
    )
    ticket = make_ticket(world)
    waiting = Status.objects.filter(phase="customer").first()
    assert waiting is not None
    with time_machine.travel(datetime(2026, 11, 22, 3, tzinfo=UTC), tick=False), override("es"):
        set_status(ticket, waiting, by=world.ana)
        work()
    for language, phase, who, closed, no in (
        ("en", "Waiting on customer", "An agent", "closed", "No"),
        ("pt-br", "Esperando o cliente", "Um agente", "fechado", "Não"),
    ):
        with override(language):
            run = told(RuleRun.objects.get())
            seen = [each.seen for each in run.conditions]
        assert seen == [seen[0], no, phase, who, seen[0], closed]
