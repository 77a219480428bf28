"""Approvals on the desk: asked for in a dialog, decided on the ticket and on "My approvals", withdrawn, holding."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from zaguan.people.models import Agent
from zaguan.testing.makers import make_ticket
from zaguan.testing.world import World
from zaguan.tickets.approvals import Asking, ask, ask_also, decide
from zaguan.tickets.assigning import set_team
from zaguan.tickets.models import Approval, Phase, Ticket
from zaguan.tickets.statuses import default_status, set_status

pytestmark = pytest.mark.django_db
DIALOG = {"HX-Request": "true", "HX-Target": "action-dialog"}


@pytest.fixture
def ticket(world: World) -> Ticket:
    return set_status(make_ticket(world), default_status(Phase.OPEN), by=world.ana)


def page(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def asked(world: World, ticket: Ticket, **more: object) -> Approval:
    values = {"question": "¿Devolvemos <120 €>?", "agents": [world.bo]} | more
    return ask(ticket, Asking(**values), by=world.ana)  # type: ignore[arg-type]


def test_it_is_asked_for_in_a_dialog(world: World, ticket: Ticket, ana: Client) -> None:
    at = f"/desk/tickets/{ticket.pk}/approvals/"
    assert "Who is asked" in ana.get(at, headers=DIALOG).content.decode()
    sent = {
        "question": "¿Sí?",
        "who": "Bo <bo@zaguan.example>, rita, Sol <sol@agency.example>",
        "needs": "all",
        "holds": "on",
        "due_at": "2099-01-01T10:00",
    }
    answer = ana.post(at, sent, headers=DIALOG)
    assert answer.status_code == 204
    made = Approval.objects.get()
    assert (made.needs, made.holds, made.due_at is not None) == ("all", True, True)
    assert [each.name for each in made.approvers.all()] == ["Bo", "Rita", "Sol"]
    assert made.approvers.get(agent=None).email == "sol@agency.example"
    undo = json.loads(answer["HX-Trigger"])["toast"]["undo"]
    assert ana.post(undo, headers={"HX-Request": "true"}).status_code == 204
    assert Approval.objects.get().state == "withdrawn"


@pytest.mark.parametrize(
    ("sent", "says"),
    [
        ({"question": "", "who": "Bo"}, "Say what shall be approved."),
        ({"question": "¿Sí?", "who": "Nadie"}, "“Nadie” is not known"),
        ({"question": "¿Sí?"}, "Choose who shall approve."),
        ({"question": "¿Sí?", "who": "Ana"}, "Nobody approves what they ask for themselves."),
    ],
)
def test_what_is_wrong_is_said_in_the_dialog(
    world: World, ticket: Ticket, ana: Client, sent: dict[str, str], says: str
) -> None:
    answer = ana.post(f"/desk/tickets/{ticket.pk}/approvals/", sent, headers=DIALOG)
    assert answer.status_code == 422
    text = answer.content.decode()
    assert says in text
    assert sent["question"] in text


def test_who_was_asked_decides_on_the_ticket(world: World, ticket: Ticket, ana: Client, bo: Client) -> None:
    approval = asked(world, ticket, holds=True)
    url = f"/desk/tickets/{ticket.pk}/"
    shown = page(bo, url)
    assert "¿Devolvemos &lt;120 €&gt;?" in shown
    assert f"/desk/approvals/{approval.pk}/decide/" in shown
    assert "The ticket cannot be resolved before." in shown
    theirs = page(ana, url)
    assert "Waiting for approval" in theirs
    assert f"/desk/approvals/{approval.pk}/decide/" not in theirs
    answer = bo.post(
        f"/desk/approvals/{approval.pk}/decide/",
        {"decision": "rejected", "comment": "Es mucho"},
        headers={"HX-Request": "true"},
    )
    assert answer.status_code == 204
    assert "zaguan:changed" in answer["HX-Trigger"]
    after = page(ana, f"{url}?tab=approvals")
    assert "Es mucho" in after
    assert "Rejected" in after
    assert "approvals-waiting" not in page(ana, url)
    assert "Bo rejected “¿Devolvemos &lt;120 €&gt;?”: Es mucho" in page(ana, f"{url}?tab=feed")


def test_a_held_ticket_is_not_resolved_and_says_why(world: World, ticket: Ticket, ana: Client) -> None:
    asked(world, ticket, holds=True)
    done = default_status(Phase.RESOLVED)
    url = f"/desk/tickets/{ticket.pk}/"
    refused = ana.post(f"{url}status/", {"status": done.pk}, headers={"HX-Request": "true"})
    assert refused.status_code == 422
    assert "An approval has to be decided first" in refused.json()["title"]
    assert "An approval has to be decided first" in page(ana, url)


def test_others_decide_nothing(world: World, ticket: Ticket, signed_in: Callable[[Agent], Client]) -> None:
    approval = asked(world, ticket)
    at = f"/desk/approvals/{approval.pk}/decide/"
    assert signed_in(world.cleo).post(at, {"decision": "approved"}).status_code == 404
    rita = signed_in(world.rita)
    hx = {"HX-Request": "true"}
    assert rita.post(at, {"decision": "approved"}, headers=hx).status_code == 422
    assert signed_in(world.bo).post(at, {"decision": "perhaps"}, headers=hx).status_code == 422
    assert rita.post(f"/desk/tickets/{ticket.pk}/approvals/", {"question": "¿?"}).status_code == 403
    assert Approval.objects.get().state == "waiting"


def test_my_approvals(world: World, ticket: Ticket, ana: Client, bo: Client) -> None:
    assert "Nothing waits for you" in page(bo, "/desk/approvals/")
    approval = asked(world, ticket)
    assert f"/desk/approvals/{approval.pk}/decide/" in page(bo, "/desk/approvals/")
    assert "Nothing waits for you" in page(ana, "/desk/approvals/")
    assert "¿Devolvemos" in page(ana, "/desk/approvals/?show=asked")
    assert bo.post(f"/desk/approvals/{approval.pk}/decide/", {"decision": "approved"}).status_code == 302
    assert "¿Devolvemos" in page(bo, "/desk/approvals/?show=done")
    assert "Nothing waits for you" in page(bo, "/desk/approvals/")
    assert "You have asked for nothing" in page(bo, "/desk/approvals/?show=asked")


def test_who_no_longer_sees_the_ticket_still_answers(
    world: World, ticket: Ticket, signed_in: Callable[[Agent], Client]
) -> None:
    approval = asked(world, ticket, agents=[world.rita])
    set_team(ticket, world.sales, by=world.bo)
    rita = signed_in(world.rita)
    shown = page(rita, "/desk/approvals/")
    assert f"Ticket #{ticket.pk}" in shown
    assert ticket.subject not in shown
    rita.post(f"/desk/approvals/{approval.pk}/decide/", {"decision": "approved"})
    assert Approval.objects.get().state == "approved"


def test_it_is_withdrawn_and_somebody_else_asked(world: World, ticket: Ticket, ana: Client) -> None:
    approval = asked(world, ticket)
    at = f"/desk/tickets/{ticket.pk}/approvals/{approval.pk}/"
    assert ana.post(f"{at}also/", {"who": "Rita"}, headers=DIALOG).status_code == 204
    assert {each.name for each in approval.approvers.all()} == {"Bo", "Rita"}
    assert "Withdraw" in ana.get(at, headers=DIALOG).content.decode()
    assert ana.post(at, {"reason": "Ya no"}, headers=DIALOG).status_code == 204
    approval.refresh_from_db()
    assert (approval.state, approval.reason) == ("withdrawn", "Ya no")
    assert ana.post(at, {}, headers=DIALOG).status_code == 422


def test_a_ticket_without_approvals_costs_no_question_more(world: World, ticket: Ticket, ana: Client) -> None:
    url = f"/desk/tickets/{ticket.pk}/"
    page(ana, url)
    with CaptureQueriesContext(connection) as queries:
        page(ana, url)
    assert not [each for each in queries if "approv" in each["sql"].partition(" FROM ")[2]]
    decide(ask_also(asked(world, ticket), agents=[world.rita], by=world.ana), True, by=world.rita)
    with CaptureQueriesContext(connection) as queries:
        assert "Approved" in page(ana, url)
    assert not [each for each in queries if "tickets_approval" in each["sql"]]
