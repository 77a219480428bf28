"""Tickets that belong together, on the page: the tab, the dialogs, and what stays unseen."""

from __future__ import annotations

import json

import pytest
from django.test import Client

from zaguan.conversations.informing import inform_next
from zaguan.conversations.models import MassUpdate, Message
from zaguan.people.identifying import contact_for_email
from zaguan.testing.makers import make_message, make_ticket
from zaguan.testing.world import World
from zaguan.tickets.attribute_catalogue import save_attribute
from zaguan.tickets.linking import link
from zaguan.tickets.models import Link, Phase, Ticket, TicketType
from zaguan.tickets.opening import NewTicket, open_ticket
from zaguan.tickets.statuses import default_status, set_status

Kind = Link.Kind
HTMX = {"HX-Request": "true", "HX-Target": "action-dialog"}


def tab(client: Client, ticket: Ticket) -> str:
    return client.get(f"/desk/tickets/{ticket.pk}/?tab=related").content.decode()


@pytest.mark.django_db
def test_tickets_are_connected_taken_apart_and_put_back(world: World, ana: Client) -> None:
    one, two, three = make_ticket(world), make_ticket(world), make_ticket(world)
    address = f"/desk/tickets/{one.pk}/links/"
    shown = ana.get(f"{address}add/", headers=HTMX).content.decode()
    assert 'name="number"' in shown
    said = {"number": f"#{two.pk}, #{three.pk}", "kind": "child-out"}
    assert ana.post(f"{address}add/", said, headers=HTMX).status_code == 204
    assert Link.objects.filter(source=one, kind=Kind.CHILD).count() == 2
    assert f"#{two.pk}" in tab(ana, one)
    ana.post(f"{address}remove/?kind=child-out&other={two.pk}", headers=HTMX)
    assert Link.objects.filter(source=one).count() == 1
    ana.post(f"{address}put/?kind=child-out&other={two.pk}", headers=HTMX)
    assert Link.objects.filter(source=one).count() == 2
    refused = ana.post(f"{address}add/", {"number": "", "kind": "child-out"}, headers=HTMX)
    assert refused.status_code == 422
    refused = ana.post(
        f"/desk/tickets/{two.pk}/links/add/", {"number": f"{one.pk}", "kind": "child-out"}, headers=HTMX
    )
    assert refused.status_code == 422


@pytest.mark.django_db
def test_what_one_may_not_see_is_a_number_of_tickets_and_nothing_more(world: World, ana: Client) -> None:
    ticket = make_ticket(world)
    secret = [make_ticket(world, team=world.sales, subject="kanari") for _n in range(2)]
    link(ticket, secret[0], Kind.RELATED, by=world.bo)
    link(ticket, secret[1], Kind.CHILD, by=world.bo)
    pages = [
        f"/desk/tickets/{ticket.pk}/?tab={key}" for key in ("related", "feed", "ticket", "document_flow")
    ]
    for page in pages:
        html = ana.get(page).content.decode()
        assert "kanari" not in html
        for each in secret:
            assert f"#{each.pk}<" not in html, page
            assert f"#{each.pk} " not in html, page
            assert f"/desk/tickets/{each.pk}/" not in html, page
    refused = ana.post(
        f"/desk/tickets/{ticket.pk}/links/add/", {"number": secret[0].pk, "kind": "related-out"}, headers=HTMX
    )
    assert refused.status_code == 422


@pytest.mark.django_db
def test_a_ticket_is_created_as_a_child(world: World, ana: Client) -> None:
    parent = make_ticket(world)
    values = {"subject": "Pedir repuesto", "kind": "child-out", "team": world.support.pk, "note_text": "Urge"}
    ana.post(f"/desk/tickets/{parent.pk}/links/new/", values)
    child = Ticket.objects.get(subject="Pedir repuesto")
    assert (child.is_internal, child.note_count) == (True, 1)
    assert Link.objects.get().target == child
    set_status(child, default_status(Phase.RESOLVED), by=world.ana)
    assert "Done: 1 of 1" in tab(ana, parent)


@pytest.mark.django_db
def test_children_are_finished_with_their_parent(world: World, ana: Client) -> None:
    parent, child = make_ticket(world), make_ticket(world)
    link(parent, child, Kind.CHILD, by=world.ana)
    done = default_status(Phase.RESOLVED)
    set_status(parent, done, by=world.ana)
    assert "links/finish/" in tab(ana, parent)
    ana.post(f"/desk/tickets/{parent.pk}/links/finish/", {"status": done.pk}, headers=HTMX)
    child.refresh_from_db()
    assert child.phase == Phase.RESOLVED


@pytest.mark.django_db
def test_a_guess_is_confirmed_or_rejected(world: World, ana: Client) -> None:
    ticket, one, two = make_ticket(world), make_ticket(world), make_ticket(world)
    for other in (one, two):
        link(other, ticket, Kind.SUGGESTED, by=world.ana)
    assert tab(ana, ticket).count(f'hx-post="/desk/tickets/{ticket.pk}/links/put/') == 2
    ana.post(f"/desk/tickets/{ticket.pk}/links/put/?kind=related-out&other={one.pk}")
    ana.post(f"/desk/tickets/{ticket.pk}/links/remove/?kind=suggested-in&other={two.pk}")
    assert list(Link.objects.values_list("kind", flat=True)) == [Kind.RELATED]


