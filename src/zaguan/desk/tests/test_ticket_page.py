"""The page of a ticket: who may open it, what it shows, and how little it asks of the database."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from zaguan.conversations.merging import merge
from zaguan.conversations.models import Delivery, Message, Seen
from zaguan.conversations.noting import add_note
from zaguan.people.identifying import mark_bounced
from zaguan.people.models import Agent
from zaguan.testing.makers import make_message, make_ticket
from zaguan.testing.world import World
from zaguan.tickets.assigning import assign
from zaguan.tickets.models import Phase, Status, Ticket
from zaguan.tickets.statuses import set_status

SignIn = Callable[[Agent], Client]
# Sign-in, teams and views of the frame included (A10, speed).
# One of them is the ledger of whose turn it was.
MOST_QUESTIONS = 11


def _page(client: Client, ticket: Ticket, query: str = "") -> str:
    answer = client.get(f"/desk/tickets/{ticket.pk}/{query}")
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_page_shows_what_was_said_and_who_asks(world: World, signed_in: SignIn) -> None:
    ticket = make_ticket(world)
    make_message(ticket, world, "No imprime <b>nada</b>", sender_name="Dan Díaz")
    page = _page(signed_in(world.ana), ticket)
    assert "No imprime &lt;b&gt;nada&lt;/b&gt;" in page
    assert "La impresora no imprime" in page
    assert "dan@customer.example" in page
    assert f"#{ticket.pk}" in page


def test_a_ticket_of_another_team_is_not_there(world: World, signed_in: SignIn) -> None:
    ticket = make_ticket(world)
    message = make_message(ticket, world)
    client = signed_in(world.cleo)
    for path in (
        f"tickets/{ticket.pk}/",
        f"tickets/{ticket.pk}/?part=live",
        f"tickets/{ticket.pk}/earlier/?before=99",
        f"tickets/{ticket.pk}/previous/",
        f"tickets/{ticket.pk}/files/",
        f"tickets/{ticket.pk}/recipients/",
        f"tickets/{ticket.pk}/mentions/",
        f"messages/{message.pk}/",
        f"messages/{message.pk}/body/",
        f"messages/{message.pk}/original/",
    ):
        assert client.get(f"/desk/{path}").status_code == 404, path


def test_nobody_is_sent_to_sign_in(world: World) -> None:
    answer = Client().get(f"/desk/tickets/{make_ticket(world).pk}/")
    assert answer.status_code == 302
    assert answer["Location"].startswith("/desk/sign-in/")


@pytest.mark.parametrize("count", [3, 60])
def test_the_page_asks_few_questions(
    world: World, signed_in: SignIn, count: int, django_assert_max_num_queries: Callable[..., object]
) -> None:
    ticket = make_ticket(world)
    for number in range(count):
        make_message(ticket, world, f"Mensaje {number}", has_files=True)
    client = signed_in(world.ana)
    _page(client, ticket)
    with django_assert_max_num_queries(MOST_QUESTIONS):  # type: ignore[attr-defined]
        page = _page(client, ticket)
    assert f"Mensaje {count - 1}" in page


def test_a_long_ticket_opens_with_its_newest_messages(world: World, signed_in: SignIn) -> None:
    ticket = make_ticket(world)
    made = [make_message(ticket, world, f"Número {n}.") for n in range(45)]
    client = signed_in(world.ana)
    page = _page(client, ticket)
    assert "Número 44." in page
    assert "Número 25." in page
    assert "Número 24." not in page
    before = client.get(f"/desk/tickets/{ticket.pk}/earlier/?before={made[25].pk}").content.decode()
    assert "Número 24." in before
    assert "Número 5." in before
    assert "Número 4." not in before
    first = client.get(f"/desk/tickets/{ticket.pk}/earlier/?before={made[5].pk}").content.decode()
    assert "Número 0." in first
    assert 'id="earlier"' not in first


def test_what_came_since_the_last_look_is_marked(world: World, signed_in: SignIn) -> None:
    ticket = make_ticket(world)
    now = timezone.now()
    make_message(ticket, world, "Ya leído", created_at=now - timedelta(hours=2))
    make_message(ticket, world, "Nuevo", created_at=now)
    client = signed_in(world.ana)
    assert 'id="unread"' not in _page(client, ticket)
    Seen.objects.create(agent=world.ana, ticket=ticket, at=now - timedelta(hours=1))
    page = _page(client, ticket)
    assert page.index("Ya leído") < page.index('id="unread"') < page.index("Nuevo")
    assert client.post(f"/desk/tickets/{ticket.pk}/seen/").status_code == 204
    assert 'id="unread"' not in _page(client, ticket)


def test_html_from_outside_is_only_in_its_frame(world: World, signed_in: SignIn) -> None:
    ticket = make_ticket(world)
    message = make_message(ticket, world, "texto", html="<p>marca-de-html</p>", has_remote_content=True)
    client = signed_in(world.ana)
    page = _page(client, ticket)
    assert "marca-de-html" not in page
    assert 'sandbox="allow-scripts allow-popups allow-popups-to-escape-sandbox"' in page
    body = client.get(f"/desk/messages/{message.pk}/body/")
    assert "marca-de-html" in body.content.decode()
    policy = body["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "sandbox" in policy
    assert "https:" not in policy.split("img-src")[1].split(";")[0].split()
    with_pictures = client.get(f"/desk/messages/{message.pk}/body/?images=1")["Content-Security-Policy"]
    assert "https:" in with_pictures


def test_what_an_agent_sent_by_mail_is_shown_as_text(world: World, signed_in: SignIn) -> None:
    """It quotes what others wrote, whose HTML belongs into a frame."""
    ticket = make_ticket(world)
    html = '<div style="margin:-900px">Quoted <a href="https://evil.example/">here</a></div>'
    by_mail = {
        "agent": world.ana,
        "direction": "note",
        "visibility": "internal",
        "details": {"by_mail": True},
    }
    make_message(ticket, world, "Mine.\n> Quoted here", html=html, reply_text="Mine.", **by_mail)
    page = signed_in(world.ana).get(f"/desk/tickets/{ticket.pk}/").content.decode()
    assert "Mine." in page
    assert "Quoted here" in page
    assert "-900px" not in page


def test_what_stands_in_our_own_page_is_cleaned_however_it_was_stored(
    world: World, signed_in: SignIn
) -> None:
    ticket = make_ticket(world)
    html = '<p style="position:fixed">Hola<img src="https://evil.example/x.png" onerror="x()"><script>x()</script></p>'
    make_message(ticket, world, "Hola", html=html, direction="out", agent=world.ana, contact=None)
    page = _page(signed_in(world.ana), ticket)
    for wrong in ("position:fixed", "evil.example", "onerror", "x()"):
        assert wrong not in page
    assert "<p>Hola</p>" in page


def test_a_note_is_marked_and_offers_no_answer(world: World, signed_in: SignIn) -> None:
    ticket = make_ticket(world)
    note = add_note(ticket, "<p>Solo para nosotros</p>", by=world.ana)
    page = _page(signed_in(world.ana), ticket)
    start = page.index(f'id="message-{note.pk}"')
    bubble = page[page.rindex("<article", 0, start) : page.index("</article>", start)]
    assert "message--note" in bubble
    assert "data-answer" not in bubble


def test_a_failed_delivery_says_so_and_offers_another_try(world: World, signed_in: SignIn) -> None:
    ticket = make_ticket(world)
    sent = make_message(
        ticket, world, "Hola", direction="out", agent=world.ana, contact=None, html="<p>Hola</p>"
    )
    now = timezone.now()
    values = {"message": sent, "address": "dan@customer.example", "run_at": now, "changed_at": now}
    first = Delivery.objects.create(**values, state="failed", answer="buzón lleno")
    client = signed_in(world.ana)
    assert "buzón lleno" in _page(client, ticket)
    assert f"/desk/deliveries/{first.pk}/retry/" in _page(client, ticket)
    assert (
        client.post(f"/desk/deliveries/{first.pk}/retry/", headers={"HX-Request": "true"}).status_code == 204
    )
    assert sent.deliveries.count() == 2
    # The new attempt is what counts now, without waiting for any cache.
    assert "buzón lleno" not in _page(client, ticket)
    assert signed_in(world.cleo).post(f"/desk/deliveries/{first.pk}/retry/").status_code == 404


def test_who_only_reads_finds_no_button_that_writes(world: World, signed_in: SignIn) -> None:
    ticket = make_ticket(world)
    make_message(ticket, world)
    page = _page(signed_in(world.rita), ticket)
    assert "data-composer" not in page
    assert "status-menu" not in page
    assert "data-answer" not in page
    assert f"/desk/tickets/{ticket.pk}/fields/" not in page


def test_a_closed_ticket_offers_a_follow_up_instead_of_an_answer(world: World, signed_in: SignIn) -> None:
    ticket = make_ticket(world)
    set_status(ticket, Status.objects.get(phase=Phase.CLOSED, is_default=True), by=world.ana)
    page = _page(signed_in(world.ana), ticket)
    assert f"/desk/tickets/new/?follows={ticket.pk}" in page
    assert 'data-send="reply"' not in page


def test_an_address_that_bounced_can_be_cleared(world: World, signed_in: SignIn) -> None:
    ticket = make_ticket(world)
    identity = world.dan.identities.get()
    mark_bounced(identity, "buzón lleno", by=world.bo)
    client = signed_in(world.ana)
    assert "buzón lleno" in _page(client, ticket)
    client.post(f"/desk/identities/{identity.pk}/clear/", headers={"HX-Request": "true"})
    identity.refresh_from_db()
    assert identity.bounced_at is None
    assert "buzón lleno" not in _page(client, ticket)


def test_the_history_is_reached_by_address(world: World, signed_in: SignIn) -> None:
    ticket = make_ticket(world)
    assign(ticket, world.ana, by=world.bo)
    client = signed_in(world.ana)
    assert "<ins>Ana</ins>" in _page(client, ticket, "?tab=changes")
    assert "Bo" in _page(client, ticket, "?tab=feed")
    assert "Ana" in _page(client, ticket, "?tab=assignments")
    assert "<ins>Ana</ins>" not in _page(client, ticket, "?tab=changes&field=team")


def test_a_click_in_the_list_gets_the_panes_alone(world: World, signed_in: SignIn) -> None:
    ticket = make_ticket(world)
    answer = signed_in(world.ana).get(
        f"/desk/tickets/{ticket.pk}/", headers={"HX-Request": "true", "HX-Target": "main"}
    )
    page = answer.content.decode()
    assert "<html" not in page
    assert 'id="main"' in page
    assert 'id="panel"' in page


def test_earlier_tickets_are_only_those_the_viewer_may_know_of(world: World, signed_in: SignIn) -> None:
    ticket = make_ticket(world)
    make_ticket(world, subject="Una de Soporte")
    make_ticket(world, subject="Una de Ventas", team=world.sales)
    found = signed_in(world.ana).get(f"/desk/tickets/{ticket.pk}/previous/").content.decode()
    assert "Una de Soporte" in found
    assert "Una de Ventas" not in found


def test_a_withdrawn_message_is_gone(world: World, signed_in: SignIn) -> None:
    ticket = make_ticket(world)
    message = make_message(ticket, world, "Retirado")
    Message.objects.filter(pk=message.pk).update(withdrawn_at=timezone.now())
    client = signed_in(world.ana)
    assert "Retirado" not in _page(client, ticket)
    assert client.get(f"/desk/messages/{message.pk}/").status_code == 404


def test_earlier_tickets_have_the_card_of_the_list(world: World, signed_in: SignIn) -> None:
    ticket, other = make_ticket(world), make_ticket(world, subject="Una de Soporte")
    found = signed_in(world.ana).get(f"/desk/tickets/{ticket.pk}/previous/").content.decode()
    assert 'class="ticket-row' in found
    assert f'data-ticket="{other.pk}"' in found


def test_presence_under_a_merged_number_is_told_of_the_survivor(world: World, signed_in: SignIn) -> None:
    ticket, other = make_ticket(world), make_ticket(world)
    merge(ticket, [other], by=world.ana)
    client = signed_in(world.ana)
    assert client.post(f"/desk/tickets/{other.pk}/presence", {"state": "looking"}).status_code == 200
    seen = signed_in(world.bo).get(f"/desk/tickets/{other.pk}/presence").json()["present"]
    assert [each["name"] for each in seen] == ["Ana"]
    assert signed_in(world.cleo).get(f"/desk/tickets/{other.pk}/presence").status_code == 404
