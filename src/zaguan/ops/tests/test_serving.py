"""`zaguan serve` with real processes: it comes back from every kill, and leaves nothing behind."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from zaguan.testing.bare import Bare, bare_installation, children, connections_of, is_gone, ready
from zaguan.testing.listening import Listener
from zaguan.testing.processes import wait_until

# What everyone here looks at: Bo, who administers, and a ticket.
CAST = """
    from zaguan.testing.world import make_world
    make_world()
"""
TICKET = """
    from zaguan.events.base import SYSTEM
    from zaguan.people.models import Team
    from zaguan.tickets.opening import NewTicket, open_ticket
    print(open_ticket(NewTicket(subject="Hola", is_internal=True, team=Team.objects.get(name="Support")), by=SYSTEM).pk)
"""


@pytest.fixture(scope="module")
def desk() -> Iterator[Bare]:
    with bare_installation() as found:
        found.python(CAST)
        yield found


@pytest.fixture(scope="module")
def serving(desk: Bare) -> Iterator[subprocess.Popen[bytes]]:
    with desk.start("-m", "zaguan", "serve") as process:
        wait_until(lambda: ready(desk), "zaguan serve", 60, desk.data / "log")
        wait_until(lambda: len(children(process.pid)) == 3, "the second web process", 20)
        yield process


def test_it_runs_two_web_processes_and_a_worker(serving: subprocess.Popen[bytes]) -> None:
    running = list(children(serving.pid).values())
    assert sum(" web " in each for each in running) == 2
    assert sum(" worker " in each for each in running) == 1


def test_all_processes_together_are_small_because_they_share(serving: subprocess.Popen[bytes]) -> None:
    def memory(pid: int) -> int:
        lines = (line.split() for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()[1:])
        found = {line[0]: int(line[1]) for line in lines}
        return found["Pss:"]

    assert sum(memory(pid) for pid in (serving.pid, *children(serving.pid))) < 300 * 1024


def test_no_part_holds_the_lock_of_the_house(desk: Bare, serving: subprocess.Popen[bytes]) -> None:
    def files(pid: int) -> set[str]:
        return {str(handle.readlink()) for handle in Path(f"/proc/{pid}/fd").iterdir()}

    lock = str(desk.data / "serve.lock")
    assert lock in files(serving.pid)
    assert not any(lock in files(pid) for pid in children(serving.pid))


def test_a_second_serve_on_the_same_folder_refuses(desk: Bare, serving: subprocess.Popen[bytes]) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "zaguan", "serve"],
        env=desk.environment,
        capture_output=True,
        check=False,
        timeout=30,
    )
    assert done.returncode == 1
    assert f"process {serving.pid}" in done.stderr.decode()


@pytest.mark.parametrize("part", ["web", "worker"])
def test_a_killed_part_comes_back(desk: Bare, serving: subprocess.Popen[bytes], part: str) -> None:
    before = children(serving.pid)
    victim = next(pid for pid, what in before.items() if f" {part} " in what)
    os.kill(victim, signal.SIGKILL)

    def is_back() -> bool:
        now = children(serving.pid)
        return victim not in now and len(now) == len(before)

    wait_until(is_back, f"a new {part}", 10)
    wait_until(lambda: ready(desk), "the desk", 20)


def test_mail_knocks_on_a_door_that_stays_open_without_a_worker(
    desk: Bare, serving: subprocess.Popen[bytes]
) -> None:
    worker = next(pid for pid, what in children(serving.pid).items() if " worker " in what)
    os.kill(worker, signal.SIGKILL)
    with socket.create_connection(("127.0.0.1", int(desk.environment["SMTP_PORT"])), timeout=30) as door:
        assert door.recv(100).startswith(b"220 ")


def test_a_stream_brings_hints_within_two_seconds_and_resumes_after_a_cut(
    desk: Bare, serving: subprocess.Popen[bytes]
) -> None:
    bo, cleo = desk.session("bo@zaguan.example"), desk.session("cleo@zaguan.example")
    with Listener(desk.url, cleo) as other_team:
        with Listener(desk.url, bo) as first:
            assert first.status == 200
            opened = desk.python(TICKET)
            first.wait_for(f"ticket-{opened}")
            assert first.quickest(lambda: f"ticket-{desk.python(TICKET)}", 2) < 2
        missed = desk.python(TICKET)
        with Listener(desk.url, bo, first.last_id) as again:
            again.wait_for(f"ticket-{missed}")
            assert not again.heard(f"ticket-{opened}")
        assert not other_team.heard(f"ticket-{opened}")
        assert not other_team.heard(f"ticket-{missed}")


def test_a_browser_that_was_away_too_long_reloads(desk: Bare, serving: subprocess.Popen[bytes]) -> None:
    with Listener(desk.url, desk.session("bo@zaguan.example"), "999999999999") as lost:
        wait_until(lambda: {"reload": True} in lost.hints, "the hint to reload")


def test_the_web_processes_share_the_connections(desk: Bare, serving: subprocess.Popen[bytes]) -> None:
    port = int(desk.environment["PORT"])
    web = [pid for pid, what in children(serving.pid).items() if " web " in what]
    with contextlib.ExitStack() as guests:
        for _ in range(16):
            guests.enter_context(socket.create_connection(("127.0.0.1", port)))
        wait_until(lambda: sum(connections_of(pid, port) for pid in web) >= 16, "sixteen guests")
        assert min(connections_of(pid, port) for pid in web) >= 4


def test_streams_are_for_agents_only(desk: Bare, serving: subprocess.Popen[bytes]) -> None:
    for cookie in ("", "zaguan=forged"):
        with Listener(desk.url, cookie) as stranger:
            assert stranger.status == 401


def test_a_stream_ends_when_its_agent_may_no_longer_sign_in(
    desk: Bare, serving: subprocess.Popen[bytes]
) -> None:
    with Listener(desk.url, desk.session("rita@zaguan.example")) as stream:
        desk.python("""
            from django.db import transaction
            from zaguan.events.base import SYSTEM
            from zaguan.events.recording import record
            from zaguan.people.events import AgentChanged
            from zaguan.people.models import Agent
            with transaction.atomic():
                rita = Agent.objects.get(email="rita@zaguan.example")
                Agent.objects.filter(pk=rita.pk).update(is_active=False)
                record(AgentChanged(agent_id=rita.pk), by=SYSTEM)
        """)
        wait_until(lambda: stream.ended, "the end of the stream")


def test_a_large_body_and_a_missing_page_go_through_the_bridge(
    desk: Bare, serving: subprocess.Popen[bytes]
) -> None:
    with pytest.raises(urllib.error.HTTPError) as missing:
        urllib.request.urlopen(f"{desk.url}/nowhere/", data=b"x" * 3_000_000, timeout=10)
    assert missing.value.code == 404
    missing.value.close()


def test_it_stops_cleanly_with_a_stream_open(desk: Bare, serving: subprocess.Popen[bytes]) -> None:
    with Listener(desk.url, desk.session("bo@zaguan.example")):
        running = children(serving.pid)
        began = time.monotonic()
        serving.send_signal(signal.SIGTERM)
        assert serving.wait(20) == 0
        assert time.monotonic() - began < 12
        assert all(is_gone(pid) for pid in running)


def test_killed_itself_it_takes_its_parts_along_and_starts_again_quickly(desk: Bare) -> None:
    with desk.start("-m", "zaguan", "serve") as first:
        wait_until(lambda: ready(desk), "zaguan serve", 60, desk.data / "log")
        running = children(first.pid)
        first.kill()
        first.wait()
        wait_until(lambda: all(is_gone(pid) for pid in running), "the end of all parts", 15)
    with desk.start("-m", "zaguan", "serve") as second:
        wait_until(lambda: ready(desk), "zaguan serve", 60, desk.data / "log")
        assert second.poll() is None
