"""`python -m tests.conformance FOLDER`: run all, print the shares, fail on a crash, a leak or a share below its floor."""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from pathlib import Path

from tests.conformance.receiving import Intake

_FLOORS = Path(__file__).parent / "floors.json"


def main() -> int:
    """The exit code: 0 when all held."""
    arguments = _arguments()
    _set_up_django(arguments.through)
    from tests.conformance import bounces, business_time, contents, forwards, hostile, mails, replies

    data = Path(arguments.folder or arguments.data or "")
    if not (data / "mail").is_dir():
        print(f"conformance: no mails in {data}; nothing was tried.")
        return 0
    started = time.monotonic()
    intake = _intake(arguments.through)
    tallies = [
        *mails.run(data, intake),
        *contents.run(data),
        *replies.run(data),
        *forwards.run(data),
        *bounces.run(data),
        *business_time.run(data),
    ]
    if intake is not None:
        tallies.append(intake.finish())
    tallies += hostile.run(data, browser=not arguments.no_browser)
    faults = _report(tallies, set_floors=arguments.set_floors, misses=arguments.misses)
    print(f"\n{sum(tally.cases for tally in tallies)} cases in {time.monotonic() - started:.0f} s")
    for fault in faults:
        print(f"FAILED  {fault}")
    return 1 if faults else 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="conformance", description=__doc__)
    parser.add_argument("folder", nargs="?", help="the folder with mail/ and html/")
    parser.add_argument("--data", help="the same")
    parser.add_argument(
        "--through",
        choices=("parse", "receive"),
        default="receive",
        help="also put every mail into a database",
    )
    parser.add_argument("--no-browser", action="store_true", help="leave out the run in Chromium")
    parser.add_argument("--misses", help="print the misses of sources whose name has this in it")
    parser.add_argument(
        "--set-floors", action="store_true", help="write down the shares reached as the new floors"
    )
    return parser.parse_args()


def _set_up_django(through: str) -> None:
    """Texts need settings to be translated; a database is needed only to receive."""
    import django
    from django.conf import settings

    if through == "receive":
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "zaguan.config.settings")
    else:
        settings.configure(USE_I18N=False, USE_TZ=True)
    django.setup()


def _intake(through: str) -> Intake | None:
    return Intake() if through == "receive" else None


def _report(tallies: list, *, set_floors: bool, misses: str | None) -> list[str]:  # type: ignore[type-arg]
    floors: dict[str, dict[str, float]] = json.loads(_FLOORS.read_text()) if _FLOORS.exists() else {}
    faults: list[str] = []
    for tally in tallies:
        print(tally.line())
        faults += [f"{tally.source}: {crash}" for crash in tally.crashes]
        for aspect, floor in floors.get(tally.source, {}).items():
            if tally.share(aspect) < floor - 0.0005:
                faults.append(f"{tally.source}: {aspect} {tally.share(aspect):.3f} is below {floor:.3f}")
        if misses is not None and misses in tally.source:
            for miss in tally.misses:
                print("    miss  " + "\n          ".join(miss))
    if set_floors:
        reached = {
            tally.source: {aspect: int(tally.share(aspect) * 1000) / 1000 for aspect in sorted(tally.asked)}
            for tally in tallies
        }
        _FLOORS.write_text(
            json.dumps({source: shares for source, shares in reached.items() if shares}, indent=1) + "\n"
        )
        return [fault for fault in faults if "is below" not in fault]
    return faults


if __name__ == "__main__":
    sys.exit(main())
