"""The bell, its page, and what one chooses to hear."""

from __future__ import annotations

import json

import pytest
from django.test import Client

from zaguan.lib import webpush
from zaguan.notifications.models import Notification, Preference, PushSubscription, Wishes
from zaguan.notifications.sending import notify
from zaguan.people.models import Agent
from zaguan.testing.makers import make_ticket
from zaguan.testing.world import World

pytestmark = pytest.mark.django_db


def signed_in(agent: Agent) -> Client:
    client = Client()
    client.force_login(agent)
    return client


def told(world: World, text: str = "Mira esto") -> Notification:
    (row,) = notify([world.ana], kind="rule", ticket_id=make_ticket(world).pk, text=text)
    return row


def test_the_bell_counts_and_names_the_tickets(world: World) -> None:
    row = told(world)
    found = signed_in(world.ana).get("/desk/notifications/count/").json()
    assert found == {"unread": 1, "more": False, "tickets": [row.ticket_id]}
    assert signed_in(world.bo).get("/desk/notifications/count/").json()["unread"] == 0


def test_the_page_shows_what_was_told_and_filters_it(world: World) -> None:
    told(world, "Algo pasó")
    client = signed_in(world.ana)
    assert "Algo pasó" in client.get("/desk/notifications/").content.decode()
    assert "Algo pasó" in client.get("/desk/notifications/?show=unread&about=house").content.decode()
    assert "Algo pasó" not in client.get("/desk/notifications/?about=me").content.decode()
    assert "Algo pasó" in client.get("/desk/notifications/?part=panel").content.decode()


def test_opening_leads_to_the_ticket_and_reads_the_bundle(world: World) -> None:
    row = told(world)
    notify([world.ana], kind="rule", ticket_id=row.ticket_id, text="Otra vez")
    answer = signed_in(world.ana).get(f"/desk/notifications/{row.pk}/")
    assert answer.headers["Location"] == f"/desk/tickets/{row.ticket_id}/"
    assert not Notification.objects.unread().exists()


def test_nobody_opens_what_another_was_told(world: World) -> None:
    row = told(world)
    assert signed_in(world.bo).get(f"/desk/notifications/{row.pk}/").status_code == 404
    assert signed_in(world.bo).post("/desk/notifications/read/", {"id": row.pk}).status_code == 404
    assert Notification.objects.unread().exists()


def test_one_is_kept_for_later_and_all_are_read_at_once(world: World) -> None:
    row, client = told(world), signed_in(world.ana)
    client.post("/desk/notifications/read/", {"id": row.pk})
    client.post("/desk/notifications/read/", {"id": row.pk, "do": "unread"})
    assert Notification.objects.unread().count() == 1
    client.post("/desk/notifications/read/", {"ticket": row.ticket_id})
    assert not Notification.objects.unread().exists()
    told(world)
    client.post("/desk/notifications/read/")
    assert not Notification.objects.unread().exists()


def test_more_than_a_page_is_walked_through_without_a_gap(world: World) -> None:
    for number in range(35):
        told(world, f"nota-{number:02}.")
    client, seen = signed_in(world.ana), ""
    first = client.get("/desk/notifications/").content.decode()
    after = first.partition("after=")[2].partition('"')[0]
    seen = first + client.get(f"/desk/notifications/?after={after}").content.decode()
    assert [seen.count(f"nota-{number:02}.") for number in range(35)] == [1] * 35


def test_the_grid_keeps_only_what_differs(world: World) -> None:
    client = signed_in(world.ana)
    page = client.get("/desk/profile/notifications/").content.decode()
    boxes = [
        line.partition('name="')[2].partition('"')[0] for line in page.split("<input") if " checked" in line
    ]
    chosen = {name: "on" for name in boxes if ":" in name}
    client.post("/desk/profile/notifications/", {"do": "grid"} | chosen)
    assert not Preference.objects.exists()
    chosen.pop("assigned:push")
    client.post("/desk/profile/notifications/", {"do": "grid"} | chosen)
    (row,) = Preference.objects.all()
    assert (row.agent, row.kind, row.medium, row.is_on) == (world.ana, "assigned", "push", False)


def test_a_team_is_chosen_for_apart(world: World) -> None:
    client = signed_in(world.ana)
    place = f"team-{world.support.pk}"
    assert place in client.get("/desk/profile/notifications/").content.decode()
    assert client.get(f"/desk/profile/notifications/?for={place}").status_code == 200
    client.post("/desk/profile/notifications/", {"do": "grid", "for": place, "customer_team:bell": "on"})
    assert Preference.objects.filter(team=world.support, kind="customer_team", is_on=True).exists()


WISHES = {
    "do": "wishes", "digest": "daily", "digest_at": "07:30", "quiet": "on", "quiet_days": ["5", "6"],
    "quiet_from": "20:00", "quiet_to": "08:00",
}  # fmt: skip


def test_quiet_hours_are_kept_and_a_mistake_is_said(world: World) -> None:
    client = signed_in(world.ana)
    client.post("/desk/profile/notifications/", WISHES)
    kept = Wishes.objects.get(agent=world.ana)
    assert (kept.digest, kept.quiet_days, kept.quiet) == ("daily", [5, 6], True)
    answer = client.post("/desk/profile/notifications/", WISHES | {"quiet_days": []})
    assert "Choose the days" in answer.content.decode()


def test_the_house_chooses_for_who_has_not(world: World) -> None:
    client = signed_in(world.bo)
    assert client.get("/desk/settings/notifications/").status_code == 200
    client.post("/desk/settings/notifications/", {"do": "grid", "customer_team:bell": "on"})
    assert Preference.objects.filter(agent=None, kind="customer_team", is_on=True).exists()
    assert signed_in(world.ana).get("/desk/settings/notifications/").status_code == 403


def browser(name: str = "Firefox, Linux", endpoint: str = "https://push.example/1") -> dict[str, object]:
    keys = {
        "p256dh": webpush.encode(webpush.public_bytes(webpush.new_key())),
        "auth": webpush.encode(b"x" * 16),
    }
    return {"endpoint": endpoint, "keys": keys, "name": name}


def add(client: Client, given: dict[str, object]) -> int:
    answer = client.post(
        "/desk/profile/notifications/devices/", json.dumps(given), content_type="application/json"
    )
    return answer.status_code


def test_a_device_is_added_once_and_taken_off(world: World) -> None:
    client = signed_in(world.ana)
    assert add(client, browser()) == 201
    assert add(client, browser()) == 201
    (device,) = PushSubscription.objects.all()
    assert "Firefox, Linux" in client.get("/desk/profile/notifications/").content.decode()
    address = f"/desk/profile/notifications/devices/{device.pk}/"
    assert signed_in(world.bo).post(address, {"do": "remove"}).status_code == 404
    client.post(address, {"do": "remove"})
    assert not PushSubscription.objects.exists()


@pytest.mark.parametrize(
    "wrong",
    [{}, {"endpoint": "javascript:1"}, {"keys": {"p256dh": "AAAA", "auth": "AAAA"}}, {"keys": 3}],
)
def test_what_no_browser_sends_is_refused(world: World, wrong: dict[str, object]) -> None:
    given = browser() | wrong if wrong else {}
    client = signed_in(world.ana)
    answer = client.post(
        "/desk/profile/notifications/devices/",
        json.dumps(given),
        content_type="application/json",
        headers={"Accept": "application/json"},
    )
    assert answer.status_code == 422
    assert not PushSubscription.objects.exists()
