"""Macros: kept by their owners, offered where they make sense, all or nothing, counted."""

from __future__ import annotations

from typing import Any

import pytest
from django.apps import apps

from zaguan.automation.defaults import fill
from zaguan.automation.macros import (
    delete_macro,
    offered,
    reorder_macros,
    save_macro,
    set_active,
    set_favourite,
    used_lately,
)
from zaguan.automation.models import Macro, Run
from zaguan.automation.runs import run_on
from zaguan.automation.steps import missing, previews, stored
from zaguan.automation.undoing import undo_run
from zaguan.conversations.models import Delivery, Message
from zaguan.events.models import EventRecord
from zaguan.lib.errors import Conflict, Refused
from zaguan.people.models import Agent
from zaguan.testing.makers import make_question, make_ticket
from zaguan.testing.world import World
from zaguan.tickets.history import feed
from zaguan.tickets.models import Phase, Ticket

STAR = [{"action": "set_important", "values": {"important": True}}]


@pytest.fixture(autouse=True)
def _shipped(world: World) -> None:
    if not Macro.objects.exists():
        fill(apps, None)


def macro(agent: Agent, name: str = "Estrella", steps: Any = None, **more: Any) -> Macro:
    return save_macro(agent, None, name=name, steps=steps or STAR, by=agent, **more)


def shipped(name: str) -> Macro:
    return Macro.objects.get(name=name)


def apply(found: Macro, ticket: Ticket, agent: Agent) -> Run:
    return run_on(ticket, stored(found.steps), by=agent, macro=found)


def test_the_shipped_ones_stand_in_three_languages(world: World) -> None:
    rows = {m.name: m.names for m in Macro.objects.filter(owner=None, team=None)}
    assert rows["Asignármelo e iniciar"]["en"] == "Assign to me and start"
    assert rows["El cliente no responde"]["pt"] == "O cliente não responde"
    assert set(rows["Pasar a desarrollo"]) == {"es", "en", "pt"}


def test_assign_to_me_and_start(world: World) -> None:
    ticket = make_ticket(world)
    run = apply(shipped("Asignármelo e iniciar"), ticket, world.ana)
    fresh = Ticket.objects.get(pk=ticket.pk)
    assert (fresh.assignee, fresh.phase) == (world.ana, Phase.OPEN)
    undo_run(run, by=world.ana)
    back = Ticket.objects.get(pk=ticket.pk)
    assert (back.assignee, back.phase) == (None, Phase.NEW)
    sentences = [entry.sentence for entry in feed(back).entries]
    assert any("aplicó" in s or "applied the macro" in s for s in sentences)


def test_the_customer_does_not_answer(world: World) -> None:
    ticket, _question = make_question(world)
    world.dan.language = "pt"
    world.dan.save(update_fields=["language"])
    run = apply(shipped("El cliente no responde"), ticket, world.ana)
    sent = Message.objects.get(ticket=ticket, direction="out")
    assert "Olá Dan," in sent.text
    assert f"#{ticket.pk}" in sent.text
    assert Ticket.objects.get(pk=ticket.pk).phase == Phase.WAITING_CUSTOMER
    undo_run(run, by=world.ana)
    assert Ticket.objects.get(pk=ticket.pk).phase == Phase.NEW
    assert not ticket.drafts.exists()


def test_a_message_that_left_cannot_be_taken_back(world: World) -> None:
    ticket, _question = make_question(world)
    run = apply(shipped("El cliente no responde"), ticket, world.ana)
    Delivery.objects.update(state="sent")
    with pytest.raises(Refused, match=r"on its way|en camino"):
        undo_run(run, by=world.ana)
    assert Ticket.objects.get(pk=ticket.pk).phase == Phase.WAITING_CUSTOMER


def test_hand_to_development_wants_its_team_first(world: World) -> None:
    ticket, found = make_ticket(world), shipped("Pasar a desarrollo")
    assert previews(stored(found.steps), ticket, by=world.bo)[0].problem
    with pytest.raises(Refused):
        apply(found, ticket, world.bo)
    steps = [{"action": "set_team", "values": {"team": world.sales.pk}}]
    save_macro(world.bo, found, name=found.name, steps=steps, everybody=True, by=world.bo)
    apply(found, ticket, world.bo)
    assert Ticket.objects.get(pk=ticket.pk).team == world.sales


