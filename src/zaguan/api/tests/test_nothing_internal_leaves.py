"""However one writes, by desk, API or verb: no word of a note, tracker or back-office ticket is in any mail (ahead 5)."""

from __future__ import annotations

import base64
import quopri
import random
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from django.test import Client

from zaguan.channels.base import DeliveryError
from zaguan.channels.email.composing import compose
from zaguan.conversations.cross_posting import tell_on
from zaguan.conversations.incoming import IncomingFile
from zaguan.conversations.informing import inform_next
from zaguan.conversations.models import CrossPosting, Delivery, MassUpdate, Message, SideThread
from zaguan.conversations.noting import add_note
from zaguan.conversations.printing import contents
from zaguan.conversations.receiving import receive
from zaguan.conversations.signing import reply_address
from zaguan.conversations.tests.mails import a_mail
from zaguan.people.tokens import create_token
from zaguan.testing.makers import make_message, make_ticket
from zaguan.testing.world import World, make_world
from zaguan.tickets.back_office import open_back_office, set_sharing
from zaguan.tickets.linking import link
from zaguan.tickets.models import Link, Phase, Ticket, TicketType
from zaguan.tickets.opening import NewTicket, open_ticket
from zaguan.tickets.statuses import default_status

CANARY = "kanarienvogel"
HTML = f"<p>{CANARY}</p>"


@dataclass
class Office:
    """A conversation, its back-office ticket, a tracker above it, and who writes in them."""

    world: World
    front: Ticket
    back: Ticket
    tracker: Ticket
    desk: Client
    machine: Client

    @property
    def inside(self) -> list[Ticket]:
        return [self.back, self.tracker]


def make_office() -> Office:
    world = make_world()
    front = make_ticket(world)
    make_message(
        front, world, "No anda", sender_address="dan@customer.example", external_id="q1@customer.example"
    )
    hidden = TicketType.objects.create(name="Pagos", category="back_office")
    back = open_back_office(front, NewTicket(subject=CANARY, team=world.support, type=hidden), by=world.bo)
    kind = TicketType.objects.create(name="Caída", category="tracker")
    tracker = open_ticket(NewTicket(subject=CANARY, team=world.support, type=kind), by=world.bo)
    link(tracker, front, Link.Kind.TRACKED, by=world.bo)
    desk, machine = Client(headers={"HX-Request": "true"}), Client()
    desk.force_login(world.bo)
    machine.defaults = {"HTTP_AUTHORIZATION": f"Bearer {create_token(world.bo, 'x', by=world.bo)}"}
    for ticket in (front, back, tracker):
        add_note(ticket, HTML, by=world.bo)
    return Office(world, front, back, tracker, desk, machine)


def _desk(office: Office, path: str, **post: Any) -> None:
    office.desk.post(f"/desk/{path}", post)


def _api(office: Office, path: str, **body: Any) -> None:
    office.machine.post(f"/api/v1/{path}", body, content_type="application/json")


def _note_of(ticket: Ticket) -> Message:
    return ticket.messages.filter(direction="note").latest("id")


Step = Callable[[Office, random.Random], None]
TO = [{"email": "dan@customer.example"}]


def reply_inside(office: Office, dice: random.Random) -> None:
    ticket = dice.choice(office.inside)
    how = dice.choice(["reply", "reply_all", "forward", "new"])
    _desk(office, f"tickets/{ticket.pk}/reply/", reply_html=HTML, how=how, to="dan@customer.example")
    _api(office, f"tickets/{ticket.pk}/messages", html=HTML, mode=how, to=TO)


def answer_a_note(office: Office, dice: random.Random) -> None:
    ticket = dice.choice([office.front, *office.inside])
    note = _note_of(ticket)
    mode = dice.choice(["reply", "forward"])
    _api(office, f"tickets/{office.front.pk}/messages", text="Hola", mode=mode, to=TO, answers=note.pk)
    values = {"reply_html": "<p>Hola</p>", "how": mode, "to": "dan@customer.example", "answers": str(note.pk)}
    _desk(office, f"tickets/{office.front.pk}/reply/", **values)


def answer(office: Office, dice: random.Random) -> None:
    mode = dice.choice(["reply", "reply_all", "forward"])
    _api(office, f"tickets/{office.front.pk}/messages", text="Hola", mode=mode, to=TO)


def note(office: Office, dice: random.Random) -> None:
    ticket = dice.choice([office.front, *office.inside])
    _desk(office, f"tickets/{ticket.pk}/note/", note_html=HTML)
    _api(office, f"tickets/{ticket.pk}/messages", html=HTML, kind="note")
    _desk(office, f"tickets/{ticket.pk}/chat/", note_text=CANARY)


def publish(office: Office, dice: random.Random) -> None:
    ticket = dice.choice([office.front, *office.inside])
    _desk(office, f"tickets/{ticket.pk}/links/tell/", tell_text=CANARY)
    _api(office, f"messages/{_note_of(ticket).pk}/publish")
    for posting in CrossPosting.objects.filter(finished_at=None):
        tell_on(posting.pk)


def set_statuses(office: Office, dice: random.Random) -> None:
    ticket = dice.choice([office.front, *office.inside])
    status = default_status(dice.choice([Phase.OPEN, Phase.WAITING_CUSTOMER, Phase.RESOLVED]))
    _desk(office, f"tickets/{ticket.pk}/status/", status=status.pk, reason=CANARY)


def share(office: Office, dice: random.Random) -> None:
    set_sharing(office.back, dice.choice([True, False]), by=office.world.bo)


