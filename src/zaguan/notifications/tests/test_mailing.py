"""Mail to agents: bundled, in their language, never of what they have read or may not see, never in a loop."""

from __future__ import annotations

from datetime import timedelta
from email.message import EmailMessage

import pytest
from django.conf import LazySettings
from django.utils import timezone

from zaguan.channels import pausing
from zaguan.notifications.mailing import send_due
from zaguan.notifications.models import Notification
from zaguan.notifications.reading import read_about
from zaguan.notifications.sending import notify
from zaguan.notifications.wishing import wish
from zaguan.people.models import Agent
from zaguan.testing.makers import make_ticket
from zaguan.testing.sink import Sink
from zaguan.testing.world import World
from zaguan.tickets.models import Ticket

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(told_by_mail: World) -> World:
    return told_by_mail


def tell(world: World, text: str = "Mira esto", ticket: Ticket | None = None) -> Ticket:
    ticket = ticket or make_ticket(world)
    notify([world.ana], kind="rule", ticket_id=ticket.pk, text=text)
    return ticket


def part(message: EmailMessage, kind: str) -> str:
    """The text of one part of a mail."""
    found = message.get_body((kind,))
    assert found is not None
    text: str = found.get_content()
    return text


def later(minutes: int = 3) -> None:
    """Let so much time pass for what waits."""
    rows = Notification.objects.filter(mail_at__isnull=False)
    for row in rows:
        assert row.mail_at is not None
        row.mail_at -= timedelta(minutes=minutes)
        row.save(update_fields=["mail_at"])


def test_what_belongs_together_comes_in_one_mail(world: World, sink: Sink) -> None:
    one = tell(world, "Primero")
    tell(world, "Segundo", one)
    other = tell(world, "Tercero")
    assert send_due() == 0
    later()
    assert send_due() == 1
    (mail,) = sink.messages
    message = mail.message
    text = part(message, "plain")
    assert [text.count(word) for word in ("Primero", "Segundo", "Tercero")] == [1, 1, 1]
    assert text.count(f"#{one.pk} ") == 1
    assert text.index("Segundo") < text.index(f"#{other.pk} ")
    assert message["To"] == "Ana <ana@zaguan.example>"
    assert message["From"].endswith("<help@zaguan.example>")
    assert "3 things are new" in message["Subject"]
    assert send_due() == 0


def test_a_machine_knows_that_a_machine_wrote(world: World, sink: Sink) -> None:
    ticket = tell(world)
    later()
    send_due()
    message = sink.messages[0].message
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["X-Zaguan-Instance"]
    assert "/desk/profile/notifications/" in message["List-Unsubscribe"]
    assert f"#{ticket.pk} " in message["Subject"]
    html = part(message, "html")
    assert f"/desk/notifications/{Notification.objects.get().pk}/" in html


def test_it_is_written_in_the_agents_language(world: World, sink: Sink) -> None:
    Agent.objects.filter(pk=world.ana.pk).update(language="es")
    ticket = tell(world)
    notify([world.ana.pk], kind="mention", ticket_id=ticket.pk, text="")
    later()
    send_due()
    assert "http" in sink.messages[0].message["List-Unsubscribe"]
    assert len(sink.messages) == 1


def test_what_was_read_meanwhile_is_not_mailed(world: World, sink: Sink) -> None:
    read_about(world.ana, tell(world).pk)
    later()
    assert send_due() == 0
    assert not sink.messages


def test_what_went_out_of_sight_is_not_mailed(world: World, sink: Sink) -> None:
    Ticket.objects.filter(pk=tell(world).pk).update(team=world.sales)
    later()
    assert send_due() == 0
    assert not sink.messages


def test_an_agent_at_one_of_our_own_addresses_gets_no_mail(world: World, sink: Sink) -> None:
    Agent.objects.filter(pk=world.ana.pk).update(email="help@zaguan.example")
    tell(world)
    later()
    assert send_due() == 0
    assert not sink.messages


def test_it_is_tried_again_when_the_server_is_away(world: World, settings: LazySettings, sink: Sink) -> None:
    good, settings.MAIL_URL = settings.MAIL_URL, "smtp://127.0.0.1:9?security=none"
    tell(world)
    later()
    assert send_due() == 0
    row = Notification.objects.get()
    assert row.mailed_at is None
    assert row.mail_at is not None
    assert row.mail_at > timezone.now()
    settings.MAIL_URL = good
    later(10)
    assert send_due() == 1


def test_nothing_leaves_while_sending_is_paused(world: World, sink: Sink) -> None:
    tell(world)
    later()
    pausing.pause()
    try:
        assert send_due() == 0
    finally:
        pausing.resume()
    assert send_due() == 1


def test_a_digest_gathers_until_its_hour_and_a_new_wish_moves_it(world: World, sink: Sink) -> None:
    wish(world.ana, by=world.ana, digest="daily")
    tell(world)
    later(5)
    assert send_due() == 0
    wish(world.ana, by=world.ana, digest="off")
    later(5)
    assert send_due() == 1
