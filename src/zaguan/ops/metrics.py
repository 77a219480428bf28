"""Figures for Prometheus, as text."""

from __future__ import annotations

import hmac
from collections.abc import Iterator, Sequence

from django.conf import settings
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from zaguan.conversations.models import Delivery, Inbox, RawMessage
from zaguan.desk.access import public
from zaguan.events.models import Job
from zaguan.ops.health import look
from zaguan.realtime.streams import hub

LOOPBACK = {"127.0.0.1", "::1"}
FORWARDED = ("X-Forwarded-For", "Forwarded", "X-Real-IP")
Figure = tuple[str, str, dict[str, str], float]


@public
def metrics(request: HttpRequest) -> HttpResponse:
    """For the bearer of METRICS_TOKEN; without one, for this machine only."""
    if not may_read(request):
        return HttpResponse("Give METRICS_TOKEN as bearer token.\n", status=403, content_type="text/plain")
    return HttpResponse(as_text(figures()), content_type="text/plain; version=0.0.4")


def may_read(request: HttpRequest) -> bool:
    """A proxy on this machine is not this machine: what it forwards needs the token."""
    if settings.METRICS_TOKEN:
        given = request.headers.get("Authorization", "").removeprefix("Bearer ").encode()
        return hmac.compare_digest(given, settings.METRICS_TOKEN.encode())
    forwarded = any(request.headers.get(name) for name in FORWARDED)
    return request.META.get("REMOTE_ADDR") in LOOPBACK and not forwarded


def figures() -> Iterator[Figure]:
    """Name, what it says, labels, value."""
    health = look()
    yield "zaguan_up", "1 when database, migrations and worker are fine", {}, int(health.is_ready())
    if not health.database:
        return
    yield "zaguan_queue_age_seconds", "How long the oldest due job has been waiting", {}, health.queue_age
    yield "zaguan_jobs", "Jobs by state", {"state": "waiting"}, Job.objects.filter(failed_at=None).count()
    yield "zaguan_jobs", "Jobs by state", {"state": "failed"}, health.failed_jobs
    if health.worker_seen_at:
        silent = (timezone.now() - health.worker_seen_at).total_seconds()
        yield "zaguan_worker_silent_seconds", "Since a worker last said that it lives", {}, silent
    yield from _mail()
    yield "zaguan_live_streams", "Open live streams of this process", {}, len(hub.streams)


def _mail() -> Iterator[Figure]:
    unfinished = [state for state in Delivery.State if state not in ("sent", "delivered", "read")]
    yield from _by_state(
        "zaguan_deliveries", "Deliveries that are not over well, by state", Delivery, unfinished
    )
    raw_states = [state for state in RawMessage.State if state != RawMessage.State.PROCESSED]
    yield from _by_state(
        "zaguan_raw_messages", "Received mail that is no message yet, by state", RawMessage, raw_states
    )
    for inbox in Inbox.objects.filter(is_active=True).exclude(last_success_at=None):
        assert inbox.last_success_at is not None
        silent = (timezone.now() - inbox.last_success_at).total_seconds()
        yield "zaguan_inbox_silent_seconds", "Since an inbox was last reached", {"inbox": inbox.name}, silent


def _by_state(
    name: str, about: str, model: type[Delivery | RawMessage], states: Sequence[str]
) -> Iterator[Figure]:
    rows = model._default_manager.filter(state__in=states).values_list("state").annotate(count=Count("pk"))
    counted = dict(rows)
    for state in states:
        yield name, about, {"state": str(state)}, counted.get(str(state), 0)


def as_text(found: Iterator[Figure]) -> str:
    """In Prometheus' own form."""
    lines: list[str] = []
    told: set[str] = set()
    for name, about, labels, value in found:
        if name not in told:
            told.add(name)
            lines += [f"# HELP {name} {about}", f"# TYPE {name} gauge"]
        inside = ",".join(f'{key}="{_escaped(text)}"' for key, text in labels.items())
        lines.append(f"{name}{{{inside}}} {value:g}" if inside else f"{name} {value:g}")
    return "\n".join(lines) + "\n"


def _escaped(text: str) -> str:
    return text.replace("\\", r"\\").replace('"', r"\"").replace("\n", r"\n")
