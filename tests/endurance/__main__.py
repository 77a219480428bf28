"""`python -m tests.endurance`: mails in and replies out while processes of `zaguan serve` are killed; prints what became of all."""

from __future__ import annotations

import argparse
import json
import sys
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from tests.endurance.house import House
from tests.endurance.traffic import mail_in, reply_out
from zaguan.testing.servers import smtp_sink


def main() -> int:
    """Run the storm, wait for calm, count. Exit code 1 when something was lost or doubled."""
    options = _options()
    with smtp_sink() as sink, House(sink.port) as house:
        started = time.monotonic()
        stop = threading.Event()
        killer = threading.Thread(target=_kill, args=(house, options.kills, options.every, stop))
        killer.start()
        with ThreadPoolExecutor(8) as crowd:
            arrivals = [crowd.submit(mail_in, house, number) for number in range(options.mails)]
            answers = [crowd.submit(reply_out, house, number) for number in range(options.replies)]
            for job in (*arrivals, *answers):
                job.result()
        killer.join()
        say(f"storm over after {time.monotonic() - started:.0f} s, {house.kills} kills; waiting for calm")
        house.wait_for_calm()
        delivered = Counter(recipient for taken in sink.messages for recipient in _keys(taken))
        return _judge(options, house.count(), delivered)


def say(text: str) -> None:
    """Print at once, also into a pipe."""
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def _options() -> Any:
    parser = argparse.ArgumentParser()
    parser.add_argument("--mails", type=int, default=2000)
    parser.add_argument("--replies", type=int, default=500)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--every", type=float, default=0.8, help="seconds between kills")
    return parser.parse_args()


def _kill(house: House, kills: int, every: float, stop: threading.Event) -> None:
    while house.kills < kills and not stop.wait(every):
        house.kill_one()


def _keys(taken: Any) -> list[str]:
    """One key per message and recipient, so that a double shows."""
    return [f"{taken.message['Message-ID']} {recipient}" for recipient in taken.recipients]


def _judge(options: Any, found: dict[str, Any], delivered: Counter[str]) -> int:
    doubles = {key: times for key, times in delivered.items() if times > 1}
    states = Counter(found["deliveries"])
    unaccounted = sum(states.values()) - len(delivered) - states["unknown"] - states["failed"]
    counted = {**found, "deliveries": states, "at_the_sink": len(delivered), "doubles": len(doubles)}
    say(json.dumps(counted, indent=1))
    good = (
        found["received"] == options.mails
        and found["raw"] == options.mails
        and found["sent"] == options.replies
        and not doubles
        and unaccounted <= 0
    )
    say("nothing lost, nothing doubled" if good else "NOT GOOD")
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
