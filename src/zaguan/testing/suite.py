"""Run the tests: on SQLite, then on PostgreSQL; the journeys by themselves. Called by bin/test."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

from zaguan.testing.servers import chromium, dovecot_program, postgres

ROOT = Path(__file__).resolve().parents[3]
TESTS_FAILED = 1
JOURNEYS = "tests/journeys"
# Where the database has a say: mail, two at once, search, lists changed as a whole. The others show the same pages
# again, and are walked on SQLite only; WALK=all walks everything on both.
ON_BOTH = (
    "test_a_mail_comes_in",
    "test_links",
    "test_merging",
    "test_stream_cuts",
    "test_two_agents",
    "test_settings_and_search",
    "test_opening_later",
)
# Tests that say none of these never meet a database: they would only say on the second one what they said on the first.
ABOUT_DATABASES = ("django_db", "zaguan.testing", "DATABASE_URL", "connection")
NOTHING_TO_RUN = 5
WANTED = {
    "dovecot-imapd": (dovecot_program, "tests against a real IMAP server"),
    "chromium": (chromium, "browser journeys"),
}


def say(text: str) -> None:
    """Print between the runs of pytest, in order even when the output is a pipe."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def bring_programs() -> None:
    """Install what the tests need and pip cannot bring; say in one line what has to be left out."""
    missing = [package for package, (program, _) in WANTED.items() if not program()]
    if missing and os.geteuid() == 0 and shutil.which("apt-get"):
        say(f"Installing {' and '.join(missing)} with apt-get …")
        quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        options = ["-y", "-q", "--no-install-recommends", "-o", "DPkg::Lock::Timeout=300"]
        for command in (["apt-get", "update", "-q"], ["apt-get", "install", *options, *missing]):
            subprocess.run(command, env=quiet, stdin=subprocess.DEVNULL, capture_output=True, check=False)
    for package, (program, what) in WANTED.items():
        if not program():
            say(f"Left out: {what}. To run them too: apt-get install {package}")


def run_pytest(*arguments: str, database: str) -> int:
    """One run of pytest on one database; nothing to run counts as passed here."""
    command = [sys.executable, "-m", "pytest", *arguments]
    # Playwright keeps a loop running in the thread of the test; its tests may still look at the database.
    environment = {**os.environ, "DATABASE_URL": database, "DJANGO_ALLOW_ASYNC_UNSAFE": "1"}
    return subprocess.run(command, cwd=ROOT, env=environment, check=False).returncode


def run_journeys(database: str) -> int:
    """The browser journeys. What fails is walked once more in a fresh installation, and that is said aloud."""
    paths = [f"{JOURNEYS}/{name}.py" for name in ON_BOTH]
    chosen = paths if database and os.environ.get("WALK") != "all" else [JOURNEYS]
    # Two houses side by side: a journey waits more than it works, and has patience.
    code = run_pytest("-n", "2", "--dist", "loadfile", "-m", "journey", *chosen, database=database)
    if code != TESTS_FAILED:
        return code
    say("\nA journey failed; it is walked once more. One that passes only now is unsteady and wants mending.")
    return run_pytest(
        "-m", "journey", "--last-failed", "--last-failed-no-failures", "none", *chosen, database=database
    )


def without_database() -> list[str]:
    """Files of tests whose answer does not depend on the database."""
    every = (path for place in ("src", "tests") for path in (ROOT / place).rglob("test_*.py"))
    return sorted(str(path) for path in every if not any(w in path.read_text() for w in ABOUT_DATABASES))


def test_on(kind: str, database: str, arguments: list[str]) -> str:
    """Run everything, or what the arguments name, on one database; returns a line for the end."""
    start = time.monotonic()
    say(f"\n=== {kind} ===")
    if arguments:
        codes = [run_pytest(*arguments, database=database)]
    else:
        many = ["-n", "2", "--dist", "loadfile", "-m", "not journey"]
        if database and os.environ.get("WALK") != "all":
            many += [f"--ignore={path}" for path in without_database()]
        codes = [run_pytest(*many, database=database), run_journeys(database)]
    failed = any(code not in (0, NOTHING_TO_RUN) for code in codes) or set(codes) == {NOTHING_TO_RUN}
    return f"{'✗' if failed else '✓'} {kind}, {time.monotonic() - start:.0f} s"


def test_scripts() -> str:
    """The tests of the TypeScript behaviours, with Node's own runner."""
    code = subprocess.run([str(ROOT / "bin" / "assets"), "--test"], check=False).returncode
    return f"{'✗' if code else '✓'} scripts"


def main(arguments: list[str]) -> int:
    """Everything; the exit code says whether all passed."""
    chosen = os.environ.get("DB", "both")
    if chosen not in {"both", "sqlite", "postgres"}:
        sys.exit(f"DB={chosen} is unknown; use sqlite, postgres or both.")
    bring_programs()
    results = []
    if chosen != "postgres":
        results.append(test_on("SQLite", "", arguments))
    if chosen != "sqlite":
        with postgres() as database:
            results.append(test_on("PostgreSQL", database, arguments))
    if not arguments:
        results.append(test_scripts())
    say("\n" + "\n".join(results))
    return int(any(line.startswith("✗") for line in results))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
