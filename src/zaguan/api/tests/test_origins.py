"""Where on a network a message was written: taken in by API, shown on the ticket, linked only when that is safe."""

from __future__ import annotations

import pytest
from django.test import Client

from zaguan.api.tests.test_tickets import NEW, Caller
from zaguan.conversations.models import Message
from zaguan.conversations.origins import is_permalink, origin_of
from zaguan.testing.makers import make_ticket
from zaguan.testing.world import World
from zaguan.tickets.models import Ticket

pytestmark = pytest.mark.django_db
POST = "https://social.example/patio/posts/77?comment=3"
CONTEXT = {
    "url": POST,
    "network": "Social",
    "title": "Autumn tiles",
    "excerpt": "Which <b>blue</b> do you like?",
    "position": "Comment 3 of 41",
}


def test_a_post_is_taken_in_and_shown_with_its_place(world: World, client: Client) -> None:
    caller = Caller(world.ana)
    number = caller.send("post", "/tickets", NEW | {"channel": "social", "context": CONTEXT}).json()["number"]
    said = caller.get(f"/tickets/{number}/messages").json()["items"][0]
    assert said["details"]["context"] == CONTEXT
    client.force_login(world.ana, backend="zaguan.people.joining.AgentBackend")
    page = client.get(f"/desk/tickets/{number}/").content.decode()
    thread = page.split('id="thread"', 1)[1]
    assert f'href="{POST}"' in thread
    assert 'rel="noopener noreferrer nofollow"' in thread
    for words in ("Comment 3 of 41", "Autumn tiles", "Which &lt;b&gt;blue", "signed in there"):
        assert words in thread


def test_what_the_customer_says_next_comes_in_too_and_reopens(world: World) -> None:
    caller, ticket = Caller(world.ana), make_ticket(world, channel="social")
    path = f"/tickets/{ticket.pk}/incoming"
    answer = caller.send("post", path, {"text": "¿Y en verde?", "context": {"position": "Reply 2"}})
    assert answer.status_code == 201, answer.content
    message = Message.objects.get(ticket=ticket)
    assert (message.direction, message.contact, message.channel) == ("in", world.dan, "social")
    assert message.details == {"context": {"position": "Reply 2"}}
    assert Ticket.objects.get(pk=ticket.pk).waiting_since is not None
    assert caller.send("post", path, {"text": " "}).status_code == 422
    assert Caller(world.cleo).send("post", path, {"text": "x"}).status_code == 404
    assert Caller(world.rita).send("post", path, {"text": "x"}).status_code == 403


@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert(1)",
        "http://social.example/1",
        "https://ana:secret@social.example/1",
        "data:text/html,x",
        "//social.example/1",
        "https://",
    ],
)
def test_only_an_https_permalink_is_ever_a_link(world: World, address: str) -> None:
    caller, ticket = Caller(world.ana), make_ticket(world)
    path = f"/tickets/{ticket.pk}/incoming"
    refused = caller.send("post", path, {"text": "x", "context": {"url": address}})
    assert refused.status_code == 422
    assert not is_permalink(address)
    assert not Message.objects.exists()


def test_what_stands_in_the_table_is_checked_once_more(world: World) -> None:
    odd = Message(details={"context": {"url": "javascript:alert(1)", "title": "Post"}})
    found = origin_of(odd)
    assert found is not None
    assert (found.url, found.title) == ("", "Post")
    assert origin_of(Message(details={})) is None
    assert origin_of(Message(details={"context": "odd"})) is None
