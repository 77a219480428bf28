"""Approvals: who is told of them, and the mail with its link to a contact."""

from __future__ import annotations

from datetime import timedelta
from email.message import EmailMessage
from urllib.parse import urlsplit

import pytest
import time_machine
from django.conf import LazySettings
from django.test import Client
from django.utils import timezone
from django.utils.translation import override

from zaguan.conversations.signing import reply_address
from zaguan.events.models import Job
from zaguan.events.working import work_off
from zaguan.notifications import mailing_approvals
from zaguan.notifications.approval_links import address_of, approver_behind
from zaguan.notifications.models import Notification
from zaguan.notifications.outgoing import Trouble
from zaguan.notifications.wording import place_of, said, sentence
from zaguan.testing.makers import make_question, make_ticket
from zaguan.testing.sink import Sink
from zaguan.testing.world import World, make_world
from zaguan.tickets.approvals import Asking, ask, decide, withdraw
from zaguan.tickets.models import Approval, Approver, Ticket
from zaguan.tickets.trash import trash

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(settings: LazySettings, sink: Sink) -> World:
    settings.MAIL_URL = f"smtp://127.0.0.1:{sink.port}?security=none"
    return make_world()


def told(kind: str) -> list[tuple[str, str]]:
    with override("en"):
        rows = Notification.objects.filter(kind=kind).select_related("agent", "ticket").order_by("pk")
        return [(row.agent.name, sentence(row)) for row in rows]


def mailed(world: World, **more: object) -> Approver:
    """Eve is asked by mail."""
    values = {"question": "¿Aceptas <el> presupuesto?", "contacts": [world.eve]} | more
    return ask(make_ticket(world), Asking(**values), by=world.ana).approvers.get(agent=None)  # type: ignore[arg-type]


def part(message: EmailMessage, kind: str) -> str:
    found = message.get_body((kind,))
    assert found is not None
    text: str = found.get_content()
    return text


def link(approver: Approver) -> str:
    return urlsplit(address_of(approver)).path


def test_who_is_asked_and_who_asked_are_told(world: World) -> None:
    ticket = make_ticket(world)
    approval = ask(ticket, Asking(question="¿Sí?", agents=[world.bo, world.rita], needs="all"), by=world.ana)
    work_off("here")
    assert told("approval_asked") == [
        ("Bo", "Ana asks for your approval."),
        ("Rita", "Ana asks for your approval."),
    ]
    row = Notification.objects.filter(kind="approval_asked")[0]
    assert (said(row), place_of(row)) == ("¿Sí?", f"/desk/tickets/{ticket.pk}/?tab=approvals")
    decide(approval, True, by=world.bo)
    work_off("here")
    assert told("approval_decided") == []
    decide(approval, False, by=world.rita, comment="Mejor no")
    work_off("here")
    assert told("approval_decided") == [("Ana", "Rita rejected what was asked.")]
    assert said(Notification.objects.get(kind="approval_decided")) == "Mejor no"


def test_when_it_is_due_the_silent_ones_and_the_asker_are_told(world: World) -> None:
    due = timezone.now() + timedelta(hours=2)
    asking = Asking(question="¿Sí?", agents=[world.bo, world.rita], needs="all", due_at=due)
    decide(ask(make_ticket(world), asking, by=world.ana), True, by=world.bo)
    with time_machine.travel(due + timedelta(minutes=1), tick=False):
        while work_off("here"):
            pass
        assert sorted(name for name, _text in told("approval_due")) == ["Ana", "Rita"]


def test_a_contact_gets_the_question_and_a_link_and_nothing_else_of_the_ticket(
    world: World, sink: Sink
) -> None:
    world.eve.language = "en"
    world.eve.save()
    approver = mailed(world, due_at=timezone.now() + timedelta(days=2))
    while work_off("here"):
        pass
    (mail,) = [each.message for each in sink.messages]
    assert "eve@stranger.example" in mail["To"]
    assert (mail["Auto-Submitted"], mail["Subject"]) == (
        "auto-generated",
        "Your approval is asked for: ¿Aceptas <el> presupuesto?",
    )
    assert address_of(approver) in part(mail, "plain")
    assert "¿Aceptas &lt;el&gt; presupuesto?" in part(mail, "html")
    assert "impresora" not in mail.as_string()
    approver.refresh_from_db()
    assert approver.mailed_at is not None


