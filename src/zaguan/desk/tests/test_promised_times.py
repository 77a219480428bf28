"""Promised times on the desk: the clock in list and head, the tab that answers why, and the pages of policies."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from zaguan.desk.due import clock_of
from zaguan.desk.settings.policies import in_words
from zaguan.desk.settings.policy_form import length
from zaguan.events.base import SYSTEM
from zaguan.people.models import Agent
from zaguan.sla.choosing import newest
from zaguan.sla.models import Policy, Rerun
from zaguan.sla.policies import set_active
from zaguan.sla.rerunning import work_batch
from zaguan.sla.tests.promising import make_policy, target
from zaguan.testing.world import World
from zaguan.tickets.models import Phase, Ticket, Urgency
from zaguan.tickets.opening import NewTicket, open_ticket
from zaguan.tickets.statuses import default_status, set_status

SignIn = Callable[[Agent], Client]


def _opened(world: World) -> Ticket:
    return open_ticket(
        NewTicket(subject="No imprime", team=world.support, requester=world.dan, channel="email"), by=SYSTEM
    )


def test_a_list_and_the_head_show_the_time_that_is_left(world: World, signed_in: SignIn) -> None:
    make_policy()
    ticket = _opened(world)
    client = signed_in(world.ana)
    listed = client.get("/desk/views/all/").text
    assert '<span class="clock" data-state="running">' in listed
    assert "59 min" in listed or "1 h" in listed
    page = client.get(f"/desk/tickets/{ticket.pk}/").text
    assert f"/desk/tickets/{ticket.pk}/?tab=sla" in page
    assert 'class="clock clock--chip" data-state="running"' in page


def test_a_clock_that_is_over_is_late_before_the_worker_says_so() -> None:
    past = timezone.now() - timedelta(minutes=1)
    late = clock_of("ontrack", past, "first")
    assert late is not None
    assert late.state == "late"
    paused = clock_of("paused", None, "resolution")
    assert paused is not None
    assert paused.left is None
    assert clock_of("met", None, None) is None
    assert clock_of("met", None, None, met=True) is not None
    assert clock_of(None, None, None) is None


def test_the_tab_answers_why(world: World, signed_in: SignIn) -> None:
    make_policy(query="team:Support", name="Oro")
    ticket = _opened(world)
    ticket = set_status(ticket, default_status(Phase.WAITING_CUSTOMER), by=world.ana)
    text = signed_in(world.ana).get(f"/desk/tickets/{ticket.pk}/?tab=sla").text
    assert "Oro" in text
    assert "<code>team:Support</code>" in text
    assert "It rests now: Waiting on the customer." in text
    assert "1 h: due " in text


def test_without_a_policy_the_tab_says_so(world: World, signed_in: SignIn) -> None:
    ticket = _opened(world)
    text = signed_in(world.bo).get(f"/desk/tickets/{ticket.pk}/?tab=sla").text
    assert "Nothing is promised for this ticket" in text
    assert "/desk/settings/sla/" in text


def test_a_policy_is_made_changed_and_switched_on(world: World, signed_in: SignIn) -> None:
    client = signed_in(world.bo)
    urgent = Urgency.objects.order_by("-rank")[0]
    values = {
        "name": "Plata", "query": "team:Support", "first_time": "4 h", f"first_urgency_{urgent.pk}": "30 min",
        "first_business": "on", "first_warn": "75", "resolution_time": "2:30", "resolution_pauses": ["customer"],
    }  # fmt: skip
    assert client.post("/desk/settings/sla/new/", values).status_code == 302
    policy = Policy.objects.get(name="Plata")
    first, resolution = policy.versions.get().terms.targets
    assert (first.seconds, first.by_urgency, first.warn_percent) == (4 * 3600, {urgent.pk: 1800}, 75)
    assert first.in_business_time
    assert (resolution.seconds, resolution.pauses, resolution.in_business_time) == (
        9000,
        ("customer",),
        False,
    )
    page = client.get(f"/desk/settings/sla/{policy.pk}/").text
    assert 'value="2 h 30"' in page
    assert client.post(f"/desk/settings/sla/{policy.pk}/change/", {"do": "on"}).status_code == 302
    policy.refresh_from_db()
    assert policy.is_active
    listed = client.get("/desk/settings/sla/").text
    assert "First answer: 30 min – 4 h" in listed


def test_what_is_wrong_is_said_and_nothing_typed_is_lost(world: World, signed_in: SignIn) -> None:
    client = signed_in(world.bo)
    wrong = client.post("/desk/settings/sla/new/", {"name": "Plata", "first_time": "mañana"}).text
    assert "Write it as 30 min, 4 h or 1:30." in wrong
    assert 'value="mañana"' in wrong
    empty = client.post("/desk/settings/sla/new/", {"name": "Plata"}).text
    assert "Promise something" in empty
    assert not Policy.objects.filter(name="Plata").exists()


def test_a_day_is_taken_where_it_has_24_hours(world: World, signed_in: SignIn) -> None:
    client = signed_in(world.bo)
    urgent = Urgency.objects.order_by("-rank")[0]
    days = {"name": "Plata", "first_time": "1 d", f"first_urgency_{urgent.pk}": "1,5 días"}
    asked = client.post("/desk/settings/sla/new/", days | {"first_business": "on"}).text
    assert asked.count("A day of opening time can be short or long. Write hours: 8 h.") == 2
    assert not Policy.objects.filter(name="Plata").exists()
    client.post("/desk/settings/sla/new/", days | {"resolution_time": "2d 4h"})
    first, resolution = Policy.objects.get(name="Plata").versions.get().terms.targets
    assert (first.seconds, first.by_urgency) == (86400, {urgent.pk: 36 * 3600})
    assert resolution.seconds == 52 * 3600


def test_a_policy_below_one_for_every_ticket_says_that_it_gets_none(world: World, signed_in: SignIn) -> None:
    first, everything = make_policy(query="team:Support", name="Oro"), make_policy(name="Todos")
    below = make_policy(query="is:important", name="Feria")
    client = signed_in(world.bo)
    said = "No ticket gets it: “Todos”, above it, finds every ticket."
    assert client.get("/desk/settings/sla/").text.count(said) == 1
    client.post("/desk/settings/sla/order/", {"order": f"{first.pk},{below.pk},{everything.pk}"})
    assert said not in client.get("/desk/settings/sla/").text
    client.post("/desk/settings/sla/order/", {"order": f"{everything.pk},{first.pk},{below.pk}"})
    assert client.get("/desk/settings/sla/").text.count(said) == 2
    set_active(everything, False, by=world.bo)
    assert said not in client.get("/desk/settings/sla/").text


def test_an_old_form_does_not_overwrite_a_newer_policy(world: World, signed_in: SignIn) -> None:
    policy = make_policy()
    client = signed_in(world.bo)
    values = {"name": "Uno", "first_time": "2 h", "version": policy.version}
    assert client.post(f"/desk/settings/sla/{policy.pk}/", values).status_code == 302
    answer = client.post(f"/desk/settings/sla/{policy.pk}/", values | {"name": "Dos", "first_time": "3 h"})
    assert answer.status_code in (200, 409)
    assert Policy.objects.get(pk=policy.pk).name == "Uno"


def test_open_tickets_are_compared_and_then_counted_anew(world: World, signed_in: SignIn) -> None:
    policy = make_policy(target("first", 4))
    ticket = _opened(world)
    due = Ticket.objects.get(pk=ticket.pk).due_at
    client = signed_in(world.bo)
    client.post(f"/desk/settings/sla/{policy.pk}/", {"name": "Patio", "first_time": "2 h"})
    answer = client.post("/desk/settings/sla/reruns/", {"policy": policy.pk})
    rerun = Rerun.objects.get()
    assert answer.headers["Location"] == f"/desk/settings/sla/reruns/{rerun.pk}/"
    while work_batch(rerun.pk):
        pass
    shown = client.get(f"/desk/settings/sla/reruns/{rerun.pk}/").text
    assert f"#{ticket.pk} No imprime" in shown
    assert Ticket.objects.get(pk=ticket.pk).due_at == due
    client.post(f"/desk/settings/sla/reruns/{rerun.pk}/change/", {"do": "apply"})
    while work_batch(rerun.pk):
        pass
    assert Ticket.objects.get(pk=ticket.pk).due_at == due - timedelta(hours=2)  # type: ignore[operator]


@pytest.mark.parametrize(
    ("seconds", "typed"), [(0, ""), (1800, "30 min"), (3600, "1 h"), (9000, "2 h 30"), (360000, "100 h")]
)
def test_lengths_are_written_as_they_are_typed(seconds: int, typed: str) -> None:
    assert length(seconds) == typed


def test_opening_time_is_told_in_hours_for_a_day_of_it_is_shorter_than_a_day(
    world: World, signed_in: SignIn
) -> None:
    first = make_policy(target("resolution", 24, in_business_time=True))
    second = make_policy(target("resolution", 24))
    versions = [newest(policy.pk) for policy in (first, second)]
    assert [in_words(version).rpartition(": ")[2] for version in versions] == ["24 h", "1 d"]
    ticket = _opened(world)
    page = signed_in(world.ana).get(f"/desk/tickets/{ticket.pk}/?tab=sla").text
    assert "of 24 h" in page
    assert "24 h of opening time" in page
