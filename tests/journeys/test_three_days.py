"""Three days in the life of a ticket, on a clock that the test moves: every status, a pause, a breach, two rules and a
redistribution; and each “why?” is answered on the screen."""

from __future__ import annotations

import json
import os
import re
import urllib.request
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.acting import PATIENCE, mail, send
from zaguan.testing.installation import Installation, installation
from zaguan.testing.processes import wait_until

ZONE = ZoneInfo("America/Bogota")
PASSWORD = "patio-con-limonero"
CAST = f"""
from zaguan.automation.routing_routes import save_route
from zaguan.automation.rules import save_rule, set_active as switch
from zaguan.conversations.models import Inbox
from zaguan.events.base import SYSTEM
from zaguan.people.availability import set_availability
from zaguan.people.capacity import save_capacity
from zaguan.people.models import Agent, Role, Team
from zaguan.sla.policies import save_policy, set_active
from zaguan.tickets.models import Status
team = Team.objects.create(name="Patio")
admin = Role.objects.get(is_admin=True)
for name in ("Lucía", "Diego"):
    agent = Agent.objects.create_agent(
        {{"Lucía": "lucia", "Diego": "diego"}}[name] + "@patio.example", "{PASSWORD}", name=name, role=admin, language="en")
    agent.teams.add(team)
    set_availability(agent, "online", by=agent)
Inbox.objects.create(kind="email", name="Hola", address="hola@patio.example", team=team)
hour, rest = 3600, ["customer", "third", "nobody"]
first = {{"kind": "first", "seconds": 2 * hour, "in_business_time": True, "warn_percent": 75}}
whole = {{"kind": "resolution", "seconds": 8 * hour, "in_business_time": True, "warn_percent": 75, "pauses": rest}}
set_active(save_policy(None, by=SYSTEM, name="Patio al día", query="team:Patio", targets=[first, whole]), True, by=SYSTEM)
save_capacity(by=SYSTEM, away_after_minutes=0)
save_route(None, by=SYSTEM, name="A quien toque", team=team, strategy="load", timeout_minutes=60, in_hours=True)
words = {{"condition": "message_contains", "values": {{"words": ["factura"]}}, "not": False}}
tagging = save_rule(agent, None, by=agent, name="Etiquetar facturas del patio", when=[{{"trigger": "ticket_opened"}}],
    conditions=[words], steps=[{{"action": "add_tags", "values": {{"tags": ["facturación"]}}}}])
silence = {{"trigger": "time_passed", "values": {{"base": "last_answer", "amount": 1, "unit": "days", "side": "after"}}}}
silent = save_rule(agent, None, by=agent, name="El cliente calla", when=[silence], query="status:customer",
    steps=[{{"action": "add_tags", "values": {{"tags": ["sin-respuesta"]}}}}])
for rule in (tagging, silent):
    switch(agent, rule, True, by=agent)
print({{status.phase: status.pk for status in Status.objects.filter(is_default=True)}})
"""


class Desk:
    """The installation, its API, and its clock."""

    def __init__(self, house: Installation) -> None:
        self.house = house
        self.now = datetime.now(ZONE)
        found = house.run("manage", "shell", "--no-imports", given=CAST.encode())
        assert found.returncode == 0, found.stderr.decode()[-2000:]
        token = house.run("token", "create", "--agent", "lucia@patio.example")
        self.token = token.stdout.decode().split()[-1]

    def go_to(self, moment: datetime) -> None:
        """Move the clock, and wait until every part works by it."""
        self.house.let_pass(moment - self.now)
        self.now = moment

        def beats() -> bool:
            with urllib.request.urlopen(f"{self.house.url}/health/ready", timeout=5) as answer:
                return bool(answer.status == 200)

        wait_until(beats, "the worker at its new time", 60)

    def api(self, path: str, method: str = "GET", **body: Any) -> Any:
        """One call as Lucía."""
        data = json.dumps(body).encode() if method != "GET" else None
        headers = {"Authorization": f"Bearer {self.token}", "Content-Type": "application/json"}
        asked = urllib.request.Request(f"{self.house.url}/api/v1{path}", data, headers, method=method)
        with urllib.request.urlopen(asked, timeout=30) as answer:
            return json.load(answer)


@pytest.fixture
def desk() -> Iterator[Desk]:
    with installation(demo=False, moving_clock=True, ZAGUAN_TIME_ZONE="America/Bogota") as house:
        yield Desk(house)