def test_only_what_the_requester_answers_belongs_to_the_conversation(world: World) -> None:
    ticket, _message = make_question(world)
    asking = Asking(question="¿Aceptas?", contacts=[world.dan, world.eve])
    asked = ask(ticket, asking, by=world.ana).approvers.select_related("approval__ticket", "contact")
    mails = {each.contact: mailing_approvals.compose(each, world.inbox) for each in asked}
    thread = ticket.threads.get()
    assert mails[world.dan]["Reply-To"] == reply_address(thread, world.inbox)
    assert mails[world.eve]["Reply-To"] is None


def test_no_mail_leaves_for_what_was_withdrawn_and_it_is_tried_again(
    world: World, sink: Sink, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_args: object, **_more: object) -> None:
        raise Trouble("away")

    approver = mailed(world)
    with monkeypatch.context() as patch:
        patch.setattr(mailing_approvals, "hand_over", away)
        work_off("here")
    job = Job.objects.get(task=mailing_approvals.MAIL)
    assert "away" in job.error
    approver.refresh_from_db()
    assert approver.mailed_at is None
    withdraw(approver.approval, by=world.ana)
    mailing_approvals.mail_approval(approver.pk)
    assert sink.messages == []


def test_the_link_asks_and_only_a_post_decides(world: World, client: Client) -> None:
    approver = mailed(world)
    for _time in range(2):
        shown = client.get(link(approver), headers={"Accept-Language": "en"})
        assert (shown.status_code, shown["X-Robots-Tag"]) == (200, "noindex")
        # "no-referrer" would let browsers send the form from nowhere, which is refused.
        assert shown["Referrer-Policy"] == "same-origin"
    text = shown.content.decode()
    assert "Ana asks for your approval:" in text
    assert "¿Aceptas &lt;el&gt; presupuesto?" in text
    assert "impresora" not in text
    assert Approval.objects.get().state == "waiting"
    assert client.post(link(approver), {"decision": "maybe"}).status_code == 422
    done = client.post(link(approver), {"decision": "approved", "comment": "Vale"})
    assert done.status_code == 200
    approver.refresh_from_db()
    assert (approver.answer, approver.comment, Approval.objects.get().state) == (
        "approved",
        "Vale",
        "approved",
    )


def test_a_used_link_says_so_kindly(world: World, client: Client) -> None:
    approver = mailed(world)
    client.post(link(approver), {"decision": "rejected"})
    english = {"Accept-Language": "en"}
    again = client.get(link(approver), headers=english)
    assert again.status_code == 200
    assert "You rejected this:" in again.content.decode()
    assert client.post(link(approver), {"decision": "approved"}, headers=english).status_code == 422
    assert Approver.objects.get().answer == "rejected"


def test_a_strangers_an_old_and_an_idle_link_decide_nothing(world: World, client: Client) -> None:
    approver, english = mailed(world), {"Accept-Language": "en"}
    for wrong in ("/approval/abc.def/", "/approval/abc/", link(approver)[:-2] + "x/"):
        answer = client.post(wrong, {"decision": "approved"}, headers=english)
        assert answer.status_code == 404
        assert "presupuesto" not in answer.content.decode()
    with time_machine.travel(timezone.now() + timedelta(days=31), tick=False):
        old = client.post(link(approver), {"decision": "approved"}, headers=english)
    assert old.status_code == 410
    assert "presupuesto" not in old.content.decode()
    withdraw(approver.approval, by=world.ana)
    idle = client.get(link(approver), headers=english)
    assert "no longer needed" in idle.content.decode()
    assert client.post(link(approver), {"decision": "approved"}, headers=english).status_code == 422
    assert Approval.objects.get().state == "withdrawn"


def test_of_a_ticket_out_of_sight_no_link_works(world: World, client: Client) -> None:
    approver = mailed(world)
    assert approver_behind(link(approver).split("/")[2]) == approver
    trash(Ticket.objects.get(), by=world.bo)
    assert client.get(link(approver)).status_code == 404