def test_all_or_nothing(world: World) -> None:
    ticket = make_ticket(world, team=None)
    steps = [*STAR, {"action": "set_status", "values": {"status": "En proceso"}}]
    found = macro(world.ana, steps=steps)
    count = EventRecord.objects.filter(ticket_id=ticket.pk).count()
    with pytest.raises(Refused):
        apply(found, ticket, world.ana)
    fresh = Ticket.objects.get(pk=ticket.pk)
    assert (fresh.is_important, fresh.version) == (False, ticket.version)
    assert EventRecord.objects.filter(ticket_id=ticket.pk).count() == count


def test_changes_name_the_macro_as_their_cause(world: World) -> None:
    ticket = make_ticket(world)
    apply(macro(world.ana), ticket, world.ana)
    applied, starred = EventRecord.objects.filter(ticket_id=ticket.pk).order_by("id")[1:]
    assert applied.kind == "automation.MacroApplied"
    assert starred.cause_id == applied.pk
    assert Ticket.objects.get(pk=ticket.pk).version == ticket.version + 2


def test_a_newer_version_is_a_conflict(world: World) -> None:
    ticket, found = make_ticket(world), macro(world.ana)
    with pytest.raises(Conflict):
        run_on(ticket, stored(found.steps), by=world.ana, macro=found, version=ticket.version + 1)


def test_offered_where_the_filter_finds_the_ticket(world: World) -> None:
    found = macro(world.ana, query="is:important")
    ticket = make_ticket(world)
    assert found not in [offer.macro for offer in offered(world.ana, ticket)]
    with pytest.raises(Refused, match="is:important"):
        apply(found, ticket, world.ana)
    Ticket.objects.filter(pk=ticket.pk).update(is_important=True)
    assert found in [offer.macro for offer in offered(world.ana, ticket)]
    apply(found, Ticket.objects.get(pk=ticket.pk), world.ana)


def test_favourites_come_first(world: World) -> None:
    found = macro(world.ana)
    assert offered(world.ana)[-1].macro == found
    set_favourite(world.ana, found, True)
    assert offered(world.ana)[0].macro == found
    assert offered(world.bo)[0].macro != found
    set_favourite(world.ana, found, False)
    assert offered(world.ana)[-1].macro == found


def test_found_by_name_in_any_language(world: World) -> None:
    assert [o.macro.name for o in offered(world.ana, typed="asignar INICIAR")] == ["Asignármelo e iniciar"]
    assert [o.macro.name for o in offered(world.ana, typed="does not answer")] == ["El cliente no responde"]


def test_whose_they_are(world: World) -> None:
    own = macro(world.ana, "Mía")
    team = macro(world.bo, "De soporte", team=world.support)
    for agent, seen in ((world.ana, {own, team}), (world.cleo, set()), (world.bo, set())):
        assert set(Macro.objects.visible_to(agent)) & {own, team} == seen
    with pytest.raises(Refused):
        macro(world.ana, "De todos", everybody=True)
    with pytest.raises(Refused):
        save_macro(world.cleo, own, name="Mía", steps=STAR, by=world.cleo)
    with pytest.raises(Refused):
        delete_macro(world.ana, team, by=world.ana)


def test_switched_off_it_is_not_offered(world: World) -> None:
    found, ticket = macro(world.ana), make_ticket(world)
    set_active(world.ana, found, False, by=world.ana)
    assert found not in [offer.macro for offer in offered(world.ana)]
    with pytest.raises(Refused):
        apply(found, ticket, world.ana)


def test_order_and_use(world: World) -> None:
    one, two = macro(world.ana, "Uno"), macro(world.ana, "Dos")
    reorder_macros(world.ana, [two.pk, one.pk, shipped("Pasar a desarrollo").pk], by=world.ana)
    mine = [o.macro for o in offered(world.ana) if o.macro in (one, two)]
    assert mine == [two, one]
    for _time in range(3):
        apply(one, make_ticket(world), world.ana)
    assert used_lately([one, two]) == {one.pk: 3}


def test_what_the_agent_may_not_do_is_known_beforehand(world: World) -> None:
    steps = stored(shipped("Asignármelo e iniciar").steps)
    assert missing(steps, world.rita) == ["tickets.assign", "tickets.set_status"]
    assert missing(steps, world.ana) == []


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"name": " "}, "name"),
        ({"steps": []}, "steps"),
        ({"steps": [{"action": "fly"}]}, "action"),
        ({"steps": [{"action": "set_team", "values": {}}]}, "team"),
        ({"query": "iz:open"}, "query"),
    ],
)
def test_what_a_macro_cannot_be(world: World, wrong: dict[str, Any], field: str) -> None:
    given: dict[str, Any] = {"name": "Uno", "steps": STAR, "by": world.ana} | wrong
    with pytest.raises(Refused) as refused:
        save_macro(world.ana, None, **given)
    assert refused.value.field == field
