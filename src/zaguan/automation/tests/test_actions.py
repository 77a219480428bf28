"""Every action: found by itself, says what it does, previews it, does it, and can be taken back."""

from __future__ import annotations

from typing import Any

import pytest

from zaguan.automation.base import Action, action_named, all_actions
from zaguan.automation.models import Run
from zaguan.automation.runs import run_on
from zaguan.automation.steps import Step
from zaguan.automation.undoing import undo_run
from zaguan.conversations.models import Canned, Draft, Message
from zaguan.events.models import EventRecord
from zaguan.lib.errors import Refused
from zaguan.lib.plugins import import_all
from zaguan.people.permissions import all_permissions
from zaguan.testing.makers import make_question, make_ticket
from zaguan.testing.world import World
from zaguan.tickets.assigning import assign
from zaguan.tickets.attribute_catalogue import save_attribute, save_type
from zaguan.tickets.editing import retag, tag_named
from zaguan.tickets.models import Category, Service, Status, Ticket, Urgency
from zaguan.tickets.templates import save_template

import_all("zaguan.automation.actions")
ALL = sorted(action.key for action in all_actions())
# What is done beside the ticket: nothing on it is another, and nothing can be taken back.
BESIDE = ("notify", "create_ticket", "call_webhook")
PLAIN = ("set_category", "set_urgency", "set_service", "set_important")
REPLY = "<p>Hola {{requester.first_name|cliente}}</p>"


def _values(key: str, world: World) -> dict[str, Any]:
    """Values for each action that change the ticket of `_ticket`."""
    values: dict[str, dict[str, Any]] = {
        "set_status": {"status": "Acción de terceros"},
        "snooze": {"until": "days", "days": 3},
        "assign": {"assignee": "me"},
        "set_team": {"team": world.sales.pk},
        "add_tags": {"tags": "uno, dos"},
        "remove_tags": {"tags": ["Vieja"]},
        "set_category": {"category": Category.objects.all()[0].pk},
        "set_urgency": {"urgency": "Urgente"},
        "set_service": {"service": Service.objects.create(name="Red").pk},
        "set_important": {"important": True},
        "set_attribute": {"attribute": "talla", "value": "A-1"},
        "reply": {"text": REPLY},
        "note": {"text": "Para {{agent.first_name}}"},
        "follow": {"agent": world.ana.email},
        "notify": {"to": world.bo.email, "text": "{{ticket.subject}}"},
        "send_template": {"canned": Canned.objects.all()[0].pk},
        "create_ticket": {"template": _template(world), "kind": "child"},
        "call_webhook": {"url": "https://example.com/hook"},
        "ask_approval": {"question": "¿{{ticket.subject}}?", "approver": world.bo.email},
    }
    return values[key]


def _template(world: World) -> int:
    values = {"subject": "Revisar", "team": world.support.pk}
    return save_template(world.bo, "Revisión", values, by=world.bo, everybody=True).pk


def _ticket(key: str, world: World) -> Ticket:
    kind = None
    if key == "set_attribute":
        kind = save_type(None, by=world.bo, name="Equipo", category="customer")
        save_attribute(kind, None, by=world.bo, name="Talla", key="talla", format="text")
    ticket = make_ticket(world, type=kind) if kind else make_question(world)[0]
    retag(ticket, by=world.bo, add=[tag_named("vieja")])
    return Ticket.objects.get(pk=ticket.pk)


def _step(key: str, world: World) -> Step:
    action = action_named(key)
    return Step(action, action.clean(_values(key, world), world.ana))


@pytest.mark.parametrize("key", ALL)
def test_every_action_does_what_it_previews_and_can_be_taken_back(key: str, world: World) -> None:
    ticket, step = _ticket(key, world), _step(key, world)
    before = {**ticket.__dict__, "tags": set(ticket.tags.all()), "said": ticket.messages.count()}
    preview = step.action.preview(ticket, step.values, by=world.ana)
    assert preview.changes
    assert not preview.problem
    run = run_on(ticket, [step], by=world.ana)
    assert (run.state, run.done) == (Run.State.DONE, 1)
    fresh = Ticket.objects.get(pk=ticket.pk)
    assert fresh.version > ticket.version or key in BESIDE
    if preview.new and key not in BESIDE:
        assert step.action.preview(fresh, step.values, by=world.ana).old in (preview.new, fresh.status.label)
    undone = undo_run(run, by=world.ana)
    assert (undone.state, undone.undone) == (Run.State.UNDONE, 1)
    after = Ticket.objects.get(pk=ticket.pk)
    names = ("status_id", "assignee_id", "team_id", "category_id", "urgency_id", "service_id", "is_important")
    assert {name: getattr(after, name) for name in names} == {name: before[name] for name in names}
    assert set(after.tags.all()) == before["tags"]
    assert after.messages.filter(withdrawn_at=None).count() == before["said"]