@pytest.mark.django_db
def test_the_back_office_is_asked_and_answers_into_the_conversation(world: World, ana: Client) -> None:
    front = make_ticket(world)
    kind = TicketType.objects.create(name="Pagos", category="back_office")
    values = {
        "subject": "Revisar",
        "type": kind.pk,
        "team": world.support.pk,
        "note_text": "Mirad",
        "waits": "on",
    }
    save_attribute(
        kind, None, by=world.bo, name="Factura", key="factura", format="text", needed_from_agent=True
    )
    assert "Pagos" in ana.get(f"/desk/tickets/{front.pk}/back-office/").text
    refused = ana.post(f"/desk/tickets/{front.pk}/back-office/", values)
    assert refused.status_code == 422
    assert 'name="attributes.factura"' in refused.text
    ana.post(f"/desk/tickets/{front.pk}/back-office/", values | {"attributes.factura": "F-1"})
    back = Ticket.objects.get(subject="Revisar")
    front.refresh_from_db()
    assert (back.kind, front.phase) == ("back_office", Phase.WAITING_THIRD)
    assert "tell-form" in tab(ana, front)
    ana.post(f"/desk/tickets/{back.pk}/links/tell/", {"tell_text": "Está pagado"})
    assert front.messages.filter(direction="note", text__contains="Está pagado").count() == 1
    ana.post(f"/desk/tickets/{back.pk}/share/?on=1")
    back.refresh_from_db()
    assert not back.is_internal
    refused = ana.post(
        f"/desk/tickets/{back.pk}/reply/", {"reply_html": "<p>Hola</p>"}, headers={"HX-Request": "true"}
    )
    assert refused.status_code == 422
    note = back.messages.filter(direction="note").order_by("id").first()
    assert note is not None
    ana.post(f"/desk/messages/{note.pk}/publish/")
    assert front.messages.filter(direction="note").count() == 2


@pytest.mark.django_db
def test_everybody_affected_is_informed_after_a_look(world: World) -> None:
    bo = Client()
    bo.force_login(world.bo)
    kind = TicketType.objects.create(name="Caídas", category="tracker")
    tracker = open_ticket(NewTicket(subject="Caída", team=world.support, type=kind), by=world.bo)
    affected = []
    for n in range(3):
        who = contact_for_email(f"c{n}@customer.example", f"Cliente {n}", by=world.bo)
        ticket = make_ticket(world, requester=who)
        make_message(ticket, world, sender_address=f"c{n}@customer.example")
        bo.post(f"/desk/tickets/{ticket.pk}/track/", {"tracker": tracker.pk})
        affected.append(ticket)
    assert "inform/" in tab(bo, tracker)
    assert bo.post(f"/desk/tickets/{tracker.pk}/inform/", {"text": " "}).status_code == 422
    bo.post(
        f"/desk/tickets/{tracker.pk}/inform/", {"text": "Hola {{requester.name|cliente}}", "per_minute": "0"}
    )
    update = MassUpdate.objects.get()
    address = f"/desk/updates/{update.pk}/"
    assert "Hola Cliente 1" in bo.get(address).content.decode()
    bo.post(f"{address}act/", {"do": "start", "ticket": affected[0].pk})
    assert "every 2s" not in bo.get(address).content.decode(), "ticked, but not left out yet"
    bo.post(f"{address}act/", {"do": "leave-out", "ticket": affected[0].pk})
    bo.post(f"{address}act/", {"do": "start"})
    assert "every 2s" in bo.get(address).content.decode()
    inform_next(update.pk)
    assert Message.objects.filter(direction="out").count() == 2
    assert bo.get(f"{address}?part=standing", headers={"HX-Request": "true"})["HX-Refresh"] == "true"
    assert bo.get(f"{address}?only=excluded").content.decode().count("Cliente 0") >= 1


def test_many_are_connected_at_once_with_one_way_back(world: World, ana: Client) -> None:
    ticket, others = make_ticket(world), [make_ticket(world) for _n in range(60)]
    numbers = ",".join(f"#{other.pk}" for other in others)
    sent = {"kind": "child-out", "number": numbers}
    answer = ana.post(f"/desk/tickets/{ticket.pk}/links/add/", sent, headers={"HX-Request": "true"})
    said = json.loads(answer["HX-Trigger"])["toast"]
    assert Link.objects.filter(source=ticket, kind="child").count() == 60
    assert "60" in said["text"]
    back = ana.post(said["undo"], headers={"HX-Request": "true"})
    ana.post(json.loads(back["HX-Trigger"])["toast"]["undo"])
    assert Link.objects.filter(source=ticket, kind="child").count() == 60
    too_many = ",".join(str(n) for n in range(1, 502))
    refused = ana.post(f"/desk/tickets/{ticket.pk}/links/add/", {"kind": "child-out", "number": too_many})
    assert refused.status_code == 422