def customer_writes_inside(office: Office, dice: random.Random) -> None:
    ticket = dice.choice(office.inside)
    _desk(office, f"tickets/{ticket.pk}/fields/", subject=CANARY, summary=CANARY)
    _api(office, f"tickets/{ticket.pk}/calls", caller="300", started_at="2026-01-01T09:00:00Z", text=CANARY)


def turn_into_another(office: Office, dice: random.Random) -> None:
    ticket = dice.choice(office.inside)
    _desk(office, f"tickets/{ticket.pk}/type/", type="")
    _api(office, f"tickets/{ticket.pk}/type", type=None)
    office.machine.patch(f"/api/v1/tickets/{ticket.pk}", {"type": None}, content_type="application/json")


def inform(office: Office, dice: random.Random) -> None:
    update = {"text": "Ya anda, {{requester.name|hola}}", "start": True}
    _api(office, f"tickets/{office.tracker.pk}/mass-updates", **update)
    _api(
        office, f"tickets/{dice.choice([office.back, office.front]).pk}/mass-updates", text=CANARY, start=True
    )
    for started in MassUpdate.objects.filter(state="started"):
        inform_next(started.pk)


SUE = "sue@supplier.example"


def ask_outside(office: Office, dice: random.Random) -> None:
    """Sue may be told what the customer was, and nothing else; from inside she is told nothing at all."""
    shared = {"to": [{"email": SUE}], "subject": "Una pieza", "text": "Hola Sue", "files": True}
    _api(office, f"tickets/{office.front.pk}/side-threads", **shared, messages=dice.choice([0, 5, 100]))
    ticket = dice.choice(office.inside)
    _api(office, f"tickets/{ticket.pk}/side-threads", **shared | {"text": CANARY})
    _api(office, f"tickets/{office.front.pk}/side-threads", **shared | {"text": CANARY, "to": TO})
    typed = {"to": "dan@customer.example", "subject": "x", "question_text": CANARY, "days": "30"}
    _desk(office, f"tickets/{office.front.pk}/outside/", **typed)


def outsider_answers(office: Office, dice: random.Random) -> None:
    """Sue, a stranger or even the customer writes to the address of the side thread."""
    for side in SideThread.objects.select_related("thread__inbox"):
        assert side.thread.inbox is not None
        sender = dice.choice([SUE, "otra@supplier.example", "dan@customer.example"])
        to = reply_address(side.thread, side.thread.inbox)
        file = IncomingFile(f"{CANARY}.txt", "text/plain", CANARY.encode())
        receive(a_mail(sender, CANARY, to=to, html=HTML, files=(file,)), side.thread.inbox)


def answer_the_outsider_to_the_customer(office: Office, dice: random.Random) -> None:
    """What came into a side thread is neither answered, quoted, forwarded nor attached to the customer."""
    for said in Message.objects.filter(channel="side", direction="in"):
        mode = dice.choice(["reply", "reply_all", "forward"])
        path = f"tickets/{office.front.pk}/messages"
        files = [each.public_id for each in said.attachments.all()]
        _api(office, path, text="Hola", mode=mode, to=TO, answers=said.pk)
        _api(office, path, text="Hola", mode=mode, to=TO, attachments=files)
        values = {"reply_html": "<p>Hola</p>", "how": mode, "to": TO[0]["email"], "answers": str(said.pk)}
        _desk(office, f"tickets/{office.front.pk}/reply/", **values, reply_file=files)


STEPS: list[Step] = [
    *(ask_outside, outsider_answers, answer_the_outsider_to_the_customer),
    *(reply_inside, answer_a_note, answer, note, publish, set_statuses, share),
    *(customer_writes_inside, turn_into_another, inform),
]


def outgoing_bytes() -> bytes:
    """Every mail that is queued, as it would leave, with its encodings taken off."""
    found = b""
    numbers = Delivery.objects.values_list("message_id", flat=True).distinct()
    for message in Message.objects.filter(pk__in=numbers).select_related(
        "ticket", "thread__inbox", "answers"
    ):
        raw = compose(message)
        found += raw + quopri.decodestring(raw)
        for part in raw.split(b"\r\n\r\n"):
            try:
                found += base64.b64decode(part, validate=False)
            except ValueError:
                continue
    return found


@pytest.mark.django_db
@pytest.mark.parametrize("seed", range(6))
def test_no_internal_word_is_in_any_mail(seed: int) -> None:
    office, dice = make_office(), random.Random(seed)
    order = [*STEPS, *dice.choices(STEPS, k=8)]
    dice.shuffle(order)
    for step in [*order, ask_outside, outsider_answers, answer_the_outsider_to_the_customer, answer]:
        step(office, dice)
    for ticket in office.inside:
        assert not ticket.messages.filter(direction="out").exists()
    assert not Message.objects.filter(direction="note").exclude(visibility="internal").exists()
    leaving = outgoing_bytes()
    assert b"Hola" in leaving
    assert b"Ya anda" in leaving
    assert CANARY.encode() not in leaving.lower()
    beside = Delivery.objects.filter(message__channel="side")
    assert set(beside.values_list("address", flat=True)) == {SUE}
    assert not Delivery.objects.exclude(message__channel="side").filter(address=SUE).exists()
    assert not Message.objects.filter(channel="side").exclude(visibility="internal").exists()
    assert Message.objects.filter(channel="side", direction="in").exists()
    copy = contents(office.front, viewer=office.world.bo, copy="customer")
    assert CANARY not in str(copy.data).lower()


@pytest.mark.django_db
def test_the_last_gate_holds_even_for_what_no_verb_would_queue() -> None:
    office = make_office()
    set_sharing(office.back, True, by=office.world.bo)
    message = make_message(office.back, office.world, CANARY, direction="out")
    with pytest.raises(DeliveryError):
        compose(message)