def _monday() -> datetime:
    """Nine in the morning of the next Monday that is no holiday's neighbour in anybody's calendar here."""
    today = datetime.now(ZONE)
    ahead = (7 - today.weekday()) % 7 or 7
    return (today + timedelta(days=ahead)).replace(hour=9, minute=0, second=0, microsecond=0)


def _sign_in(page: Page, desk: Desk) -> None:
    page.set_default_timeout(PATIENCE)
    page.goto(f"{desk.house.url}/desk/sign-in/")
    page.fill("[name=email]", "lucia@patio.example")
    page.fill("[name=password]", PASSWORD)
    page.click("button[type=submit]")
    page.wait_for_url("**/desk/views/**")


def _tab(page: Page, desk: Desk, number: int, key: str) -> Any:
    page.goto(f"{desk.house.url}/desk/tickets/{number}/?tab={key}")
    return page.locator("#panel")


def _until(ask: Any, what: str) -> Any:
    found: Any = None

    def there() -> bool:
        nonlocal found
        found = ask()
        return bool(found)

    wait_until(there, what, 60)
    return found


@pytest.mark.skipif(
    "postgres" in os.environ.get("DATABASE_URL", ""), reason="time passes alike on every database"
)
def test_three_days_and_every_why(desk: Desk, page: Page) -> None:
    start = _monday()
    desk.go_to(start)
    _sign_in(page, desk)
    send(desk.house, mail("La factura 12", "¿Me mandan la factura?"))
    ticket = _until(lambda: desk.api("/tickets")["items"], "the ticket")[0]
    number = ticket["number"]

    def now() -> Any:
        return desk.api(f"/tickets/{number}")

    def owner() -> str:
        return str((now()["assignee"] or {"name": ""})["name"])

    _until(lambda: "facturación" in now()["tags"], "the rule")
    first_owner = _until(owner, "the route")
    expect(_tab(page, desk, number, "why")).to_contain_text("Etiquetar facturas del patio")
    expect(page.locator(".ticket__clock")).to_contain_text("1 h")
    expect(_tab(page, desk, number, "sla")).to_contain_text("Patio al día")
    expect(page.locator("#panel")).to_contain_text("team:Patio")

    # Nobody did anything for an hour of opening time: the ticket goes to the other one.
    desk.go_to(start + timedelta(minutes=65))
    _until(lambda: owner() not in ("", first_owner), "the other agent")
    expect(_tab(page, desk, number, "assignments")).to_contain_text(owner())

    # The first answer was due at eleven.
    desk.go_to(start + timedelta(minutes=125))
    _until(lambda: now()["sla_state"] == "breached", "the breach")
    expect(_tab(page, desk, number, "sla")).to_contain_text(re.compile("Missed|Breached"))
    expect(page.locator('.ticket__clock .clock[data-state="late"]')).to_be_visible()

    desk.api(f"/tickets/{number}/messages", "POST", text="Va adjunta.", status=_status(desk, "customer"))
    expect(_tab(page, desk, number, "sla")).to_contain_text("It rests now")
    expect(_tab(page, desk, number, "clocks")).to_contain_text("customer")

    # Tuesday: the customer kept silent for a day.
    desk.go_to(start + timedelta(days=1, hours=3))
    _until(lambda: "sin-respuesta" in now()["tags"], "the rule about silence")
    expect(_tab(page, desk, number, "why")).to_contain_text("El cliente calla")
    _set(desk, number, "third")
    desk.go_to(start + timedelta(days=1, hours=5))
    _set(desk, number, "snoozed", until=(start + timedelta(days=2)).isoformat())

    # Wednesday: it came back by itself, is solved and closed.
    desk.go_to(start + timedelta(days=2, minutes=5))
    _until(lambda: now()["status"]["phase"] == "open", "the ticket that woke")
    _set(desk, number, "resolved")
    desk.go_to(start + timedelta(days=2, hours=1))
    _set(desk, number, "closed")

    sides = desk.api(f"/tickets/{number}/clocks")
    assert sum(each["elapsed"] for each in sides["sums"]) == sides["age"]
    told = _tab(page, desk, number, "sla")
    expect(told).to_contain_text("Missed")
    expect(told).to_contain_text("Met")
    expect(_tab(page, desk, number, "why")).to_contain_text("Etiquetar facturas del patio")


def _status(desk: Desk, phase: str) -> int:
    found = next(each for each in desk.api("/statuses") if each["phase"] == phase)
    return int(found["id"])


def _set(desk: Desk, number: int, phase: str, **more: Any) -> None:
    desk.api(f"/tickets/{number}", "PATCH", status=_status(desk, phase), **more)
