"""What becomes of a message: refused, put off, unknown, never backwards (R03, E9, bugs 5 and 6)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from zaguan.channels import delivering
from zaguan.channels.base import Outcome
from zaguan.channels.delivering import claim, deliver_due
from zaguan.channels.email import sending
from zaguan.channels.outcomes import settle
from zaguan.channels.recovering import recover_expired
from zaguan.channels.tests.answering import answer, asked, sending_world, states
from zaguan.conversations.models import Delivery
from zaguan.conversations.retrying import retry
from zaguan.lib.errors import Refused
from zaguan.people.models import Identity
from zaguan.testing.servers import Sink
from zaguan.testing.world import World
from zaguan.tickets.models import Phase, Ticket
from zaguan.tickets.statuses import default_status

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(sink: Sink) -> World:
    return sending_world(sink)


def test_a_refused_recipient_does_not_stop_the_others(world: World, sink: Sink) -> None:
    sink.refuse = {
        "nadie@partner.example": "550 5.1.1 No such user",
        "luego@partner.example": "451 4.7.1 Later",
    }
    people = [("nadie@partner.example", ""), ("luego@partner.example", "")]
    message = answer(world, asked(world), cc=people, status=default_status(Phase.WAITING_CUSTOMER))
    deliver_due()
    assert states(message) == {
        "dan@customer.example": "sent",
        "nadie@partner.example": "failed",
        "luego@partner.example": "queued",
    }
    later = message.deliveries.get(address="luego@partner.example")
    assert (later.code, later.tries) == ("4.7.1", 1)
    assert later.run_at > timezone.now()
    assert message.deliveries.get(address="nadie@partner.example").code == "5.1.1"
    # Not delivered: back to work, with a reason.
    assert Ticket.objects.get(pk=message.ticket_id).phase == Phase.OPEN


def test_a_wrong_address_is_marked(world: World, sink: Sink) -> None:
    sink.refuse = {"dan@customer.example": "550 5.1.1 No such user"}
    message = answer(world, asked(world))
    deliver_due()
    assert states(message) == {"dan@customer.example": "failed"}
    assert Identity.objects.get(value="dan@customer.example").bounced_at is not None
    assert sink.messages == []


def test_a_refusal_of_the_whole_message(world: World, sink: Sink) -> None:
    sink.after_data = "552 5.2.2 Full"
    message = answer(world, asked(world))
    deliver_due()
    assert states(message) == {"dan@customer.example": "failed"}
    assert Identity.objects.get(value="dan@customer.example").bounced_at is None


def test_a_passing_refusal_is_tried_again_and_given_up_after_a_day(world: World, sink: Sink) -> None:
    sink.after_data = "451 4.3.0 Busy"
    message = answer(world, asked(world))
    deliver_due()
    assert states(message) == {"dan@customer.example": "queued"}
    assert deliver_due() == 0
    for _try in range(20):
        message.deliveries.filter(state="queued").update(run_at=timezone.now())
        deliver_due()
    assert states(message) == {"dan@customer.example": "failed"}
    assert message.deliveries.get().tries == 11


@pytest.mark.parametrize("manner", ["hang", "drop"])
def test_silence_after_the_message_means_unknown_and_never_a_second_copy(
    world: World, sink: Sink, manner: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sending, "TAKEN_SECONDS", 0.5)
    sink.after_data = manner
    message = answer(world, asked(world))
    deliver_due()
    assert states(message) == {"dan@customer.example": "unknown"}
    sink.after_data = "accept"
    Delivery.objects.update(run_at=timezone.now() - timedelta(days=1), leased_until=None)
    assert deliver_due() == 0
    assert len(sink.messages) == 1


def test_a_server_that_is_away_costs_nothing(world: World, sink: Sink) -> None:
    world.inbox.settings["smtp"]["port"] = 1
    world.inbox.save()
    messages = [answer(world, asked(world)) for _each in range(3)]
    deliver_due()
    assert {state for m in messages for state in states(m).values()} == {"queued"}
    # Only the first was tried; the others were given back untouched.
    assert sorted(Delivery.objects.values_list("tries", flat=True)) == [0, 0, 1]


def test_a_dead_worker_before_the_message_left_costs_nothing(world: World, sink: Sink) -> None:
    message = answer(world, asked(world))
    assert claim(10, "dead:1")
    assert deliver_due() == 0
    Delivery.objects.update(leased_until=timezone.now() - timedelta(seconds=1))
    assert recover_expired() == 0
    assert deliver_due() == 1
    assert states(message) == {"dan@customer.example": "sent"}
    assert len(sink.messages) == 1


def test_a_dead_worker_while_it_left_means_unknown(world: World, sink: Sink) -> None:
    message = answer(world, asked(world))
    [row] = claim(10, "dead:1")
    delivering._mark_leaving([row], ["dan@customer.example"], "dead:1")
    assert recover_expired() == 0
    Delivery.objects.update(leased_until=timezone.now() - timedelta(seconds=1))
    assert recover_expired() == 1
    assert states(message) == {"dan@customer.example": "unknown"}
    assert deliver_due() == 0
    assert sink.messages == []


def test_a_worker_whose_claim_ran_out_sends_nothing(
    world: World, sink: Sink, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(delivering, "LEASE", timedelta(seconds=-1))
    answer(world, asked(world))
    deliver_due()
    assert sink.messages == []
    monkeypatch.setattr(delivering, "LEASE", timedelta(minutes=5))
    assert deliver_due() == 1
    assert len(sink.messages) == 1


def test_trying_again_is_a_new_attempt_and_follows_only_itself(world: World, sink: Sink) -> None:
    sink.after_data = "550 5.7.1 No"
    message = answer(world, asked(world))
    deliver_due()
    failed = message.deliveries.get()
    sink.after_data = "accept"
    again = retry(failed, by=world.ana)
    with pytest.raises(Refused):
        retry(failed, by=world.ana)
    deliver_due()
    failed.refresh_from_db()
    again.refresh_from_db()
    assert (failed.state, failed.attempt, again.state, again.attempt) == ("failed", 1, "sent", 2)
    assert len(sink.messages) == 1
    # The same mail: the customer's program would drop a second copy.
    assert sink.messages[0].message["Message-ID"] == f"<{message.external_id}>"


def test_late_news_never_moves_a_state_backwards(world: World, sink: Sink) -> None:
    message = answer(world, asked(world))
    [row] = claim(10, "slow:1")
    delivering._mark_leaving([row], ["dan@customer.example"], "slow:1")
    message.deliveries.update(state="delivered")
    for state in ("sent", "failed", "unknown", "queued"):
        settle([row], {row.address: Outcome(state=state)}, "slow:1")
        assert states(message) == {"dan@customer.example": "delivered"}


@pytest.mark.parametrize(("reply_line", "state"), [("251 2.0.0 Taken", "sent"), ("2xx what", "unknown")])
def test_an_odd_answer_to_the_data_never_sends_again(
    world: World, sink: Sink, reply_line: str, state: str
) -> None:
    message = answer(world, asked(world))
    sink.after_data = reply_line
    deliver_due()
    assert message.deliveries.get().state == state
