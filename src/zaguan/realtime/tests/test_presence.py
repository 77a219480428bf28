"""Who is at a ticket, across processes, until they leave or vanish."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from zaguan.lib.errors import Refused
from zaguan.realtime import presence
from zaguan.realtime.models import Presence
from zaguan.realtime.presence import PresenceFollower
from zaguan.testing.makers import make_ticket
from zaguan.testing.world import World
from zaguan.tickets.models import Ticket

pytestmark = pytest.mark.django_db


@pytest.fixture
def ticket(world: World) -> Ticket:
    return make_ticket(world)


def names(ticket: Ticket) -> list[tuple[str, bool]]:
    return [(each.agent.name, each.typing) for each in presence.who(ticket.pk)]


def test_those_who_type_come_first(world: World, ticket: Ticket) -> None:
    presence.note(world.ana, ticket, "looking")
    presence.note(world.bo, ticket, "typing")
    assert names(ticket) == [("Bo", True), ("Ana", False)]
    presence.note(world.bo, ticket, "left")
    assert names(ticket) == [("Ana", False)]


def test_a_vanished_browser_is_gone_after_a_while(world: World, ticket: Ticket) -> None:
    with time_machine.travel(timezone.now() - timedelta(minutes=2)):
        presence.note(world.ana, ticket, "looking")
    assert names(ticket) == []
    follower = PresenceFollower()
    assert presence.expire() == 1
    assert follower.changed() == {ticket.pk}
    assert presence.expire() == 0


def test_only_a_change_is_told(world: World, ticket: Ticket) -> None:
    follower = PresenceFollower()
    presence.note(world.ana, ticket, "looking")
    assert follower.changed() == {ticket.pk}
    presence.note(world.ana, ticket, "looking")
    assert follower.changed() == set()
    presence.note(world.ana, ticket, "typing")
    assert follower.changed() == {ticket.pk}


def test_other_words_are_refused(world: World, ticket: Ticket) -> None:
    with pytest.raises(Refused):
        presence.note(world.ana, ticket, "dancing")


def test_the_page_says_what_one_does_and_hears_of_the_others(
    world: World, ticket: Ticket, client: Client
) -> None:
    presence.note(world.bo, ticket, "typing")
    client.force_login(world.ana)
    answer = client.post(f"/desk/tickets/{ticket.pk}/presence", {"state": "looking"})
    assert answer.json() == {"present": [{"id": world.bo.pk, "name": "Bo", "typing": True}]}
    assert Presence.objects.get(agent=world.ana).state == "looking"


def test_another_teams_ticket_is_not_there(world: World, ticket: Ticket, client: Client) -> None:
    client.force_login(world.cleo)
    assert client.post(f"/desk/tickets/{ticket.pk}/presence", {"state": "looking"}).status_code == 404
    assert client.get(f"/desk/tickets/{ticket.pk}/presence").status_code == 404


def test_a_server_without_streams_says_so(world: World, client: Client) -> None:
    client.force_login(world.ana)
    assert client.get("/desk/live/").status_code == 503
