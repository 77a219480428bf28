"""Bounces, delays, complaints and receipts: what they change, and what they must not (R05, R11, bug 12)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from zaguan.conversations.incoming import Bounce, Machine
from zaguan.conversations.models import Delivery, Message
from zaguan.conversations.notices import change_delivery
from zaguan.conversations.receiving import Outcome, receive
from zaguan.conversations.signing import reply_address
from zaguan.conversations.tests.mails import a_mail, an_answer
from zaguan.events.models import EventRecord
from zaguan.people.models import Identity
from zaguan.testing.world import World, make_world
from zaguan.tickets.models import Phase, Ticket
from zaguan.tickets.statuses import default_status, set_status

pytestmark = pytest.mark.django_db
DAN, DAEMON = "dan@customer.example", "mailer-daemon@mx.example"


class Sent:
    """An answer to Dan that left, in a ticket that waits for him."""

    def __init__(self) -> None:
        self.world: World = make_world()
        self.ticket = (
            receive(a_mail(external_id="first@customer.example"), self.world.inbox).ticket or Ticket()
        )
        self.thread = self.ticket.threads.get()
        self.message = an_answer(self.thread, self.world.ana)
        self.delivery = self.deliver(self.message, DAN)
        set_status(self.ticket, default_status(Phase.WAITING_CUSTOMER), by=self.world.ana)

    def deliver(self, message: Message, address: str) -> Delivery:
        now = timezone.now()
        return Delivery.objects.create(
            message=message, inbox=self.world.inbox, address=address, state="sent", run_at=now, changed_at=now
        )

    def notice(
        self, kind: str = "failed", *, about: str | None = None, recipient: str = DAN, **fields: Any
    ) -> Outcome:
        about = self.message.external_id if about is None else about
        bounce = Bounce(recipient, kind, status="5.1.1", reason="No such user", about=about)
        usual: dict[str, Any] = {
            "machine": Machine(notice=True),
            "bounces": (bounce,),
            "subject": "Undelivered",
        }
        return receive(a_mail(DAEMON, **usual | fields), self.world.inbox)

    def phase(self) -> str:
        return Ticket.objects.get(pk=self.ticket.pk).phase

    def state(self) -> str:
        self.delivery.refresh_from_db()
        return self.delivery.state

    def dan(self) -> Identity:
        return Identity.objects.get(value=DAN)


@pytest.fixture
def sent() -> Sent:
    return Sent()


def test_a_bounce_fails_the_delivery_marks_the_address_and_reopens(sent: Sent) -> None:
    outcome = sent.notice()
    assert (outcome.outcome, outcome.ticket) == ("joined", sent.ticket)
    assert (sent.state(), sent.phase()) == ("failed", Phase.OPEN)
    assert (sent.delivery.code, sent.delivery.answer) == ("5.1.1", "No such user")
    assert sent.dan().bounced_at is not None
    assert timezone.now() + timedelta(days=59) < (sent.dan().muted_until or timezone.now())
    told = EventRecord.objects.get(kind="conversations.DeliveryChanged")
    assert (told.data["state"], told.data["delivery_id"], told.ticket_id) == (
        "failed",
        sent.delivery.pk,
        sent.ticket.pk,
    )


def test_a_bounce_is_shown_to_agents_only_and_is_no_answer(sent: Sent) -> None:
    before = Ticket.objects.get(pk=sent.ticket.pk).last_customer_at
    message = sent.notice().message
    assert message
    assert (message.visibility, message.contact, message.is_automatic) == ("internal", None, True)
    assert message.details["bounces"][0]["status"] == "5.1.1"
    assert Ticket.objects.get(pk=sent.ticket.pk).last_customer_at == before
    assert not Identity.objects.filter(value=DAEMON).exists()


def test_a_delay_is_only_shown(sent: Sent) -> None:
    assert sent.notice("delayed").outcome == "joined"
    assert (sent.state(), sent.phase(), sent.dan().bounced_at) == ("sent", Phase.WAITING_CUSTOMER, None)


def test_a_delivery_report_moves_on_and_reopens_nothing(sent: Sent) -> None:
    sent.notice("delivered")
    assert (sent.state(), sent.phase()) == ("delivered", Phase.WAITING_CUSTOMER)


def test_a_late_bounce_does_not_turn_back_what_arrived(sent: Sent) -> None:
    sent.notice("delivered")
    sent.notice("failed", subject="Again")
    assert sent.state() == "delivered"


def test_a_complaint_marks_the_address_and_nothing_else(sent: Sent) -> None:
    sent.notice("complaint")
    assert sent.dan().bounced_at is not None
    assert (sent.state(), sent.phase()) == ("sent", Phase.WAITING_CUSTOMER)


def test_a_bounce_to_the_signed_reply_address_needs_no_enclosed_mail(sent: Sent) -> None:
    outcome = sent.notice(about="", delivered_to=reply_address(sent.thread, sent.world.inbox))
    assert outcome.ticket == sent.ticket
    assert (sent.state(), sent.phase()) == ("failed", Phase.OPEN)


def test_a_bounce_without_any_proof_is_shown_and_believed_by_nobody(sent: Sent) -> None:
    for about in ("", "zg.aaaaaaaaaaaaaaaa.bbbbbbbbbb." + "c" * 26 + "@zaguan.example"):
        outcome = sent.notice(about=about)
        assert (outcome.outcome, outcome.ticket) == ("joined", sent.ticket)
        assert (sent.state(), sent.phase(), sent.dan().bounced_at) == ("sent", Phase.WAITING_CUSTOMER, None)


def test_backscatter_is_held_and_can_be_released(sent: Sent) -> None:
    outcome = sent.notice(about="spam@forged.example", recipient="nobody@forged.example")
    assert (outcome.outcome, outcome.ticket) == ("held", None)
    bounce = Bounce("nobody@forged.example", "failed", about="x@y")
    mail = a_mail(DAEMON, machine=Machine(notice=True), bounces=(bounce,))
    assert receive(mail, sent.world.inbox, released=True).outcome == "opened"


def test_the_right_attempt_is_found(sent: Sent) -> None:
    other = sent.deliver(sent.message, "carla@customer.example")
    later = sent.deliver(an_answer(sent.thread), DAN)
    sent.notice(recipient="CARLA@customer.example")
    other.refresh_from_db()
    assert (other.state, sent.state()) == ("failed", "sent")
    sent.notice(subject="Two")
    later.refresh_from_db()
    assert (sent.state(), later.state) == ("failed", "sent")


def test_an_address_behind_a_forward_is_the_only_recipient(sent: Sent) -> None:
    sent.notice(recipient="dan.forwarded@elsewhere.example")
    assert sent.state() == "failed"
    assert sent.dan().bounced_at is not None


@pytest.mark.parametrize("kind", ["failed", "complaint"])
def test_a_customer_can_silence_nobody_elses_address(sent: Sent, kind: str) -> None:
    """Dan knows the signed address of his own thread; a notice that he makes up is no proof about Eve."""
    sent.deliver(sent.message, "carla@customer.example")
    back = reply_address(sent.thread, sent.world.inbox)
    sent.notice(kind, about="", recipient="eve@stranger.example", delivered_to=back)
    assert Identity.objects.get(value="eve@stranger.example").muted_until is None
    assert sent.state() == "sent"


def test_a_read_receipt_is_shown_in_the_ticket(sent: Sent) -> None:
    receipt = a_mail(DAN, in_reply_to=sent.message.external_id, machine=Machine(notice=True))
    outcome = receive(receipt, sent.world.inbox)
    assert (outcome.outcome, sent.phase()) == ("joined", Phase.WAITING_CUSTOMER)


def test_a_bounce_in_a_closed_ticket_leaves_it_closed(sent: Sent) -> None:
    set_status(sent.ticket, default_status(Phase.CLOSED), by=sent.world.ana)
    assert sent.notice().outcome == "joined"
    assert (sent.state(), sent.phase()) == ("failed", Phase.CLOSED)


@pytest.mark.parametrize(
    ("before", "after", "moves"),
    [
        ("sent", "failed", True),
        ("unknown", "failed", True),
        ("unknown", "delivered", True),
        ("sent", "read", True),
        ("delivered", "read", True),
        ("read", "delivered", False),
        ("delivered", "failed", False),
        ("failed", "delivered", False),
        ("queued", "delivered", False),
    ],
)
def test_states_never_go_back(sent: Sent, before: str, after: str, moves: bool) -> None:
    Delivery.objects.filter(pk=sent.delivery.pk).update(state=before)
    assert change_delivery(sent.delivery, after, "") is moves
    assert sent.state() == (after if moves else before)
