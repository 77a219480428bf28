"""Mail to agents when there is too much of it, when it cannot be written, and when it would answer itself."""

from __future__ import annotations

from email.message import EmailMessage

import pytest

from zaguan.conversations.models import Inbox
from zaguan.notifications import mailing
from zaguan.notifications.composing import compose
from zaguan.notifications.mailing import send_due
from zaguan.notifications.models import Notification
from zaguan.notifications.preferring import choose
from zaguan.notifications.sending import News, notify
from zaguan.notifications.sending import tell as tell_by_sending
from zaguan.notifications.tests.test_mailing import later, part, tell
from zaguan.people.models import Agent, Identity
from zaguan.testing.makers import make_ticket
from zaguan.testing.sink import Sink
from zaguan.testing.world import World

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(told_by_mail: World) -> World:
    return told_by_mail


def test_an_absence_that_does_not_say_so_is_not_told_of_itself(world: World, sink: Sink) -> None:
    """An agent's out-of-office answer becomes a ticket of theirs; a mail about that would be answered again (R04)."""
    Identity.objects.create(contact=world.eve, kind="email", value="ana@zaguan.example")
    own = tell(world, "De ti", make_ticket(world, requester=world.eve, subject="Ausente"))
    tell(world, "De otro")
    later()
    assert send_due() == 1
    text = part(sink.messages[0].message, "plain")
    assert ("De otro" in text, "De ti" in text) == (True, False)
    assert Notification.objects.filter(ticket=own, in_bell=True).count() == 1


def test_a_reason_of_several_lines_fits_into_the_subject(world: World, sink: Sink) -> None:
    """Servers give reasons of several lines; a header has one."""
    told_of_failure = {
        "address": "dan@customer.example",
        "reason": "550-5.1.1 No such user\r\n550 5.1.1 here",
    }
    tell_by_sending({world.ana.pk: "failed"}, News(make_ticket(world), None, told_of_failure))
    later()
    assert send_due() == 1
    assert "No such user 550 5.1.1 here" in sink.messages[0].message["Subject"]


def test_what_does_not_fit_into_one_mail_comes_with_the_next(
    world: World, sink: Sink, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mailing, "MOST_IN_ONE", 2)
    for text in ("Uno", "Dos", "Tres"):
        tell(world, text)
    later()
    assert (send_due(), send_due(), send_due()) == (1, 1, 0)
    texts = [part(mail.message, "plain") for mail in sink.messages]
    assert [[word in text for word in ("Uno", "Dos", "Tres")] for text in texts] == [
        [True, True, False],
        [False, False, True],
    ]


def test_a_mail_that_cannot_be_written_holds_up_no_others(
    world: World, sink: Sink, monkeypatch: pytest.MonkeyPatch
) -> None:
    choose(world.bo, {("rule", "mail"): True}, by=world.bo)
    notify([world.ana, world.bo], kind="rule", ticket_id=make_ticket(world).pk, text="Mira")
    later()

    def broken_for_ana(agent: Agent, rows: list[Notification], inbox: Inbox) -> EmailMessage:
        if agent == world.ana:
            raise KeyError("a kind of tomorrow")
        return compose(agent, rows, inbox)

    monkeypatch.setattr(mailing, "compose", broken_for_ana)
    assert send_due() == 1
    assert sink.messages[0].message["To"].startswith("Bo ")
