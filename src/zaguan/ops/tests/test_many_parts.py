"""Two of each part against one PostgreSQL behave as one."""

from __future__ import annotations

import os
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from zaguan.testing.bare import Bare, bare_installation
from zaguan.testing.listening import Listener
from zaguan.testing.processes import free_port, wait_until

pytestmark = pytest.mark.skipif(
    not os.environ.get("DATABASE_URL", "").startswith("postgres"),
    reason="several machines share a PostgreSQL",
)


@pytest.fixture(scope="module")
def desk() -> Iterator[Bare]:
    with bare_installation() as found:
        found.python("from zaguan.testing.world import make_world; make_world()")
        yield found


def answers(url: str, path: str, status: int) -> bool:
    try:
        with urllib.request.urlopen(f"{url}{path}", timeout=2) as answer:
            return bool(answer.status == status)
    except urllib.error.HTTPError as error:
        error.close()
        return error.code == status


def test_two_of_each(desk: Bare) -> None:
    ports = [free_port() for _ in range(4)]
    web_one, web_two, live_one, live_two = (f"http://127.0.0.1:{port}" for port in ports)
    with ExitStack() as stack:
        for word, port in zip(("web", "web", "live", "live"), ports, strict=True):
            stack.enter_context(desk.start("-m", "zaguan", word, PORT=str(port)))
        for _ in range(2):
            stack.enter_context(desk.start("-m", "zaguan", "worker"))
        for url in (web_one, web_two, live_one, live_two):
            wait_until(lambda url=url: answers(url, "/health/ready", 200), "all parts", 60)  # type: ignore[misc]
        assert answers(live_one, "/desk/sign-in/", 404)
        listeners = [
            stack.enter_context(Listener(url, desk.session("bo@zaguan.example")))
            for url in (live_one, live_two)
        ]
        number = post_presence(desk, web_one)
        for listener in listeners:
            listener.wait_for(f"ticket-{number}")
            listener.wait_for(f"presence-{number}")
        with Listener(live_two, desk.session("bo@zaguan.example"), listeners[0].last_id) as resumed:
            assert resumed.status == 200
        assert ran_once(desk)


def post_presence(desk: Bare, url: str) -> str:
    """A ticket opened somewhere else, and Ana typing in it through one of the web processes."""
    number = desk.python("""
        from zaguan.events.base import SYSTEM
        from zaguan.people.models import Team
        from zaguan.tickets.opening import NewTicket, open_ticket
        new = NewTicket(subject="Hola", is_internal=True, team=Team.objects.get(name="Support"))
        print(open_ticket(new, by=SYSTEM).pk)
    """)
    headers = {
        "Cookie": f"{desk.session('ana@zaguan.example')}; zaguan-csrf={'a' * 32}",
        "X-CSRFToken": "a" * 32,
    }
    request = urllib.request.Request(
        f"{url}/desk/tickets/{number}/presence", data=b"state=typing", headers=headers, method="POST"
    )
    with urllib.request.urlopen(request, timeout=10) as answer:
        assert answer.status == 200
    return number


def ran_once(desk: Bare) -> bool:
    """The clock's turns are held by one worker each, and none is stuck."""
    return (
        desk.python("""
        from django.utils import timezone
        from zaguan.events.models import Turn
        print(Turn.objects.filter(error="").count() == Turn.objects.count() > 3)
    """)
        == "True"
    )
