"""Signed calls to other programs: written down with the ticket as it was, sent by the worker, tried again for a while."""

from __future__ import annotations

import hashlib
import hmac
import json
import time
from datetime import timedelta
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.utils import timezone

from zaguan.automation.facts import RELATED
from zaguan.automation.models import WebhookCall
from zaguan.events.base import actor_of
from zaguan.events.pausing import is_paused
from zaguan.events.recording import cause
from zaguan.events.tasks import enqueue, task
from zaguan.lib.errors import Retry
from zaguan.lib.outgoing import Unreachable, fetch
from zaguan.lib.secrets import sign
from zaguan.tickets.models import Ticket

WORK = "automation.call_webhook"
# The waits between: 15 seconds, a minute … 3 hours.
MOST_ATTEMPTS, FIRST_WAIT, LONGEST_WAIT = 8, 15, 3 * 3600
SECONDS = 10.0
# After a restore nothing leaves until an administrator lets it: looked at again so often (R35).
PAUSE = timedelta(minutes=5)
# They may be asked again; all other refusals are final.
_LATER = (408, 425, 429)


def secret_for(url: str) -> str:
    """What signs the calls to this address; whoever is called needs it to check them."""
    return sign(url, purpose="webhook", length=40)


def signature(url: str, moment: int, body: str) -> str:
    """Over the moment and the body, so that nobody can send it again much later."""
    return hmac.new(secret_for(url).encode(), f"{moment}.{body}".encode(), hashlib.sha256).hexdigest()


def call_later(ticket_id: int, url: str, *, by: Any) -> WebhookCall:
    """Write a call down, with what it says; it goes out with the caller's transaction."""
    actor = actor_of(by)
    ticket = Ticket.objects.select_related(*RELATED).get(pk=ticket_id)
    body = {"event": cause(), "by": {"kind": actor.kind, "id": actor.id}, "ticket": told_of(ticket)}
    call = WebhookCall.objects.create(
        ticket_id=ticket_id,
        rule_id=actor.id if actor.kind == "rule" else None,
        url=url,
        body=json.dumps(body, cls=DjangoJSONEncoder, ensure_ascii=False),
    )
    enqueue(WORK, call=call.pk)
    return call


def told_of(ticket: Ticket) -> dict[str, Any]:
    """The ticket as other programs read it: never what was said."""

    def name(row: Any) -> str | None:
        return str(row) if row is not None else None

    plain = (
        "subject",
        "phase",
        "channel",
        "is_internal",
        "is_important",
        "version",
        "created_at",
        "updated_at",
    )
    return {
        "number": ticket.pk,
        "status": {"id": ticket.status_id, "name": name(ticket.status)},
        "team": name(ticket.team),
        "assignee": ticket.assignee.email if ticket.assignee else None,
        "requester": name(ticket.requester),
        "type": name(ticket.type),
        "category": name(ticket.category),
        "urgency": name(ticket.urgency),
        "service": name(ticket.service),
        "tags": [tag.name for tag in ticket.tags.all()],
    } | {field: getattr(ticket, field) for field in plain}


@task(WORK)
def send(call: int) -> None:
    """Try one call; once more later when nobody answered, never twice after it was heard."""
    found = WebhookCall.objects.filter(pk=call, state=WebhookCall.State.WAITING).first()
    if found is None:
        return
    if is_paused():
        enqueue(WORK, run_at=timezone.now() + PAUSE, call=call)
        return
    began = time.monotonic()
    status, error = _post(found)
    found.attempts = [
        *found.attempts,
        {
            "at": timezone.now().isoformat(),
            "status": status,
            "milliseconds": round((time.monotonic() - began) * 1000),
            "error": error,
        },
    ]
    found.state = _state_after(found, status)
    found.save(update_fields=["attempts", "state"])
    if found.state == WebhookCall.State.WAITING:
        wait = min(FIRST_WAIT * 4 ** (len(found.attempts) - 1), LONGEST_WAIT)
        raise Retry(error or f"HTTP {status}", after=wait)


def _post(call: WebhookCall) -> tuple[int, str]:
    moment = int(time.time())
    headers = {
        "Content-Type": "application/json; charset=utf-8",
        "X-Zaguan-Delivery": str(call.pk),
        "X-Zaguan-Signature": f"t={moment},v1={signature(call.url, moment, call.body)}",
    }
    try:
        answer = fetch(
            call.url, method="POST", body=call.body.encode(), headers=headers, seconds=SECONDS, largest=65_536
        )
    except Unreachable as unreachable:
        return 0, str(unreachable)[:300]
    return answer.status, "" if answer.ok else answer.body[:200].decode(errors="replace")


def _state_after(call: WebhookCall, status: int) -> str:
    if 200 <= status < 300:
        return WebhookCall.State.DONE
    final = 300 <= status < 500 and status not in _LATER
    if final or len(call.attempts) >= MOST_ATTEMPTS:
        return WebhookCall.State.FAILED
    return WebhookCall.State.WAITING
