"""Looks for what is wrong, and says in a sentence what to do about it."""

from __future__ import annotations

import os
import shutil
import socket
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.db import Error, connection
from django.utils import timezone

from zaguan.channels.pausing import is_paused
from zaguan.conversations.models import Delivery, Inbox, RawMessage
from zaguan.events.following import here
from zaguan.events.models import EventRecord, Job, Turn
from zaguan.ops import health
from zaguan.people.models import Agent
from zaguan.sla.filling import WORK, differing
from zaguan.tickets.models import Ticket

MIB = 1024 * 1024
LONG_QUEUE = 300
# Whose ledger of time is compared with the events; `zaguan clocks` compares all.
NEWEST = 200


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at: fine, or what to do."""

    fine: bool
    sentence: str


def good(sentence: str) -> Finding:
    return Finding(True, sentence)


def bad(sentence: str) -> Finding:
    return Finding(False, sentence)


def examine() -> Iterator[Finding]:
    """Everything, in the order in which it depends on one another."""
    yield from _folder()
    try:
        yield from _database()
    except Error as error:
        yield bad(f"The database does not answer: {error}. Check DATABASE_URL and that the server runs.")
        return
    for check in CHECKS:
        yield from check()


def _folder() -> Iterator[Finding]:
    data = Path(settings.DATA)
    if not os.access(data, os.W_OK):
        yield bad(f"{data} cannot be written by this user. Give it to the user that runs Zaguán.")
    free = shutil.disk_usage(data).free // MIB
    if free < 500:
        yield bad(f"Only {free} MB are free on the disk of {data}. Make room, or mail cannot be stored.")
    else:
        yield good(f"{data} can be written; {free} MB are free.")
    key = data / "secret.key"
    if key.exists() and key.stat().st_mode & 0o077:
        yield bad(f"Others can read {key}. Run: chmod 600 {key}")
    if len(settings.SECRET_KEY) < 40:
        yield bad(
            "SECRET_KEY is shorter than 40 letters. Use a longer one; put the old one into SECRET_KEY_FALLBACKS."
        )


def _database() -> Iterator[Finding]:
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA journal_mode")
            mode = cursor.fetchone()[0]
            if mode != "wal":
                yield bad(
                    f"SQLite runs in mode {mode} instead of WAL; the data folder must not be a network share."
                )
            cursor.execute("PRAGMA quick_check(1)")
            if (answer := cursor.fetchone()[0]) != "ok":
                yield bad(f"The database file is damaged ({answer}). Restore the newest backup.")
        else:
            cursor.execute("SHOW server_version_num")
            if int(cursor.fetchone()[0]) < 150000:
                yield bad("PostgreSQL is older than 15. Upgrade it.")
    yield good(f"The database answers ({connection.vendor}).")
    if not health.migrated():
        yield bad("The database is not up to date. Run: zaguan migrate")


def _worker() -> Iterator[Finding]:
    state = health.look()
    if not state.worker:
        seen = (
            f"last seen {state.worker_seen_at:%Y-%m-%d %H:%M} UTC" if state.worker_seen_at else "never seen"
        )
        yield bad(f"No worker is running ({seen}). Start `zaguan serve` or `zaguan worker`.")
    else:
        yield good("A worker is running.")
    if state.queue_age > LONG_QUEUE:
        yield bad(
            f"Jobs have been waiting for {state.queue_age:.0f} s. Start another worker, or look into its log."
        )


def _jobs() -> Iterator[Finding]:
    for job in Job.objects.exclude(failed_at=None).order_by("-failed_at")[:5]:
        last = job.error.strip().splitlines()[-1] if job.error.strip() else "no reason given"
        yield bad(f"Job {job.pk} ({job.task or f'event {job.event_id}'}) failed for good: {last}")
    for turn in Turn.objects.exclude(error=""):
        yield bad(f"“{turn.name}” fails: {turn.error.strip().splitlines()[-1]}")


def _mail() -> Iterator[Finding]:
    if is_paused():
        yield bad(
            "Mail is paused after a restore: nothing is sent or fetched. When all looks right: zaguan resume"
        )
    for inbox in Inbox.objects.filter(is_active=True).exclude(last_error=""):
        yield bad(f"The inbox “{inbox.name}” fails: {inbox.last_error}")
    failed = RawMessage.objects.filter(state=RawMessage.State.FAILED).count()
    if failed:
        yield bad(f"{failed} received mails could not be read. They wait in the desk under “Failed mail”.")
    unknown = Delivery.objects.filter(state=Delivery.State.UNKNOWN).count()
    if unknown:
        yield bad(
            f"Of {unknown} sent mails nobody knows whether they arrived. The desk shows them; an agent decides."
        )
    yield from _outbox()


def _outbox() -> Iterator[Finding]:
    folder = Path(settings.OUTBOX_FOLDER)
    count = sum(1 for _ in folder.glob("*.eml")) if folder.exists() else 0
    if count:
        yield bad(
            f"{count} mails were written to {folder}, because their inbox has no mail server. Set one up."
        )


def _ports() -> Iterator[Finding]:
    for name, port in (("PORT", settings.PORT), ("SMTP_PORT", settings.SMTP_PORT)):
        if port and not _answers(port):
            yield bad(
                f"Nothing listens on {name} {port} of this machine. If it should: start `zaguan serve`."
            )


def _answers(port: int) -> bool:
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=1):
            return True
    except OSError:
        return False


def _people() -> Iterator[Finding]:
    if not Agent.objects.filter(is_active=True, role__is_admin=True).exists():
        yield bad("Nobody can administer this desk. Run: zaguan createadmin")


def _events() -> Iterator[Finding]:
    ahead = EventRecord.objects.filter(tx__gt=here()).exists() if connection.vendor == "postgresql" else False
    if ahead:
        yield bad(
            "Events carry transaction numbers of another server, so live updates may repeat. "
            "This comes from moving the database by other means than `zaguan restore`; "
            "run: UPDATE events_eventrecord SET tx = 0;"
        )


def _clock() -> Iterator[Finding]:
    newest = EventRecord.objects.order_by("-pk").values_list("at", flat=True).first()
    if newest and newest > timezone.now() + timedelta(minutes=2):
        yield bad("The newest event lies in the future: the clocks of your machines differ. Set them by NTP.")


def _ledger() -> Iterator[Finding]:
    newest = list(Ticket.objects.order_by("-pk").values_list("pk", flat=True)[:NEWEST])
    count = sum(1 for _ in differing(newest))
    if count and not Job.objects.filter(task=WORK, failed_at=None).exists():
        yield bad(
            f"{count} of the newest tickets count whose turn it was wrongly. Run: zaguan clocks --repair"
        )


Check = Callable[[], Iterator[Finding]]
CHECKS: list[Check] = [_worker, _jobs, _mail, _ports, _people, _events, _clock, _ledger]