@pytest.mark.parametrize("key", ALL)
def test_every_action_says_what_it_is(key: str, world: World) -> None:
    _ticket(key, world)
    action = action_named(key)
    assert action.permission in all_permissions()
    assert str(action.label)
    assert action.icon
    assert len(_step(key, world).sentence()) > 4
    assert type(action).run is not Action.run


@pytest.mark.parametrize("key", [key for key in ALL if key not in PLAIN])
def test_every_action_asks_for_what_it_needs(key: str, world: World) -> None:
    with pytest.raises(Refused):
        action_named(key).clean({}, world.ana)


@pytest.mark.parametrize("key", [key for key in ALL if key not in ("note", "follow", *BESIDE)])
def test_closed_tickets_refuse(key: str, world: World) -> None:
    ticket, step = _ticket(key, world), _step(key, world)
    Ticket.objects.filter(pk=ticket.pk).update(phase="closed")
    with pytest.raises(Refused):
        run_on(Ticket.objects.get(pk=ticket.pk), [step], by=world.ana)
    assert not Run.objects.exists()


def test_an_unknown_action_and_a_wrong_value_are_refused(world: World) -> None:
    with pytest.raises(Refused, match="fly"):
        action_named("fly")
    with pytest.raises(Refused, match="Marte"):
        action_named("set_team").clean({"team": "Marte"}, world.ana)
    with pytest.raises(Refused, match=r"Postpone|Aplazar"):
        action_named("set_status").clean({"status": "Aplazado"}, world.ana)


def test_names_of_rows_may_be_in_any_language(world: World) -> None:
    open_status = Status.objects.get(phase="open", is_default=True)
    for said in ("En proceso", "In process", "em andamento", str(open_status.pk), open_status.pk):
        assert action_named("set_status").clean({"status": said}, world.ana)["status"] == open_status.pk


def test_an_answer_leaves_the_draft_that_somebody_is_typing(world: World) -> None:
    ticket = _ticket("reply", world)
    Draft.objects.create(agent=world.ana, ticket=ticket, kind="reply", html="<p>Mis palabras</p>")
    run_on(ticket, [_step("reply", world)], by=world.ana)
    assert Draft.objects.get(agent=world.ana, ticket=ticket).html == "<p>Mis palabras</p>"
    assert Message.objects.get(ticket=ticket, direction="out").text.strip() == "Hola Dan"


def test_a_placeholder_without_value_stops_everything(world: World) -> None:
    ticket = _ticket("reply", world)
    steps = [
        _step("set_important", world),
        Step(action_named("reply"), {"text": "{{organisation.name}}", "canned": None}),
    ]
    assert "organisation.name" in steps[1].action.preview(ticket, steps[1].values, by=world.ana).problem
    with pytest.raises(Refused, match=r"organisation\.name"):
        run_on(ticket, steps, by=world.ana)
    assert not Ticket.objects.get(pk=ticket.pk).is_important


def test_what_somebody_changed_since_is_left_alone(world: World) -> None:
    ticket = _ticket("assign", world)
    run = run_on(ticket, [_step("assign", world), _step("set_important", world)], by=world.ana)
    assign(ticket, world.bo, by=world.bo)
    undo_run(run, by=world.ana)
    fresh = Ticket.objects.get(pk=ticket.pk)
    assert fresh.assignee == world.bo
    assert not fresh.is_important
    assert "Assignee" in run.tickets.get().reason or "Responsable" in run.tickets.get().reason


def test_urgencies_are_ranked_again(world: World) -> None:
    ticket = _ticket("set_urgency", world)
    run_on(ticket, [_step("set_urgency", world)], by=world.ana)
    urgent = Urgency.objects.get(name="Urgente")
    assert Ticket.objects.get(pk=ticket.pk).urgency_rank == urgent.rank


def test_one_event_for_each_change(world: World) -> None:
    ticket = _ticket("assign", world)
    run_on(ticket, [_step(key, world) for key in ("assign", "set_important", "set_status")], by=world.ana)
    fresh = Ticket.objects.get(pk=ticket.pk)
    rows = EventRecord.objects.filter(ticket_id=ticket.pk).order_by("-id")[: fresh.version - ticket.version]
    assert sorted(row.kind for row in rows) == [
        "tickets.FieldsChanged",
        "tickets.StatusChanged",
        "tickets.TicketAssigned",
    ]
